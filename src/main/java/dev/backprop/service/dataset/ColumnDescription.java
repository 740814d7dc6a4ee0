package dev.backprop.service.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.data.Moments;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.UnkeptColumn;
import dev.backprop.platform.json.Values;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A column of a data set, as the API describes it.
///
/// @param type numeric, categorical, boolean or date
/// @param missing cells without a value
/// @param distinct how many different values there are, without missing ones; null if more than
///   [#MAX_DISTINCT]
/// @param min the least number, or the first date as a text; null if the column has neither; the
///   same holds for max
/// @param mean null if the column is not numeric or has no value; the same holds for std
/// @param std the standard deviation of the population
/// @param format how the dates of the column are written; left out if it has none
/// @param zone of the clock of the dates; left out if their texts have none
/// @param missingTokens of a column of numbers or dates, the texts that count as missing in it
///   alone; left out if there are none
/// @param top the most frequent categories, at most [#TOP]; null for columns of numbers and dates
/// @param histogram left out unless it is asked for, and of a column whose cells are not kept; it
///   is never kept
public record ColumnDescription(
    String name,
    @Values(names = {"numeric", "categorical", "boolean", "date"}) String type,
    int missing,
    @Nullable Integer distinct,
    @Values(types = {"number", "string"}) @Nullable Object min,
    @Values(types = {"number", "string"}) @Nullable Object max,
    @Nullable Double mean,
    @Nullable Double std,
    @Nullable List<ValueCount> top,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> missingTokens,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String format,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String zone,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ColumnHistogram histogram) {

  /// As it is kept.
  ColumnDescription(
      String name,
      String type,
      int missing,
      @Nullable Integer distinct,
      @Nullable Object min,
      @Nullable Object max,
      @Nullable Double mean,
      @Nullable Double std,
      @Nullable List<ValueCount> top,
      @Nullable List<String> missingTokens,
      @Nullable String format,
      @Nullable String zone) {
    this(
        name, type, missing, distinct, min, max, mean, std, top, missingTokens, format, zone, null);
  }

  /// The same column with how its values are spread.
  ColumnDescription with(ColumnHistogram other) {
    return new ColumnDescription(
        name,
        type,
        missing,
        distinct,
        min,
        max,
        mean,
        std,
        top,
        missingTokens,
        format,
        zone,
        other);
  }

  static final int MAX_DISTINCT = 10_000;
  static final int TOP = 10;

  /// A category and how many rows have it.
  public record ValueCount(
      @Values(types = {"string", "number", "boolean"}) Object value, int count) {}

  static List<ColumnDescription> of(Table table) {
    return table.columns().stream().map(ColumnDescription::of).toList();
  }

  static ColumnDescription of(Column column) {
    return switch (column) {
      case NumericColumn numeric -> numeric(numeric);
      case CategoricalColumn categorical -> categorical(categorical);
      case DateColumn dates -> dates(dates);
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

  private static ColumnDescription dates(DateColumn column) {
    Moments moments = Moments.of(column.rows(), column::cell);
    boolean any = moments.count() > 0;
    return new ColumnDescription(
        column.name(),
        column.type().name().toLowerCase(Locale.ROOT),
        column.missing(),
        distinct(column),
        any ? column.format().text(moments.min()) : null,
        any ? column.format().text(moments.max()) : null,
        null,
        null,
        null,
        column.missingTexts().isEmpty() ? null : column.missingTexts(),
        column.format().pattern(),
        column.format().zone());
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
        missingTokens.isEmpty() ? null : missingTokens,
        null,
        null);
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

  private static @Nullable Integer distinct(Column column) {
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
