package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What of others is in the jar, and under which licences.
class ThirdPartyTest {
  private static final Path DOCUMENT = Path.of("THIRD-PARTY.md");

  /// One of these must be among a component's licences. The LGPL is not: it must stand beside one.
  private static final Set<String> ALLOWED =
      Set.of(
          "Apache-2.0",
          "MIT",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "ISC",
          "0BSD",
          "EPL-1.0",
          "EPL-2.0",
          "PostgreSQL",
          "GPL-2.0-with-classpath-exception");

  private static final Set<String> ALLOWED_IN_TESTS =
      Stream.concat(ALLOWED.stream(), Stream.of("MPL-2.0")).collect(Collectors.toSet());

  private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dylib|dll|jnilib)(\\.\\d+)*");

  /// What a native file is, by the beginning of its name.
  private static final Map<String, String> NATIVES =
      Map.of(
          "libopenblas.", "OpenBLAS with LAPACK | BSD-3-Clause",
          "libjniopenblas", "bindings of OpenBLAS | Apache-2.0",
          "libjnijavacpp.", "JavaCPP | Apache-2.0",
          "libgfortran.", "GCC's Fortran runtime | GPL-3.0-or-later WITH GCC-exception-3.1",
          "libgcc_s.", "GCC's runtime | GPL-3.0-or-later WITH GCC-exception-3.1",
          "libquadmath.", "GCC's quad-precision mathematics | LGPL-2.1-or-later",
          "libsqlitejdbc.", "SQLite and its bindings | public domain, Apache-2.0",
          "sqlitejdbc.", "SQLite and its bindings | public domain, Apache-2.0",
          "libzstd-jni-", "Zstandard and its bindings | BSD-3-Clause, BSD-2-Clause");

  @Test
  void whatTheJarHasIsUnderAnAllowedLicence() throws IOException {
    assertThat(refused(Sbom.read("application.cdx.json"), ALLOWED)).isEmpty();
  }

  @Test
  void whatTheTestsHaveIsUnderAnAllowedLicence() throws IOException {
    assertThat(refused(Sbom.read("tests.cdx.json"), ALLOWED_IN_TESTS)).isEmpty();
  }

  @Test
  void whatIsNotAllowedIsRefused() {
    List<String> lgpl = List.of("LGPL-2.1-only");
    Sbom sbom =
        new Sbom(
            List.of(
                new Sbom.Component("a:alone", "1", lgpl, ""),
                new Sbom.Component("a:beside", "1", List.of("LGPL-2.1-only", "EPL-2.0"), ""),
                new Sbom.Component("a:mozilla", "1", List.of("MPL-2.0"), ""),
                new Sbom.Component("a:silent", "1", List.of(), "")));
    assertThat(refused(sbom, ALLOWED))
        .containsExactly("a:alone [LGPL-2.1-only]", "a:mozilla [MPL-2.0]", "a:silent []");
    assertThat(refused(sbom, ALLOWED_IN_TESTS))
        .containsExactly("a:alone [LGPL-2.1-only]", "a:silent []");
  }

  private static List<String> refused(Sbom sbom, Set<String> allowed) {
    return sbom.components().stream()
        .filter(component -> component.licences().stream().noneMatch(allowed::contains))
        .map(component -> component.name() + " " + component.licences())
        .toList();
  }

  /// Every jar that a test can load a class of is in the list of the tests, by its hash.
  @Test
  void theListHasEveryJarOfTheClassPath() throws IOException {
    Set<String> listed =
        Sbom.read("tests.cdx.json").components().stream()
            .map(Sbom.Component::sha256)
            .collect(Collectors.toSet());
    assertThat(jars()).isNotEmpty();
    for (Path jar : jars()) {
      // The console that a developer may run the tests with is none of theirs.
      if (!jar.getFileName().toString().startsWith("junit-platform-console")) {
        assertThat(listed).as("%s", jar).contains(sha256(Files.newInputStream(jar)));
      }
    }
  }

  /// After a change of the dependencies, `cp target/THIRD-PARTY.md .` makes it right.
  @Test
  void theDocumentListsEveryJarAndEveryNativeFile() throws IOException {
    List<Sbom.Component> shipped =
        Sbom.read("application.cdx.json").components().stream()
            .filter(component -> !component.ofWindows())
            .toList();
    List<String> document = Files.readAllLines(DOCUMENT);
    List<String> right =
        withRows(
            withRows(document, "component", shipped.stream().map(ThirdPartyTest::row).toList()),
            "file",
            natives(shipped));
    Files.write(Files.createDirectories(Path.of("target")).resolve(DOCUMENT), right);
    List<String> missing = new ArrayList<>(right);
    missing.removeAll(document);
    assertThat(missing).as("rows that are missing; cp target/THIRD-PARTY.md .").isEmpty();
    assertThat(document).isEqualTo(right);
  }

  private static String row(Sbom.Component component) {
    return "| %s | %s | %s | `%s` |"
        .formatted(
            component.name(),
            component.version(),
            String.join(" or ", component.licences()),
            component.sha256());
  }

  private static List<String> natives(List<Sbom.Component> shipped) throws IOException {
    Set<String> hashes = shipped.stream().map(Sbom.Component::sha256).collect(Collectors.toSet());
    Map<String, String> rows = new TreeMap<>();
    for (Path jar : jars()) {
      if (hashes.contains(sha256(Files.newInputStream(jar)))) {
        addNatives(jar, rows);
      }
    }
    return List.copyOf(rows.values());
  }

  private static void addNatives(Path path, Map<String, String> rows) throws IOException {
    try (JarFile jar = new JarFile(path.toFile())) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.versionedStream()::iterator) {
        String name = entry.getName();
        if (NATIVE.matcher(name).matches()) {
          String file = name.substring(name.lastIndexOf('/') + 1);
          String what =
              NATIVES.entrySet().stream()
                  .filter(known -> file.startsWith(known.getKey()))
                  .map(Map.Entry::getValue)
                  .findFirst()
                  .orElse("unknown | unknown");
          rows.put(
              name, "| %s | %s | `%s` |".formatted(name, what, sha256(jar.getInputStream(entry))));
        }
      }
    }
  }

  /// The document with other rows in one of its tables.
  private static List<String> withRows(List<String> document, String column, List<String> rows) {
    List<String> lines = new ArrayList<>();
    int line = 0;
    while (!document.get(line).startsWith("| " + column + " |")) {
      lines.add(document.get(line++));
    }
    lines.addAll(document.subList(line, line + 2));
    lines.addAll(rows);
    for (line += 2; document.get(line).startsWith("|"); line++) {
      // An old row.
    }
    lines.addAll(document.subList(line, document.size()));
    return lines;
  }

  private static Set<Path> jars() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .map(Path::of)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String sha256(InputStream content) throws IOException {
    try (content) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
