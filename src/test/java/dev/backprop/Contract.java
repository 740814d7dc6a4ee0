package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The description of the API, which answers are held against: an operation, a status, a type of
/// content and fields that it does not know are faults.
public final class Contract {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String HERE = "urn:backprop:api";
  private static final Pattern VARIABLE = Pattern.compile("\\{[^}]+}");

  private final JsonNode document;
  private final Map<String, Pattern> paths;
  private final SchemaRegistry registry;
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  /// @param document as `/v3/api-docs` answers it
  public Contract(String document) {
    JsonNode read = JSON.readTree(document);
    read.at("/components/schemas").forEach(Contract::close);
    this.document = read;
    this.paths =
        read.path("paths").propertyNames().stream()
            .collect(
                Collectors.toMap(
                    path -> path,
                    path -> Pattern.compile(VARIABLE.matcher(path).replaceAll("[^/]+"))));
    this.registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemas(Map.of(HERE, read.toString())));
  }

  /// A field that the description does not name is allowed to clients, but we are to name it.
  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.has("properties")
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
  }

  /// Holds an answer against the description. Without an operation for it, it must be a problem.
  ///
  /// @param path without a query
  /// @param type the content type; null if there is none
  public void check(String method, String path, int status, @Nullable String type, String content) {
    String said = "%s %s: %d %s".formatted(method, path, status, type);
    String operation = operation(method, path);
    if (operation == null) {
      assertThat(status).as(said + ", of no operation").isGreaterThanOrEqualTo(400);
      checkContent(said, "/components/schemas/Problem", content);
      return;
    }
    String response = response(operation, status);
    assertThat(response).as(said + " is not described").isNotNull();
    JsonNode contents = document.at(response).path("content");
    if (contents.isEmpty()) {
      assertThat(content).as(said).isEmpty();
      return;
    }
    String media = Objects.requireNonNull(type, said).split(";", -1)[0].strip();
    assertThat(contents.propertyNames()).as(said).contains(media);
    if (media.endsWith("/json") || media.endsWith("+json")) {
      checkContent(said, response + "/content/" + escaped(media) + "/schema", content);
    }
  }

  /// Holds a body of JSON against the description.
  public void checkRequest(String method, String path, String content) {
    String said = "the body of %s %s".formatted(method, path);
    String body = followed(Objects.requireNonNull(operation(method, path), said) + "/requestBody");
    checkContent(said, body + "/content/application~1json/schema", content);
  }

  /// @return its pointer in the document; null if there is none
  private @Nullable String operation(String method, String path) {
    return paths.entrySet().stream()
        .filter(known -> known.getValue().matcher(path).matches())
        .map(
            known ->
                "/paths/%s/%s".formatted(escaped(known.getKey()), method.toLowerCase(Locale.ROOT)))
        .filter(pointer -> !document.at(pointer).isMissingNode())
        .findFirst()
        .orElse(null);
  }

  /// @return its pointer in the document, with references followed; null if there is none
  private @Nullable String response(String operation, int status) {
    return Stream.of(Integer.toString(status), status / 100 + "XX", "default")
        .map(code -> operation + "/responses/" + code)
        .filter(pointer -> !document.at(pointer).isMissingNode())
        .map(this::followed)
        .findFirst()
        .orElse(null);
  }

  private String followed(String pointer) {
    String reference = document.at(pointer).path("$ref").asString("");
    return reference.isEmpty() ? pointer : reference.substring(1);
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private void checkContent(String said, String pointer, String content) {
    List<Error> errors =
        schemas
            .computeIfAbsent(pointer, p -> registry.getSchema(SchemaLocation.of(HERE + "#" + p)))
            .validate(content, InputFormat.JSON);
    assertThat(errors).as("%s%n%.2000s", said, content).isEmpty();
  }
}
