package dev.backprop.spark.training;

import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.DateFormat;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.UnkeptColumn;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a shard knows of a column, before anybody knows what the column is for.
///
/// @param type null if there were too many texts to keep
/// @param labels how many rows have each category; of numbers and dates, their texts; null if there
///   are more than [#MOST_LABELS] of these
/// @param missingTexts few texts among numbers or dates, which count as missing
/// @param date how dates are written; null if there are none
/// @param min of numbers; infinite without any
/// @param integers whether all numbers are
/// @param notes sentences for the user
record ColumnFacts(
    String name,
    @Nullable ColumnType type,
    long rows,
    long missing,
    @Nullable Map<Label, Long> labels,
    List<String> missingTexts,
    @Nullable DateFormat date,
    double min,
    double max,
    boolean integers,
    List<String> notes)
    implements Serializable {

  static final int MOST_LABELS = 1000;

  static ColumnFacts of(Column column) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    boolean integers = true;
    for (int row = 0; row < column.rows(); row++) {
      double cell = column.cell(row);
      if (!Double.isNaN(cell)) {
        min = Math.min(min, cell);
        max = Math.max(max, cell);
        integers &= cell == Math.rint(cell);
      }
    }
    return new ColumnFacts(
        column.name(),
        column instanceof UnkeptColumn ? null : column.type(),
        column.rows(),
        column.missing(),
        labels(column),
        switch (column) {
          case NumericColumn numbers -> numbers.missingTexts();
          case DateColumn dates -> dates.missingTexts();
          case CategoricalColumn _, UnkeptColumn _ -> List.of();
        },
        column instanceof DateColumn dates ? dates.format() : null,
        min,
        max,
        integers,
        column.notes());
  }

  private static @Nullable Map<Label, Long> labels(Column column) {
    return switch (column) {
      case CategoricalColumn categories -> counts(categories);
      case NumericColumn numbers -> few(numbers, null);
      case DateColumn dates -> few(dates, dates.format());
      case UnkeptColumn _ -> null;
    };
  }

  private static Map<Label, Long> counts(CategoricalColumn column) {
    long[] counts = new long[column.categories().size()];
    for (int row = 0; row < column.rows(); row++) {
      double code = column.cell(row);
      if (!Double.isNaN(code)) {
        counts[(int) code]++;
      }
    }
    Map<Label, Long> labels = new TreeMap<>();
    for (int code = 0; code < counts.length; code++) {
      labels.put(column.categories().get(code), counts[code]);
    }
    return labels;
  }

  /// @param date of a column of dates; null for numbers
  private static @Nullable Map<Label, Long> few(Column column, @Nullable DateFormat date) {
    Map<Double, Long> counts = new HashMap<>();
    for (int row = 0; row < column.rows(); row++) {
      double cell = column.cell(row) + 0.0; // one zero only
      if (!Double.isNaN(cell)) {
        counts.merge(cell, 1L, Long::sum);
        if (counts.size() > MOST_LABELS) {
          return null;
        }
      }
    }
    Map<Label, Long> labels = new TreeMap<>();
    counts.forEach(
        (cell, count) ->
            labels.put(date == null ? Label.number(cell) : Label.text(date.text(cell)), count));
    return labels;
  }
}
