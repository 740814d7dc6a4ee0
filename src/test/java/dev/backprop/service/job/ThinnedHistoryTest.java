package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.nn.LayerFigures;
import dev.backprop.engine.training.EpochReport;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThinnedHistoryTest {

  /// Epochs whose training loss falls, and whose validation loss is the least in one of them.
  private static TrainingJob.Snapshot running(int epochs, int best) {
    TrainingJob job = Jobs.job("1");
    job.begin(Instant.EPOCH);
    IntStream.rangeClosed(1, epochs)
        .forEach(epoch -> job.onEpoch(epoch(epoch, 1.0 + Math.abs(epoch - best))));
    return job.snapshot(true);
  }

  private static EpochReport epoch(int epoch, double validationLoss) {
    return new EpochReport(
        epoch, 1.0 / epoch, validationLoss, null, null, null, null, List.of(), 0.001, 0.5);
  }

  private static List<Integer> epochs(TrainingJob.Snapshot job, int most) {
    return ThinnedHistory.of(job, most).stream().map(EpochReport::epoch).toList();
  }

  @Test
  void keepsTheLastTheBestTheFirstAndOthersEvenlyBetween() {
    TrainingJob.Snapshot job = running(1001, 333);
    assertThat(epochs(job, 1)).containsExactly(1001);
    assertThat(epochs(job, 2)).containsExactly(333, 1001);
    assertThat(epochs(job, 3)).containsExactly(1, 333, 1001);
    assertThat(epochs(job, 6)).containsExactly(1, 251, 333, 501, 751, 1001);
    assertThat(epochs(job, 100)).hasSize(100).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void ofAShortHistoryIsAll() {
    assertThat(epochs(running(4, 2), 5)).containsExactly(1, 2, 3, 4);
    assertThat(epochs(running(1, 1), 100)).containsExactly(1);
    assertThat(epochs(running(0, 1), 100)).isEmpty();
  }

  @Test
  void ofASuccessHasTheEpochThatIsServed() {
    TrainingJob job = Jobs.job("1");
    job.begin(Instant.EPOCH);
    IntStream.rangeClosed(1, 50).forEach(epoch -> job.onEpoch(epoch(epoch, epoch)));
    job.end(Jobs.succeeded(), Instant.EPOCH);
    assertThat(epochs(job.snapshot(true), 2)).containsExactly(Jobs.BEST_EPOCH, 50);
  }

  @Test
  void hasNoLayers() {
    List<LayerFigures> none = ThinnedHistory.of(running(3, 2), 2).getFirst().layers();
    assertThat(none).isNull();
  }
}
