package dev.backprop.service.job;

import dev.backprop.engine.training.EpochReport;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// A few epochs of a history, to draw it small: the last, the best, the first, and others evenly
/// between them.
final class ThinnedHistory {

  static final int MOST = 100;

  /// How many epochs are read for one list, all histories together. What would come after these has
  /// none.
  static final int MOST_READ = 50_000;

  private ThinnedHistory() {}

  /// @param job with its history
  /// @param most at least 1
  static List<EpochReport> of(TrainingJob.Snapshot job, int most) {
    List<EpochReport> history = Objects.requireNonNull(job.history());
    if (history.isEmpty()) {
      return List.of();
    }
    TreeSet<Integer> kept = new TreeSet<>(List.of(history.size() - 1));
    if (most > 1) {
      kept.add(best(job, history));
    }
    // One place is the best's.
    int evenly = Math.min(most - 1, history.size());
    IntStream.range(0, evenly > 1 ? evenly : 0)
        .mapToObj(i -> (int) ((long) i * (history.size() - 1) / (evenly - 1)))
        .forEach(kept::add);
    return kept.stream().map(place -> history.get(place).withoutLayers()).toList();
  }

  /// The place of the epoch that is served, or of the one that would be if none were named.
  private static int best(TrainingJob.Snapshot job, List<EpochReport> history) {
    EpochReport shown = job.shown();
    if (job.state() == JobState.SUCCEEDED && shown != null) {
      return Math.min(shown.epoch(), history.size()) - 1;
    }
    return IntStream.range(0, history.size())
        .boxed()
        .min(Comparator.comparingDouble(place -> loss(history.get(place))))
        .orElseThrow();
  }

  private static double loss(EpochReport report) {
    return report.validationLoss() == null ? report.trainLoss() : report.validationLoss();
  }
}
