package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// The service as it starts when it is told nothing but the directory of its data.
@SpringBootTest
@DirtiesContext
class SmokeTest {

  @TempDir static Path data;

  @DynamicPropertySource
  static void dataDirectory(DynamicPropertyRegistry registry) {
    registry.add("backprop.data-directory", () -> data);
  }

  @Test
  void keepsItsDataInItsDirectory() {
    assertThat(data.resolve("backprop.db")).isNotEmptyFile();
  }
}
