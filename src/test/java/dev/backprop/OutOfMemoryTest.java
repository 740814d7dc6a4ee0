package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A process whose memory is full ends, whoever meets the error and whatever has become of it. Each
/// in a virtual machine of its own, without an option that says so.
class OutOfMemoryTest {

  @ParameterizedTest
  @CsvSource({"thread, 48m", "virtual-thread, 48m", "pool, 48m", "logged, 48m", "request, 128m"})
  void endsTheProcess(String where, String heap) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                OutOfMemoryApplication.class.getName(),
                where)
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(printed).isEqualTo(3);
    assertThat(printed).contains("The memory is full: the process ends with code 3");
  }
}
