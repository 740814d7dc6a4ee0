package dev.backprop.engine.data;

import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Label;
import java.util.Arrays;
import java.util.List;

/// From the codes of a table's column to the indices that a model gave the same labels.
final class CodeMap {

  private CodeMap() {}

  /// Per code of the column the category's index in the feature, [FeatureEncoder#UNSEEN] for none.
  static int[] of(CategoricalColumn column, FeatureEncoder encoder, int feature) {
    List<Label> categories = column.categories();
    int[] map = new int[categories.size()];
    Arrays.setAll(map, code -> encoder.category(feature, categories.get(code).text()));
    return map;
  }
}
