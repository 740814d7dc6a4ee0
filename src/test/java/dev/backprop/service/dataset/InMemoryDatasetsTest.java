package dev.backprop.service.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.problem.ProblemCode;
import org.junit.jupiter.api.Test;

class InMemoryDatasetsTest extends DatasetsContract {

  @Override
  Datasets datasets() {
    return new InMemoryDatasets(MAX_BYTES);
  }

  @Test
  void refusesWhatDoesNotFitNow() {
    add("one", 9_000);
    Reservation reservation = datasets.reserve();
    reservation.holds(1_000);

    assertThatThrownBy(() -> reservation.holds(1_001))
        .satisfies(
            thrown ->
                assertProblem(
                    thrown,
                    ProblemCode.REPOSITORY_FULL,
                    "tables hold 10000 of at most 10000 bytes (backprop.dataset.max-bytes), 1 more do not fit"));
    assertThat(reservation.bytes()).isEqualTo(1_000);
    datasets.delete("one");
    reservation.holds(MAX_BYTES);
    assertThat(datasets.bytesHeld()).isEqualTo(MAX_BYTES);
  }
}
