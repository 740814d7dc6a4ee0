package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The image says of itself what the build says of the jar.
class ImageLabelsTest {

  @Test
  void theImageHasTheVersionAndTheDescriptionOfTheJar() throws IOException {
    assertThat(label("version")).isEqualTo(element("version"));
    assertThat(label("title")).isEqualTo(element("name"));
    assertThat(label("description")).isEqualTo(element("description"));
  }

  private static String label(String name) throws IOException {
    return found("org\\.opencontainers\\.image\\." + name + "=\"(.*)\"", "Dockerfile");
  }

  /// One at the top of the project, by its indentation.
  private static String element(String name) throws IOException {
    return found("(?m)^  <" + name + ">(.*)</" + name + ">$", "pom.xml");
  }

  private static String found(String pattern, String file) throws IOException {
    Matcher found = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
    assertThat(found.find()).as("%s in %s", pattern, file).isTrue();
    return found.group(1);
  }
}
