package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.training.EpochReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingJobTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final TrainingJob job = Jobs.job("1");

  @Test
  void tellsAReaderWhatItMissedAFewEpochsAtATime() throws InterruptedException {
    int epochs = TrainingJob.EPOCHS_AT_A_TIME + 20;
    for (int epoch = 1; epoch <= epochs; epoch++) {
      job.onEpoch(Jobs.epoch(epoch));
    }
    end();

    TrainingJob.News first =
        job.await(new TrainingJob.Seen(10, 0, Integer.MAX_VALUE), PATIENCE, () -> false);
    assertThat(first.epochs()).hasSize(TrainingJob.EPOCHS_AT_A_TIME);
    assertThat(first.epochs().getFirst().epoch()).isEqualTo(11);
    assertThat(first.ended()).isFalse();
    TrainingJob.News rest =
        job.await(new TrainingJob.Seen(110, 0, Integer.MAX_VALUE), PATIENCE, () -> false);
    assertThat(rest.epochs()).extracting(EpochReport::epoch).startsWith(111).endsWith(120);
    assertThat(rest.ended()).isTrue();
    assertThat(
            job.await(new TrainingJob.Seen(120, 0, Integer.MAX_VALUE), PATIENCE, () -> false)
                .epochs())
        .isEmpty();
  }

  @Test
  void wakesAReaderWhenAnEpochEnds() throws InterruptedException {
    Thread worker = Thread.ofVirtual().start(() -> job.onEpoch(Jobs.epoch(1)));

    assertThat(
            job.await(new TrainingJob.Seen(0, 0, Integer.MAX_VALUE), PATIENCE, () -> false)
                .epochs())
        .hasSize(1);
    worker.join();
  }

  @Test
  void answersAnImpatientReaderWithNothing() throws InterruptedException {
    TrainingJob.News news =
        job.await(new TrainingJob.Seen(0, 0, Integer.MAX_VALUE), Duration.ofMillis(1), () -> false);

    assertThat(news.epochs()).isEmpty();
    assertThat(news.ended()).isFalse();
  }

  @Test
  void letsAReaderGiveUp() throws InterruptedException {
    assertThat(
            job.await(new TrainingJob.Seen(0, 0, Integer.MAX_VALUE), Duration.ofDays(1), () -> true)
                .ended())
        .isFalse();
  }

  private static CrossValidationResult.Fold fold(int fold, int bestEpoch) {
    return new CrossValidationResult.Fold(fold, 3, bestEpoch + 10, bestEpoch, Map.of("loss", 1.0));
  }

  @Test
  void tellsOfFoldsInTheOrderInWhichTheyEnd() throws InterruptedException {
    TrainingJob validated = Jobs.job("1", 3, 2);
    validated.onFold(fold(2, 7));
    assertThat(
            validated
                .await(new TrainingJob.Seen(0, 0, Integer.MAX_VALUE), PATIENCE, () -> false)
                .folds())
        .containsExactly(fold(2, 7));
    assertThat(
            validated
                .await(
                    new TrainingJob.Seen(0, 1, Integer.MAX_VALUE),
                    Duration.ofMillis(1),
                    () -> false)
                .folds())
        .isEmpty();
    validated.onFold(fold(1, 9));
    validated.onEpoch(Jobs.epoch(1));
    TrainingJob.News news =
        validated.await(new TrainingJob.Seen(0, 1, Integer.MAX_VALUE), PATIENCE, () -> false);
    assertThat(news.folds()).containsExactly(fold(1, 9));
    assertThat(news.epochs()).hasSize(1);
  }

  @Test
  void tellsTheLatestEpochOfEachFold() throws InterruptedException {
    TrainingJob validated = Jobs.job("1", 3, 2);
    validated.begin(Instant.EPOCH);
    validated.onFoldEpoch(1, Jobs.epoch(1));
    validated.onFoldEpoch(2, Jobs.epoch(1));
    validated.onFoldEpoch(1, Jobs.epoch(2));

    TrainingJob.News first = validated.await(new TrainingJob.Seen(0, 0, 0), PATIENCE, () -> false);
    assertThat(first.foldEpochs())
        .containsExactly(
            new FoldProgress.FoldEpoch(null, 2, 1, 100, 1.0, null),
            new FoldProgress.FoldEpoch(null, 1, 2, 100, 0.5, null));
    Thread worker = Thread.ofVirtual().start(() -> validated.onFoldEpoch(3, Jobs.epoch(1)));
    TrainingJob.News next =
        validated.await(new TrainingJob.Seen(0, 0, first.told()), PATIENCE, () -> false);
    assertThat(next.foldEpochs())
        .containsExactly(new FoldProgress.FoldEpoch(null, 3, 1, 100, 1.0, null));
    worker.join();
  }

  private static TrainingResource.Progress progress(TrainingJob job) {
    return TrainingResource.of(job.snapshot(false)).progress();
  }

  /// Three folds of at most 100 epochs, two of them at once, half a second an epoch; then the last
  /// fit, which has half as many rows again.
  @Test
  void foldsCountInItsProgress() {
    TrainingJob validated = Jobs.job("1", 3, 2);
    validated.begin(Instant.EPOCH);
    assertThat(progress(validated))
        .isEqualTo(
            new TrainingResource.Progress(
                0, 100, 0, null, null, new TrainingResource.Progress.Folds(3, 0, 0, null)));

    for (int epoch = 1; epoch <= 20; epoch++) {
      validated.onFoldEpoch(1, Jobs.epoch(epoch));
      validated.onFoldEpoch(2, Jobs.epoch(epoch));
    }
    // One thread has 80 epochs left, the other 80 and the 100 of the third fold. Then come 100.
    assertThat(progress(validated))
        .isEqualTo(
            new TrainingResource.Progress(
                0,
                100,
                0.1,
                null,
                0.5 * 180 + 0.75 * 100,
                new TrainingResource.Progress.Folds(3, 0, 40, null)));

    validated.onFold(fold(2, 10));
    validated.onFold(fold(1, 14));
    // The third is expected to run as long as the others did, the last fit as long as these found
    // best.
    assertThat(progress(validated))
        .isEqualTo(
            new TrainingResource.Progress(
                0,
                100,
                0.5,
                null,
                0.5 * 22 + 0.75 * 10,
                new TrainingResource.Progress.Folds(3, 2, 40, null)));

    validated.onFold(fold(3, 12));
    assertThat(progress(validated).epochs()).isEqualTo(12);
    assertThat(progress(validated).fraction()).isEqualTo(0.75);
    for (int epoch = 1; epoch <= 6; epoch++) {
      validated.onEpoch(Jobs.epoch(epoch));
    }
    assertThat(progress(validated))
        .isEqualTo(
            new TrainingResource.Progress(
                6, 12, 0.875, 20.0, 0.5 * 6, new TrainingResource.Progress.Folds(3, 3, 40, null)));
  }

  private void end() {
    job.end(Jobs.succeeded(), Instant.EPOCH);
  }
}
