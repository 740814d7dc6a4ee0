package dev.backprop.engine.plan;

import dev.backprop.engine.data.EqualRows;
import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to be said of the parts of the data before anything learns from them.
final class SplitWarnings {

  /// Of a hundred held-out rows as many may be equal to training rows without a word.
  private static final int PERCENT_UNSAID = 1;

  private final TrainingData data;
  private final Split split;
  private final FitSpec spec;
  private final TrainingSpec training;
  private final List<String> warnings = new ArrayList<>();

  /// @param spec resolved
  private SplitWarnings(TrainingData data, Split split, FitSpec spec) {
    this.data = data;
    this.split = split;
    this.spec = spec;
    this.training = spec.training();
  }

  /// @param split of the data
  /// @param spec resolved
  static List<String> of(TrainingData data, Split split, FitSpec spec) {
    return new SplitWarnings(data, split, spec).all();
  }

  private List<String> all() {
    int heldOut = split.validation().length + split.test().length;
    Folds folds = Procedure.of(spec).deal(data, split, training.seed());
    SplitSpec by = data.splitBy();
    if (by != null) {
      if (heldOut == 0 && folds == null) {
        warnings.add(
            "data.split parts nothing: validationFraction and testFraction are 0, all %d rows train"
                .formatted(split.training().length));
      }
      size(by, "validation", split.validation(), training.validationFraction());
      size(by, "test", split.test(), training.testFraction());
      classes(by);
    }
    if (heldOut > 0) {
      equalRows(
          data.equalRows().across(split),
          heldOut,
          "%d of the %d held-out rows%s are equal to training rows");
    }
    if (folds != null) {
      equalRows(
          data.equalRows().across(folds),
          heldOut(folds),
          "%d of the %d rows that folds hold out%s are equal to rows that train for the fold");
    }
    return warnings;
  }

  private static int heldOut(Folds folds) {
    int rows = 0;
    for (int fold = 0; fold < folds.count(); fold++) {
      rows += folds.split(fold).validation().length;
    }
    return rows;
  }

  /// If values have many rows each, a part may be of quite another size than was asked for.
  private void size(SplitSpec by, String part, int[] rows, @Nullable Double fraction) {
    int all = split.training().length + split.validation().length + split.test().length;
    double asked = fraction == null ? 0 : fraction * all;
    if (asked > 0 && (rows.length > 2 * Math.max(1, asked) || 2 * rows.length < asked)) {
      warnings.add(
          "the %s part has %d of the %d rows, a fraction of %s was asked for: rows that have the same '%s' stay together"
              .formatted(part, rows.length, all, fraction, by.column()));
    }
  }

  /// Rows that are drawn by themselves leave every class a training row; others may not.
  private void classes(SplitSpec by) {
    if (!(data.target() instanceof Target.Classes(_, List<Label> classes))) {
      return;
    }
    Examples examples = data.unencoded();
    int[] train = count(examples, split.training(), classes.size());
    int[] validate = count(examples, split.validation(), classes.size());
    int[] test = count(examples, split.test(), classes.size());
    for (int c = 0; c < train.length; c++) {
      int held = validate[c] + test[c];
      if (train[c] == 0 && held > 0) {
        warnings.add(
            "class '%s' has 0 training rows and %d held-out ones, as '%s' parts them: nothing is learned of it"
                .formatted(classes.get(c), held, by.column()));
      }
    }
  }

  private static int[] count(Examples examples, int[] rows, int classes) {
    int[] counts = new int[classes];
    for (int row : rows) {
      counts[examples.stratum(row)]++;
    }
    return counts;
  }

  private void equalRows(EqualRows.@Nullable Count found, int heldOut, String said) {
    if (found == null || 100 * found.equal() <= PERCENT_UNSAID * found.of()) {
      return;
    }
    warnings.add(
        said.formatted(
                found.equal(), found.of(), found.of() < heldOut ? " that were looked at" : "")
            + " in every feature and target, which makes metrics better than they are for new rows: "
            + remedy());
  }

  private String remedy() {
    return switch (data.splitBy()) {
      case null ->
          data instanceof TrainingData.Bare
              ? "remove duplicates"
              : "data.split.group keeps rows that belong together in one part, or remove duplicates";
      case SplitSpec.Group(String group) ->
          "remove duplicates, or group by a column that they share in place of '%s'"
              .formatted(group);
      case SplitSpec.Order _ -> "remove duplicates";
    };
  }
}
