package dev.backprop.service.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TypicalRow;
import dev.backprop.engine.explain.Importance;
import dev.backprop.engine.plan.Insights;
import dev.backprop.engine.table.Label;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a model knows of its columns, as its card shows it.
///
/// @param importance which columns matter; left out if it was not measured
/// @param typicalRow the baseline of explanations, by column, as it would be asked; of bare numbers
///   by their places from 0. Left out of versions that have none
@JsonInclude(JsonInclude.Include.NON_NULL)
record InsightsView(
    @Nullable ImportanceView importance, @Nullable Map<String, @Nullable Label> typicalRow) {

  static final InsightsView NONE = new InsightsView(null, null);

  /// @param metric whose fall was measured, of errors their rise, when the cells of a column were
  ///   shuffled
  /// @param part of the rows
  /// @param rows how many were shuffled
  /// @param shuffles of each column; 0 if there was no time for one
  /// @param columns those that matter most come first; none without a shuffle
  record ImportanceView(
      String metric, String part, int rows, int shuffles, List<ColumnImportance> columns) {

    static ImportanceView of(Insights.Measured measured, List<String> names) {
      Importance found = measured.columns();
      return new ImportanceView(
          measured.metric(),
          measured.part(),
          found.rows(),
          found.shuffles(),
          found.columns().stream()
              .sorted((one, other) -> Double.compare(other.mean(), one.mean()))
              .map(
                  column ->
                      new ColumnImportance(
                          names.get(column.feature()), column.mean(), column.std()))
              .toList());
    }
  }

  /// @param mean of the falls
  /// @param std their standard deviation
  record ColumnImportance(String column, double mean, double std) {}

  /// @param insights null if there are none
  /// @param features null for bare numbers
  static InsightsView of(@Nullable Insights insights, @Nullable FeatureEncoder features) {
    if (insights == null) {
      return NONE;
    }
    List<String> names = names(features, insights.typicalRow().size());
    Insights.Measured measured = insights.importance();
    return new InsightsView(
        measured == null ? null : ImportanceView.of(measured, names),
        typicalRow(insights, features, names));
  }

  private static List<String> names(@Nullable FeatureEncoder features, int numbers) {
    return features == null
        ? ModelInputs.numberNames(numbers)
        : features.features().stream().map(Feature::name).toList();
  }

  private static Map<String, @Nullable Label> typicalRow(
      Insights insights, @Nullable FeatureEncoder features, List<String> names) {
    List<@Nullable Label> cells =
        features == null
            ? insights.typicalRow().stream().<@Nullable Label>map(Label::number).toList()
            : TypicalRow.labels(features.features(), insights.typicalCells());
    Map<String, @Nullable Label> row = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      row.put(names.get(i), cells.get(i));
    }
    return row;
  }
}
