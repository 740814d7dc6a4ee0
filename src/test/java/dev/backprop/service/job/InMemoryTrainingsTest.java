package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

class InMemoryTrainingsTest extends TrainingsContract {

  private final TrainingQueue queue = new TrainingQueue(CAPACITY, 100);
  private final MemoryLedger ledger = new MemoryLedger(MEMORY);
  private final JobRunner runner =
      new JobRunner(queue, ledger, Jobs.nobody(), Clock.systemUTC(), 1);

  @AfterEach
  void stop() throws InterruptedException {
    runner.stop(Duration.ZERO);
  }

  @Override
  Trainings trainings() {
    return new InMemoryTrainings(
        queue,
        runner,
        Clock.systemUTC(),
        (_, _) -> {
          throw new AssertionError("none is planned here");
        });
  }

  @Override
  void accept(Acceptance acceptance, TrainingWork work) {
    runner.submit(new TrainingJob(acceptance, work));
  }

  @Override
  void takeMemory(long bytes) {
    assertThat(ledger.tryTake(bytes)).isTrue();
  }

  @Override
  void giveMemoryBack(long bytes) {
    ledger.giveBack(bytes);
    queue.roomMade();
  }
}
