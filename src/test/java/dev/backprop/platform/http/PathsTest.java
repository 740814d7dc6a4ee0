package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PathsTest {

  @Test
  void noOtherFileSaysWhereTheApiIs() throws IOException {
    List<Path> saying = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file).contains("/api/v")) {
          saying.add(file.getFileName());
        }
      }
    }
    assertThat(saying).containsExactly(Path.of("Paths.java"));
  }
}
