package dev.backprop.engine.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocationTest {

  private static final List<String> CASES =
      List.of(
          "steps tiny allocate nothing",
          "steps narrow allocate nothing",
          "steps wide allocate nothing",
          "steps mixed allocate nothing",
          "steps bounded allocate nothing",
          "steps table allocate nothing",
          "steps members allocate nothing",
          "steps periodic allocate nothing",
          "iterations lbfgs allocate nothing",
          "predictions narrow allocate nothing",
          "predictions wide allocate nothing",
          "predictions table allocate nothing",
          "predictions members allocate nothing",
          "predictions periodic allocate nothing");

  /// Virtual machines to try. Which calls a compiler inlines is left to chance, and a slice of an
  /// array whose calls it does not inline is an object at every product. Code that allocates by
  /// itself does so in all of them.
  private static final int MACHINES = 3;

  /// In a virtual machine of its own: what measures the coverage of tests changes what code
  /// allocates.
  @Test
  void stepsAndPredictionsAllocateNothingButAnswers() throws IOException, InterruptedException {
    List<String> printed = List.of();
    for (int i = 0; i < MACHINES && !printed.equals(CASES); i++) {
      printed = probe();
    }
    assertThat(printed).isEqualTo(CASES);
  }

  private static List<String> probe() throws IOException, InterruptedException {
    Process probe =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                AllocationProbe.class.getName())
            .redirectErrorStream(true)
            .start();
    List<String> printed =
        new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertThat(probe.waitFor()).as("%s", printed).isZero();
    return printed;
  }
}
