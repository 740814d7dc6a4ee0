package dev.backprop.engine.data;

import dev.backprop.engine.spec.CategoryEncodingSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.UnkeptColumn;
import java.util.List;
import java.util.stream.IntStream;

/// A feature with the statistics of the training part.
///
/// @param silentInputs those of the feature's slots that are zero in every training row, see
///   [Feature#slots()]
record FeatureFit(Feature feature, List<Integer> silentInputs) {

  static FeatureFit of(
      Schema.Field field, Column column, EncodingSpec encoding, int[] trainingRows) {
    return switch (column) {
      case CategoricalColumn categorical ->
          categorical(field, categorical, encoding.category(field.name()), trainingRows);
      case DateColumn dates ->
          DateFit.of(field, dates, encoding.number(field.name()), trainingRows);
      case NumericColumn _, UnkeptColumn _ ->
          numeric(field, column, encoding.number(field.name()), trainingRows);
    };
  }

  private static FeatureFit numeric(
      Schema.Field field, Column column, NumberEncodingSpec encoding, int[] rows) {
    double[] values = new double[rows.length];
    column.gather(rows, 0, rows.length, values, 0, 1);
    return numeric(field.name(), field.nullable(), encoding, values);
  }

  /// @param values of the training rows, NaN for a missing one; reordered
  static FeatureFit numeric(
      String name, boolean nullable, NumberEncodingSpec encoding, double[] values) {
    Moments moments = Moments.of(values.length, i -> values[i]);
    double median = Median.of(values);
    Feature.Numeric feature =
        new Feature.Numeric(
            name,
            nullable,
            median,
            moments.mean(),
            moments.std() == 0 ? 1 : moments.std(),
            moments.min(),
            moments.max(),
            NumberFit.of(encoding, moments, median, values));
    return numeric(feature, moments.count() == values.length);
  }

  /// A number is silent if it is always the same, its indicator if no cell is missing.
  private static FeatureFit numeric(Feature.Numeric feature, boolean complete) {
    boolean constant = feature.min() == feature.max();
    return new FeatureFit(
        feature,
        IntStream.range(0, feature.width())
            .filter(
                input ->
                    input == 0
                        ? constant
                        : input == feature.code().inputs()
                            ? complete
                            : input >= feature.code().used())
            .boxed()
            .toList());
  }

  private static FeatureFit categorical(
      Schema.Field field, CategoricalColumn column, CategoryEncodingSpec encoding, int[] rows) {
    Feature.Categorical feature =
        new Feature.Categorical(
            field.name(), field.nullable(), field.type(), field.categories(), field.embedded());
    return categorical(
        encoding.rare() == 0 ? feature : pooled(feature, column, encoding.rare(), rows),
        column,
        rows);
  }

  /// The same feature, whose categories of fewer rows are pooled.
  private static Feature.Categorical pooled(
      Feature.Categorical feature, CategoricalColumn column, int fewest, int[] rows) {
    int[] index = CodeMap.of(column, FeatureEncoder.of(List.of(feature), new int[0]), 0);
    int categories = feature.categories().size();
    int[] counts = new int[categories];
    for (int row : rows) {
      double code = column.cell(row);
      if (!Double.isNaN(code) && index[(int) code] >= 0) {
        counts[index[(int) code]]++;
      }
    }
    List<Integer> rare =
        IntStream.range(0, categories).filter(c -> counts[c] < fewest).boxed().toList();
    return new Feature.Categorical(
        feature.name(),
        feature.nullable(),
        feature.type(),
        feature.categories(),
        feature.embedded(),
        Pool.of(categories, rare));
  }

  /// A feature that was fitted to other rows, when these have come to them: its range reaches as
  /// far as theirs, all else stays.
  static FeatureFit extended(Feature known, Column column, int[] rows) {
    return switch (known) {
      case Feature.Categorical feature -> categorical(feature, (CategoricalColumn) column, rows);
      case Feature.Numeric feature ->
          extended(feature, Moments.of(rows.length, i -> column.cell(rows[i])), rows.length);
      case Feature.Date feature -> DateFit.extended(feature, (DateColumn) column, rows);
    };
  }

  /// @param moments of the rows that have come
  static FeatureFit extended(Feature.Numeric feature, Moments moments, int rows) {
    boolean any = moments.count() > 0;
    return numeric(
        new Feature.Numeric(
            feature.name(),
            feature.nullable(),
            feature.median(),
            feature.mean(),
            feature.std(),
            any ? Math.min(feature.min(), moments.min()) : feature.min(),
            any ? Math.max(feature.max(), moments.max()) : feature.max(),
            feature.code()),
        moments.count() == rows);
  }

  private static FeatureFit categorical(
      Feature.Categorical feature, CategoricalColumn column, int[] rows) {
    FeatureEncoder single = FeatureEncoder.of(List.of(feature), new int[0]);
    int[] index = CodeMap.of(column, single, 0);
    boolean[] fires = new boolean[feature.slots()];
    for (int row : rows) {
      double code = column.cell(row);
      if (!Double.isNaN(code)) {
        int slot = feature.slot(index[(int) code]);
        if (slot >= 0) {
          fires[slot] = true;
        }
      } else if (feature.nullable()) {
        fires[feature.slots() - 1] = true;
      }
    }
    return new FeatureFit(
        feature, IntStream.range(0, fires.length).filter(i -> !fires[i]).boxed().toList());
  }
}
