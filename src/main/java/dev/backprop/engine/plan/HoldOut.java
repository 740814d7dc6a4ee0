package dev.backprop.engine.plan;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.Split;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows that are held out once.
///
/// @param validation rows that are not taken from the data; null to take those of the split
record HoldOut(TrainingData data, @Nullable TrainingData validation, Split split) {

  /// Tables of fewer rows need all that are held out to end a training and to choose.
  private static final int ENOUGH_ROWS = 8_000;

  /// More rows say little more of how sure answers are, and would end trainings better.
  private static final int MOST_ROWS = 10_000;

  /// The data that they are rows of.
  TrainingData of() {
    return validation == null ? data : validation;
  }

  /// Those that end trainings and choose.
  int[] validating() {
    return validation == null
        ? split.validation()
        : Split.without(validation.unencoded().labelled(), split.calibration());
  }

  /// The rows that trained, and those that tell most of what is new: if there are such, the rows
  /// that neither ended the training nor chose, else those that did, else those of the test.
  Insights.Known known() {
    int[] calibrating = split.calibration();
    if (calibrating.length > 0) {
      return known(of(), calibrating, "calibration");
    }
    return validating().length > 0
        ? known(of(), validating(), "validation")
        : known(data, split.test(), "test");
  }

  private Insights.Known known(TrainingData heldOutData, int[] heldOut, String part) {
    return new Insights.Known(data, split.training(), heldOutData, List.of(heldOut), part);
  }

  /// The split with a third of them that does neither and calibrates alone, at most 10,000 rows. In
  /// small tables, and where keys of rows cannot be parted further, it is none.
  Split calibrating(long seed) {
    int rows = validating().length;
    if (data.rows() < ENOUGH_ROWS || rows < 2) {
      return split;
    }
    double fraction = Math.min(1 / 3.0, (double) MOST_ROWS / rows);
    int[] apart = of().calibrating(validating(), fraction, seed);
    return weighs(apart) && weighs(Split.without(validating(), apart))
        ? split.calibrating(apart)
        : split;
  }

  private boolean weighs(int[] rows) {
    Examples examples = of().unencoded();
    return Arrays.stream(rows).anyMatch(row -> examples.weight(row) > 0);
  }
}
