package dev.backprop.service.job;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import dev.backprop.platform.limits.Budget;
import org.springframework.beans.factory.annotation.Autowired;

/// The whole service with its trainings at hand.
abstract class JobServiceTest extends ServiceTest {

  @Autowired Trainings trainings;
  @Autowired Budget trainingMemory;

  /// Waits until a training runs and has an epoch behind it.
  void awaitFirstEpoch(String id) throws InterruptedException {
    awaitEpoch(id, 1);
  }

  void awaitEpoch(String id, int epoch) throws InterruptedException {
    try (Trainings.Watch watch = trainings.watch(id, ANYBODY).orElseThrow()) {
      assertThat(
              watch
                  .job()
                  .await(
                      new TrainingJob.Seen(epoch - 1, 0, Integer.MAX_VALUE), PATIENCE, () -> false)
                  .epochs())
          .isNotEmpty();
    }
  }

  /// How many a training has behind it.
  int epochs(String id) {
    try (Trainings.Watch watch = trainings.watch(id, ANYBODY).orElseThrow()) {
      return watch.job().epochs();
    }
  }
}
