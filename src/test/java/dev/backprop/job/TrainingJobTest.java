package dev.backprop.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.job.Jobs.StepByStep;
import dev.backprop.training.EpochReport;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TrainingJobTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final TrainingJob job = Jobs.job("1", StepByStep.succeeding());

  @Test
  void tellsAReaderWhatItMissedAFewEpochsAtATime() throws InterruptedException {
    int epochs = TrainingJob.EPOCHS_AT_A_TIME + 20;
    for (int epoch = 1; epoch <= epochs; epoch++) {
      job.onEpoch(Jobs.epoch(epoch));
    }
    end();

    TrainingJob.News first = job.await(10, PATIENCE, () -> false);
    assertThat(first.epochs()).hasSize(TrainingJob.EPOCHS_AT_A_TIME);
    assertThat(first.epochs().getFirst().epoch()).isEqualTo(11);
    assertThat(first.ended()).isFalse();
    TrainingJob.News rest = job.await(110, PATIENCE, () -> false);
    assertThat(rest.epochs()).extracting(EpochReport::epoch).startsWith(111).endsWith(120);
    assertThat(rest.ended()).isTrue();
    assertThat(job.await(120, PATIENCE, () -> false).epochs()).isEmpty();
  }

  @Test
  void wakesAReaderWhenAnEpochEnds() throws InterruptedException {
    Thread worker = Thread.ofVirtual().start(() -> job.onEpoch(Jobs.epoch(1)));

    assertThat(job.await(0, PATIENCE, () -> false).epochs()).hasSize(1);
    worker.join();
  }

  @Test
  void answersAnImpatientReaderWithNothing() throws InterruptedException {
    TrainingJob.News news = job.await(0, Duration.ofMillis(1), () -> false);

    assertThat(news.epochs()).isEmpty();
    assertThat(news.ended()).isFalse();
  }

  @Test
  void letsAReaderGiveUp() throws InterruptedException {
    assertThat(job.await(0, Duration.ofDays(1), () -> true).ended()).isFalse();
  }

  @Test
  void ofSeveralWhoWouldEndItOneDoes() {
    assertThat(job.claimEnd()).isNotNull();
    assertThat(job.claimEnd()).isNull();
  }

  @Test
  void doesNotStartOnceItHasBeenCancelled() {
    job.cancel(TrainingJob.CancelReason.REQUEST);

    assertThat(job.start(Instant.EPOCH)).isNull();
    assertThat(job.complete()).isFalse();
  }

  private void end() {
    job.claimEnd();
    job.end(Jobs.succeeded(), Instant.EPOCH);
  }
}
