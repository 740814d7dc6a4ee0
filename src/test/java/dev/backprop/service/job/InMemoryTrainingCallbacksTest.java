package dev.backprop.service.job;

import static dev.backprop.service.job.Jobs.MEMORY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.webhook.CallbackStore;
import dev.backprop.service.webhook.CallbacksOfAProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InMemoryTrainingCallbacksTest extends CallbackStoreContract {

  private final Datasets datasets = Datasets.inMemory(1 << 20);
  private final InMemoryTrainingStore store = new InMemoryTrainingStore(1, 3, MEMORY, datasets);
  private final Harness process = new Harness(store, datasets, MEMORY, Jobs.nobody(), clock, 3);

  @Override
  Harness process() {
    return process;
  }

  @Override
  CallbackStore callbacks() {
    return store.callbacks();
  }

  /// Nobody else will tell of them.
  @Test
  void thoseThatTheStopEndsAreToldAtTheStop() throws InterruptedException {
    CallbacksOfAProcess callbacks = new CallbacksOfAProcess(callbacks(), clock);
    accept("a", receiver.url("/"));

    process.trainings.stop(Duration.ZERO);
    callbacks.stop(Jobs.PATIENCE);

    assertThat(receiver.all()).hasSize(1);
  }
}
