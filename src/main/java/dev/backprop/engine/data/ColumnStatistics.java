package dev.backprop.engine.data;

import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.DatePart;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.UnkeptColumn;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What an encoder has to know of a column in the rows that train. Counts and moments of parts of
/// the rows can be merged; quantiles are taken from the numbers, or from a sample that stands for
/// them.
public sealed interface ColumnStatistics extends Serializable {

  /// Of a numeric column, or of a part of its dates.
  ///
  /// @param rows cells, those that are missing included
  /// @param moments of the numbers
  /// @param values what quantiles are taken from: all numbers, NaN for a missing one; or fewer that
  ///   stand for them, none NaN. An encoder may reorder them
  @SuppressWarnings("ArrayRecordComponent") // a column; never compared
  record Numbers(int rows, Moments moments, double[] values) implements ColumnStatistics {

    /// Of all these numbers.
    public static Numbers of(double[] values) {
      return new Numbers(values.length, Moments.of(values.length, i -> values[i]), values);
    }

    /// Whether no cell is missing.
    boolean complete() {
      return moments.count() == rows;
    }
  }

  /// Of a column of dates.
  ///
  /// @param parts those of [dev.backprop.engine.table.DateFormat#parts()]
  record Dates(List<Numbers> parts) implements ColumnStatistics {
    public Dates {
      parts = List.copyOf(parts);
    }
  }

  /// Of a column of categories.
  ///
  /// @param counts of the rows of each category
  /// @param unseen rows of a category that the feature does not have
  /// @param missing rows without a value
  @SuppressWarnings("ArrayRecordComponent") // counts; never compared
  record Categories(long[] counts, long unseen, long missing) implements ColumnStatistics {

    /// Of these rows and others together.
    public Categories merged(Categories other) {
      long[] sums = counts.clone();
      for (int c = 0; c < sums.length; c++) {
        sums[c] += other.counts[c];
      }
      return new Categories(sums, unseen + other.unseen, missing + other.missing);
    }
  }

  /// Measures some rows of a feature.
  ///
  /// @param column of the type of the field
  static ColumnStatistics of(Schema.Field field, Column column, int[] rows) {
    return switch (column) {
      case CategoricalColumn categorical -> of(field.categories(), categorical, rows);
      case DateColumn dates -> of(dates, rows);
      case NumericColumn _, UnkeptColumn _ -> Numbers.of(values(column, rows));
    };
  }

  /// The cells of these rows.
  static double[] values(Column column, int[] rows) {
    double[] values = new double[rows.length];
    column.gather(rows, 0, rows.length, values, 0, 1);
    return values;
  }

  private static Dates of(DateColumn column, int[] rows) {
    List<Numbers> parts = new ArrayList<>();
    for (DatePart part : column.format().parts()) {
      parts.add(Numbers.of(DateFit.values(part, column, rows)));
    }
    return new Dates(parts);
  }

  /// @param categories of the feature
  static Categories of(List<Label> categories, CategoricalColumn column, int[] rows) {
    Map<String, Integer> known = HashMap.newHashMap(categories.size());
    categories.forEach(label -> known.put(label.text(), known.size()));
    int[] index =
        column.categories().stream()
            .mapToInt(label -> known.getOrDefault(label.text(), -1))
            .toArray();
    long[] counts = new long[categories.size()];
    long unseen = 0;
    long missing = 0;
    for (int row : rows) {
      double code = column.cell(row);
      if (Double.isNaN(code)) {
        missing++;
      } else if (index[(int) code] < 0) {
        unseen++;
      } else {
        counts[index[(int) code]]++;
      }
    }
    return new Categories(counts, unseen, missing);
  }
}
