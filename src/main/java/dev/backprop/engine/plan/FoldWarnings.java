package dev.backprop.engine.plan;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.List;

/// The words for what single folds lack.
record FoldWarnings(TrainingData data, Folds folds) {

  /// What the folds lack of the classes.
  ///
  /// @param split whose training rows were dealt to the folds
  List<String> of(Split split) {
    if (!(data.target() instanceof Target.Classes(_, List<Label> classes))) {
      return List.of();
    }
    Examples examples = data.unencoded();
    int[] rows = new int[classes.size()];
    for (int row : split.training()) {
      rows[examples.stratum(row)]++;
    }
    int[] foldsWith = foldsWith(examples, classes.size());
    List<String> warnings = new ArrayList<>();
    for (int c = 0; c < rows.length; c++) {
      if (rows[c] < folds.count()) {
        warnings.add(
            "class '%s' has %d rows, fewer than the %d folds: some are measured without it"
                .formatted(classes.get(c), rows[c], folds.count()));
      } else if (foldsWith[c] < folds.count()) {
        warnings.add(
            "class '%s' is in %d of the %d folds: the others are measured without it"
                .formatted(classes.get(c), foldsWith[c], folds.count()));
      }
    }
    return warnings;
  }

  /// How many folds hold out rows of each class.
  private int[] foldsWith(Examples examples, int classes) {
    int[] foldsWith = new int[classes];
    for (int fold = 0; fold < folds.count(); fold++) {
      boolean[] has = new boolean[classes];
      for (int row : folds.split(fold).validation()) {
        has[examples.stratum(row)] = true;
      }
      for (int c = 0; c < classes; c++) {
        foldsWith[c] += has[c] ? 1 : 0;
      }
    }
    return foldsWith;
  }
}
