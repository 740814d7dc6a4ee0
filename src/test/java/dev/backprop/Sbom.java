package dev.backprop;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a list of CycloneDX says is in a jar.
///
/// @param components in the order of their names
record Sbom(List<Component> components) {
  private static final JsonMapper JSON = new JsonMapper();

  /// A jar.
  ///
  /// @param name group, artefact and classifier, with colons
  /// @param licences as identifiers of SPDX, or as the jar's POM says them; one of them can be
  ///   chosen
  /// @param sha256 in lower-case hexadecimal digits
  record Component(String name, String version, List<String> licences, String sha256) {
    /// Whether only the build for another platform has it.
    boolean ofWindows() {
      return name.contains(":windows-");
    }
  }

  /// The list of the build, on the class path of the tests.
  ///
  /// Maven makes none where it is told to stay offline (`-o`), though it could.
  static Sbom read(String resource) throws IOException {
    try (InputStream in = Sbom.class.getResourceAsStream("/META-INF/sbom/" + resource)) {
      if (in == null) {
        if (Boolean.getBoolean("backprop.test.offline")) {
          throw new TestAbortedException("Maven makes no list of components with -o");
        }
        throw new IOException(resource + " is missing: Maven makes it in `generate-resources`");
      }
      return new Sbom(
          JSON.readTree(in)
              .get("components")
              .valueStream()
              .map(Sbom::component)
              .sorted((a, b) -> a.name().compareTo(b.name()))
              .toList());
    }
  }

  private static Component component(JsonNode node) {
    String purl = node.get("purl").asString();
    int classifier = purl.indexOf("classifier=");
    String suffix =
        classifier < 0 ? "" : ":" + purl.substring(classifier + 11).replaceAll("&.*", "");
    return new Component(
        node.get("group").asString() + ":" + node.get("name").asString() + suffix,
        node.get("version").asString(),
        node.path("licenses").valueStream().flatMap(Sbom::licence).toList(),
        node.get("hashes")
            .valueStream()
            .filter(hash -> hash.get("alg").asString().equals("SHA-256"))
            .map(hash -> hash.get("content").asString())
            .findFirst()
            .orElseThrow());
  }

  private static Stream<String> licence(JsonNode choice) {
    JsonNode licence = choice.path("license");
    return Stream.of(choice.path("expression"), licence.path("id"), licence.path("name"))
        .filter(JsonNode::isString)
        .map(JsonNode::asString)
        .limit(1);
  }
}
