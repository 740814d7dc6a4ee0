package dev.backprop.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeptWarningsTest {

  @Test
  void keepsAHundredAndTellsHowManyMoreThereWere() {
    List<String> kept = KeptWarnings.of(IntStream.range(0, 1234).mapToObj(i -> "w" + i).toList());

    assertThat(kept).hasSize(100).startsWith("w0", "w1").endsWith("w98", "and 1135 more");
    assertThat(KeptWarnings.of(kept)).isEqualTo(kept);
  }

  @Test
  void cutsWhatIsLong() {
    List<String> kept = KeptWarnings.of(List.of("short", "x".repeat(1_000_000)));

    assertThat(kept.getFirst()).isEqualTo("short");
    assertThat(kept.getLast()).hasSize(1000).endsWith("x…");
    assertThat(KeptWarnings.of(kept)).isEqualTo(kept);
  }
}
