package dev.backprop.service.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.data.Moments;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.UnkeptColumn;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A column of a data set, as the API describes it.
///
/// @param type numeric, categorical or boolean
/// @param missing cells without a value
/// @param distinct how many different values there are, without missing ones; null if more than
///   [#MAX_DISTINCT]
/// @param min null if the column is not numeric or has no value; the same holds for max, mean and
///   std
/// @param std the standard deviation of the population
/// @param missingTokens of a numeric column, the texts that count as missing in it alone; left out
///   if there are none
/// @param top the most frequent categories, at most [#TOP]; null for numeric columns
public record ColumnDescription(
    String name,
    String type,
    int missing,
    @Nullable Integer distinct,
    @Nullable Double min,
    @Nullable Double max,
    @Nullable Double mean,
    @Nullable Double std,
    @Nullable List<ValueCount> top,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> missingTokens) {

  static final int MAX_DISTINCT = 10_000;
  static final int TOP = 10;

  /// A category and how many rows have it.
  public record ValueCount(Object value, int count) {}

  static List<ColumnDescription> of(Table table) {
    return table.columns().stream().map(ColumnDescription::of).toList();
  }

  static ColumnDescription of(Column column) {
    return switch (column) {
      case NumericColumn numeric -> numeric(numeric);
      case CategoricalColumn categorical -> categorical(categorical);
      case UnkeptColumn _ -> described(column, null, null, null, List.of());
    };
  }

  private static ColumnDescription numeric(NumericColumn column) {
    Moments moments = Moments.of(column.rows(), column::cell);
    return described(
        column,
        distinct(column),
        moments.count() > 0 ? moments : null,
        null,
        column.missingTexts());
  }

  private static ColumnDescription categorical(CategoricalColumn column) {
    int[] counts = counts(column);
    List<Label> categories = column.categories();
    int distinct = (int) IntStream.of(counts).filter(count -> count > 0).count();
    List<ValueCount> top =
        IntStream.range(0, counts.length)
            .filter(code -> counts[code] > 0)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(code -> -counts[code])
                    .thenComparing(categories::get))
            .limit(TOP)
            .map(code -> new ValueCount(categories.get(code).json(), counts[code]))
            .toList();
    return described(column, distinct > MAX_DISTINCT ? null : distinct, null, top, List.of());
  }

  private static ColumnDescription described(
      Column column,
      @Nullable Integer distinct,
      @Nullable Moments moments,
      @Nullable List<ValueCount> top,
      List<String> missingTokens) {
    return new ColumnDescription(
        column.name(),
        column.type().name().toLowerCase(Locale.ROOT),
        column.missing(),
        distinct,
        moments == null ? null : moments.min(),
        moments == null ? null : moments.max(),
        moments == null ? null : moments.mean(),
        moments == null ? null : moments.std(),
        top,
        missingTokens.isEmpty() ? null : missingTokens);
  }

  /// How many rows have each category.
  public static int[] counts(CategoricalColumn column) {
    int[] counts = new int[column.categories().size()];
    for (int row = 0; row < column.rows(); row++) {
      double code = column.cell(row);
      if (!Double.isNaN(code)) {
        counts[(int) code]++;
      }
    }
    return counts;
  }

  private static @Nullable Integer distinct(NumericColumn column) {
    Set<Double> seen = new HashSet<>();
    double last = Double.NaN;
    for (int row = 0; row < column.rows(); row++) {
      double cell = column.cell(row);
      if (!Double.isNaN(cell) && cell != last) {
        last = cell;
        if (seen.add(cell + 0.0) && seen.size() > MAX_DISTINCT) {
          return null;
        }
      }
    }
    return seen.size();
  }
}
