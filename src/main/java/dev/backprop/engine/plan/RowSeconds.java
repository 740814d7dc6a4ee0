package dev.backprop.engine.plan;

import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.scoring.Scorer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Measures how long a model takes for a row: from its cells to its answer, among others, on one
/// thread. The least of a few times is the one that least else had a share in.
final class RowSeconds {

  private static final int TIMES = 3;

  private RowSeconds() {}

  /// @param data that the model learned from
  /// @return null if the clock stands still
  static @Nullable Double of(Predictor predictor, TrainingData data, InstantSource clock) {
    int[] known = data.unencoded().labelled();
    int[] which = new int[Scorer.BLOCK];
    Arrays.setAll(which, i -> known[i % known.length]);
    PredictorRows rows = data.rows(predictor);
    long least = Long.MAX_VALUE;
    for (int time = 0; time < TIMES; time++) {
      Instant start = clock.instant();
      predictor.evaluate(rows, which);
      least = Math.min(least, Duration.between(start, clock.instant()).toNanos());
    }
    return least > 0 ? least / 1e9 / which.length : null;
  }
}
