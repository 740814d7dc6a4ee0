package dev.backprop.engine.data;

import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Schema;
import java.util.List;
import java.util.stream.IntStream;

/// A feature with the statistics of the training part.
///
/// @param silentInputs those of the feature's slots that are zero in every training row, see
///   [Feature#slots()]
record FeatureFit(Feature feature, List<Integer> silentInputs) {

  static FeatureFit of(Schema.Field field, Column column, int[] trainingRows) {
    return column instanceof CategoricalColumn categorical
        ? categorical(field, categorical, trainingRows)
        : numeric(field, column, trainingRows);
  }

  private static FeatureFit numeric(Schema.Field field, Column column, int[] rows) {
    double[] values = new double[rows.length];
    column.gather(rows, 0, rows.length, values, 0, 1);
    Moments moments = Moments.of(values.length, i -> values[i]);
    Feature.Numeric feature =
        new Feature.Numeric(
            field.name(),
            field.nullable(),
            Median.of(values),
            moments.mean(),
            moments.std() == 0 ? 1 : moments.std(),
            moments.min(),
            moments.max());
    return numeric(feature, moments.count() == rows.length);
  }

  /// A number is silent if it is always the mean, its indicator if no cell is missing.
  private static FeatureFit numeric(Feature.Numeric feature, boolean complete) {
    boolean constant = feature.min() == feature.max();
    return new FeatureFit(
        feature,
        IntStream.range(0, feature.width())
            .filter(input -> input == 0 ? constant : complete)
            .boxed()
            .toList());
  }

  private static FeatureFit categorical(
      Schema.Field field, CategoricalColumn column, int[] trainingRows) {
    Feature.Categorical feature =
        new Feature.Categorical(
            field.name(), field.nullable(), field.type(), field.categories(), field.embedded());
    return categorical(feature, column, trainingRows);
  }

  /// A feature that was fitted to other rows, when these have come to them: its range reaches as
  /// far as theirs, all else stays.
  static FeatureFit extended(Feature known, Column column, int[] rows) {
    return switch (known) {
      case Feature.Categorical feature -> categorical(feature, (CategoricalColumn) column, rows);
      case Feature.Numeric feature -> {
        Moments moments = Moments.of(rows.length, i -> column.cell(rows[i]));
        boolean any = moments.count() > 0;
        yield numeric(
            new Feature.Numeric(
                feature.name(),
                feature.nullable(),
                feature.median(),
                feature.mean(),
                feature.std(),
                any ? Math.min(feature.min(), moments.min()) : feature.min(),
                any ? Math.max(feature.max(), moments.max()) : feature.max()),
            moments.count() == rows.length);
      }
    };
  }

  private static FeatureFit categorical(
      Feature.Categorical feature, CategoricalColumn column, int[] rows) {
    FeatureEncoder single = FeatureEncoder.of(List.of(feature), new int[0]);
    int[] index = CodeMap.of(column, single, 0);
    boolean[] fires = new boolean[feature.slots()];
    for (int row : rows) {
      double code = column.cell(row);
      if (!Double.isNaN(code)) {
        int category = index[(int) code];
        if (category >= 0) {
          fires[category] = true;
        }
      } else if (feature.nullable()) {
        fires[feature.slots() - 1] = true;
      }
    }
    return new FeatureFit(
        feature, IntStream.range(0, fires.length).filter(i -> !fires[i]).boxed().toList());
  }
}
