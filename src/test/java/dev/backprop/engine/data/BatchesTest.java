package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BatchesTest {

  private static final int[] ROWS = {2, 3, 5, 7, 11, 13, 17};

  @Test
  void theLastBatchMayBeSmaller() {
    Batches batches = new Batches(ROWS, 3, 1, 0);

    assertThat(batches.perEpoch()).isEqualTo(3);
    assertThat(new int[] {batches.from(0), batches.from(1), batches.from(2)})
        .containsExactly(0, 3, 6);
    assertThat(new int[] {batches.size(0), batches.size(1), batches.size(2)})
        .containsExactly(3, 3, 1);
    assertThat(new Batches(ROWS, 7, 1, 0).perEpoch()).isEqualTo(1);
  }

  @Test
  void tooSmallALastBatchJoinsTheOneBefore() {
    Batches batches = new Batches(ROWS, 3, 2, 0);

    assertThat(batches.perEpoch()).isEqualTo(2);
    assertThat(new int[] {batches.size(0), batches.size(1)}).containsExactly(3, 4);
    assertThat(batches.from(1)).isEqualTo(3);
    assertThat(batches.largest()).isEqualTo(4);
    assertThat(new Batches(ROWS, 2, 2, 0).largest()).isEqualTo(3);
    assertThat(new Batches(ROWS, 6, 2, 0).perEpoch()).isEqualTo(1);
    assertThat(new Batches(ROWS, 6, 2, 0).largest()).isEqualTo(7);
    // Large enough, or nothing before it.
    Batches five = new Batches(ROWS, 5, 2, 0);
    assertThat(new int[] {five.size(0), five.size(1)}).containsExactly(5, 2);
    assertThat(five.largest()).isEqualTo(5);
    assertThat(new Batches(ROWS, 7, 2, 0).size(0)).isEqualTo(7);
    assertThat(new Batches(new int[] {2}, 1, 2, 0).size(0)).isEqualTo(1);
    assertThat(Batches.largest(3, 32, 2)).isEqualTo(3);
  }

  @Test
  void everyEpochHasAllRowsInAnotherOrder() {
    Batches batches = new Batches(ROWS, 3, 1, 42);
    int[] first = batches.order(0).clone();
    int[] second = batches.order(1).clone();

    assertThat(first).containsExactlyInAnyOrder(ROWS).isNotEqualTo(second);
    assertThat(second).containsExactlyInAnyOrder(ROWS);
  }

  @Test
  void anEpochsOrderDependsOnNothingButSeedAndEpoch() {
    Batches batches = new Batches(ROWS, 3, 1, 42);
    int[] third = batches.order(2).clone();
    batches.order(9);

    assertThat(batches.order(2)).isEqualTo(third);
    assertThat(new Batches(ROWS, 5, 1, 42).order(2)).isEqualTo(third);
    assertThat(new Batches(ROWS, 3, 1, 43).order(2)).isNotEqualTo(third);
  }

  @Test
  void refusesBatchesOfNothing() {
    assertThatThrownBy(() -> new Batches(ROWS, 0, 1, 0))
        .hasMessage("batch size must be at least 1, was 0");
  }
}
