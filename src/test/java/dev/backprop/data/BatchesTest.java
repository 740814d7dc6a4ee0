package dev.backprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BatchesTest {

  private static final int[] ROWS = {2, 3, 5, 7, 11, 13, 17};

  @Test
  void theLastBatchMayBeSmaller() {
    Batches batches = new Batches(ROWS, 3, 0);

    assertThat(batches.perEpoch()).isEqualTo(3);
    assertThat(new int[] {batches.from(0), batches.from(1), batches.from(2)})
        .containsExactly(0, 3, 6);
    assertThat(new int[] {batches.size(0), batches.size(1), batches.size(2)})
        .containsExactly(3, 3, 1);
    assertThat(new Batches(ROWS, 7, 0).perEpoch()).isEqualTo(1);
  }

  @Test
  void everyEpochHasAllRowsInAnotherOrder() {
    Batches batches = new Batches(ROWS, 3, 42);
    int[] first = batches.order(0).clone();
    int[] second = batches.order(1).clone();

    assertThat(first).containsExactlyInAnyOrder(ROWS).isNotEqualTo(second);
    assertThat(second).containsExactlyInAnyOrder(ROWS);
  }

  @Test
  void anEpochsOrderDependsOnNothingButSeedAndEpoch() {
    Batches batches = new Batches(ROWS, 3, 42);
    int[] third = batches.order(2).clone();
    batches.order(9);

    assertThat(batches.order(2)).isEqualTo(third);
    assertThat(new Batches(ROWS, 5, 42).order(2)).isEqualTo(third);
    assertThat(new Batches(ROWS, 3, 43).order(2)).isNotEqualTo(third);
  }

  @Test
  void refusesBatchesOfNothing() {
    assertThatThrownBy(() -> new Batches(ROWS, 0, 0))
        .hasMessage("batch size must be at least 1, was 0");
  }
}
