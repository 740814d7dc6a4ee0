package dev.backprop.service.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/// The files of the page: small, whole, and those of others as they were published.
class DashboardFilesTest {

  private static final Path FILES = Path.of("src/main/resources/static/page");
  private static final Path VENDORED = FILES.resolve("vendor");

  private static final int MOST_BYTES = 102_400;

  /// Of a module, so that it can be read as a whole.
  private static final int MOST_LINES = 200;

  private static final Pattern VENDORED_ROW =
      Pattern.compile("(?m)^\\| `(vendor/[^`]+)` \\|.*\\| `(\\p{XDigit}{64})` \\|$");

  private static final Pattern IMPORT =
      Pattern.compile("(?m)^(?:import|export) [^;]*? from '([^']+)';$");

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(FILES)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<Path> modules() throws IOException {
    return files().stream()
        .filter(file -> file.toString().endsWith(".js") && !file.startsWith(VENDORED))
        .toList();
  }

  private static long compressed(Path file) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream zip =
        new GZIPOutputStream(bytes) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      zip.write(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.size();
  }

  @Test
  void allOfThemAreSmallEnough() throws IOException {
    assertThat(files().stream().mapToLong(DashboardFilesTest::compressed).sum())
        .isLessThanOrEqualTo(MOST_BYTES);
  }

  @Test
  void thoseOfOthersAreAsTheyWerePublished() throws IOException, NoSuchAlgorithmException {
    Set<String> told = new TreeSet<>();
    Matcher rows = VENDORED_ROW.matcher(Files.readString(Path.of("THIRD-PARTY.md")));
    while (rows.find()) {
      Path file = FILES.resolve(rows.group(1));
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      assertThat(HexFormat.of().formatHex(hash)).as(file.toString()).isEqualTo(rows.group(2));
      told.add(file.toString());
    }
    try (Stream<Path> files = Files.list(VENDORED)) {
      assertThat(told).containsExactlyInAnyOrderElementsOf(files.map(Path::toString).toList());
    }
  }

  @Test
  void whatModulesImportIsThere() throws IOException {
    for (Path module : modules()) {
      Matcher imports = IMPORT.matcher(Files.readString(module));
      while (imports.find()) {
        assertThat(module.resolveSibling(imports.group(1)).normalize())
            .as("%s imports %s", module, imports.group(1))
            .isRegularFile();
      }
    }
  }

  @Test
  void modulesAreShortAndMakeNoMarkupOfTexts() throws IOException {
    for (Path module : modules()) {
      assertThat(Files.readAllLines(module)).as(module.toString()).hasSizeLessThan(MOST_LINES);
      assertThat(Files.readString(module))
          .as(module.toString())
          .doesNotContain("dangerouslySetInnerHTML", "innerHTML =", "eval(", "new Function");
    }
  }
}
