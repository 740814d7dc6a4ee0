package dev.backprop.service.dataset;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.storage.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InMemoryDatasetStoreTest extends DatasetStoreContract {

  private @Nullable DatasetStore store;

  @Override
  Datasets datasets() {
    if (store == null) {
      store = new InMemoryDatasetStore();
    }
    return new Datasets(store, UnitOfWork.DIRECT, Datasets.budget(DatasetFixtures.MAX_BYTES));
  }

  @Test
  void refusesWhatDoesNotFitNow() {
    Datasets datasets = datasets();
    DatasetFixtures.add(datasets, "one", 9_000);
    Budget.Claim claim = datasets.reserve();
    claim.holds(1_000);

    assertThatThrownBy(() -> claim.holds(1_001))
        .satisfies(
            thrown ->
                DatasetFixtures.assertProblem(
                    thrown,
                    ProblemCode.REPOSITORY_FULL,
                    "tables hold 10000 of at most 10000 bytes (backprop.dataset.max-bytes), 1 more do not fit"));
    assertThat(claim.bytes()).isEqualTo(1_000);
    datasets.delete("one", ANYBODY);
    claim.holds(DatasetFixtures.MAX_BYTES);
    assertThat(datasets.bytesHeld()).isEqualTo(DatasetFixtures.MAX_BYTES);
  }
}
