package dev.backprop.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import org.springframework.beans.factory.annotation.Autowired;

/// The whole service with its trainings at hand.
abstract class JobServiceTest extends ServiceTest {

  @Autowired TrainingJobs jobs;
  @Autowired MemoryLedger ledger;

  /// Waits until a training runs and has an epoch behind it.
  void awaitFirstEpoch(String id) throws InterruptedException {
    TrainingJob job = jobs.find(id).orElseThrow();
    assertThat(job.await(0, 0, PATIENCE, () -> false).epochs()).isNotEmpty();
  }
}
