package dev.backprop.engine.data;

import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.Schema;
import java.util.List;
import java.util.stream.IntStream;

/// A feature with the statistics of the training part.
///
/// @param silentInputs those of the feature's slots that are zero in every training row, see
///   [Feature#slots()]
record FeatureFit(Feature feature, List<Integer> silentInputs) {

  /// @param statistics of the training rows
  static FeatureFit of(Schema.Field field, ColumnStatistics statistics, EncodingSpec encoding) {
    return switch (statistics) {
      case ColumnStatistics.Categories categories ->
          categorical(field, categories, encoding.category(field.name()).rare());
      case ColumnStatistics.Dates dates -> DateFit.of(field, dates, encoding.number(field.name()));
      case ColumnStatistics.Numbers numbers ->
          numeric(field.name(), field.nullable(), encoding.number(field.name()), numbers);
    };
  }

  static FeatureFit numeric(
      String name,
      boolean nullable,
      NumberEncodingSpec encoding,
      ColumnStatistics.Numbers numbers) {
    Moments moments = numbers.moments();
    double median = Median.of(numbers.values());
    Feature.Numeric feature =
        new Feature.Numeric(
            name,
            nullable,
            median,
            moments.mean(),
            moments.std() == 0 ? 1 : moments.std(),
            moments.min(),
            moments.max(),
            NumberFit.of(encoding, moments, median, numbers.values()));
    return numeric(feature, numbers.complete());
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

  /// @param rare categories of fewer rows are pooled; 0 if each has its own input
  private static FeatureFit categorical(
      Schema.Field field, ColumnStatistics.Categories statistics, int rare) {
    Feature.Categorical feature =
        new Feature.Categorical(
            field.name(),
            field.nullable(),
            field.type(),
            field.categories(),
            field.embedded(),
            rare == 0 ? null : pool(statistics.counts(), rare));
    return categorical(feature, statistics);
  }

  private static Pool pool(long[] counts, int fewest) {
    return Pool.of(
        counts.length,
        IntStream.range(0, counts.length).filter(c -> counts[c] < fewest).boxed().toList());
  }

  private static FeatureFit categorical(
      Feature.Categorical feature, ColumnStatistics.Categories statistics) {
    boolean[] fires = new boolean[feature.slots()];
    for (int c = 0; c < statistics.counts().length; c++) {
      fire(feature.slot(c), statistics.counts()[c], fires);
    }
    fire(feature.slot((int) FeatureEncoder.UNSEEN), statistics.unseen(), fires);
    fire(feature.nullable() ? feature.slots() - 1 : -1, statistics.missing(), fires);
    return new FeatureFit(
        feature, IntStream.range(0, fires.length).filter(i -> !fires[i]).boxed().toList());
  }

  private static void fire(int slot, long rows, boolean[] fires) {
    if (slot >= 0 && rows > 0) {
      fires[slot] = true;
    }
  }

  /// A feature that was fitted to other rows, when these have come to them: its range reaches as
  /// far as theirs, all else stays.
  static FeatureFit extended(Feature known, Column column, int[] rows) {
    return switch (known) {
      case Feature.Categorical feature ->
          categorical(
              feature, ColumnStatistics.of(feature.categories(), (CategoricalColumn) column, rows));
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
}
