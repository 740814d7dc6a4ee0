package dev.backprop.engine.data;

import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row that stands for all that a model was trained on, the baseline of its explanations: of a
/// number the median, of a date the median day or moment, of a category the most frequent one.
///
/// Missing cells do not count, so that no cell of it is missing unless all of a column are. A
/// median between two numbers is the lower: a column of whole numbers has a whole one. Of
/// categories that are equally frequent the first counts, in the order of the feature.
///
/// It is kept as cells, a number or null each: with the categories and the format of dates, which
/// are kept too, they are the row for ever. It is shown as the cells are written, so that it can be
/// asked as a row.
public final class TypicalRow {

  private TypicalRow() {}

  /// Of the training rows.
  ///
  /// @param table has the columns of the features with their types
  /// @return cells in the order of the features, as [FeatureEncoder#encode] takes them
  public static double[] of(Table table, FeatureEncoder encoder, int[] rows) {
    List<Feature> features = encoder.features();
    double[] cells = new double[features.size()];
    for (int f = 0; f < cells.length; f++) {
      Column column = table.required(features.get(f).name());
      cells[f] =
          switch (features.get(f)) {
            case Feature.Numeric _, Feature.Date _ -> median(column, rows);
            case Feature.Categorical feature ->
                mode((CategoricalColumn) column, encoder, f, feature.categories().size(), rows);
          };
    }
    return cells;
  }

  /// Of bare numbers, input by input.
  public static double[] of(CellRows rows) {
    double[] cells = new double[rows.width()];
    for (int k = 0; k < cells.length; k++) {
      cells[k] = lowerMedian(rows.column(k));
    }
    return cells;
  }

  private static double median(Column column, int[] rows) {
    double[] values = new double[rows.length];
    column.gather(rows, 0, rows.length, values, 0, 1);
    return lowerMedian(values);
  }

  /// NaN if all are.
  private static double lowerMedian(double[] values) {
    int n = 0;
    for (double value : values) {
      if (!Double.isNaN(value)) {
        values[n++] = value;
      }
    }
    Arrays.sort(values, 0, n);
    return n == 0 ? Double.NaN : values[(n - 1) / 2];
  }

  private static double mode(
      CategoricalColumn column, FeatureEncoder encoder, int feature, int categories, int[] rows) {
    int[] indices = CodeMap.of(column, encoder, feature);
    long[] counts = new long[categories];
    for (int row : rows) {
      double code = column.cell(row);
      if (!Double.isNaN(code) && indices[(int) code] >= 0) {
        counts[indices[(int) code]]++;
      }
    }
    int most = 0;
    for (int k = 1; k < categories; k++) {
      most = counts[k] > counts[most] ? k : most;
    }
    return categories == 0 || counts[most] == 0 ? Double.NaN : most;
  }

  /// The cells as they are written, null for a missing one.
  public static List<@Nullable Label> labels(List<Feature> features, double[] cells) {
    List<@Nullable Label> labels = new ArrayList<>();
    for (int f = 0; f < cells.length; f++) {
      labels.add(Double.isNaN(cells[f]) ? null : label(features.get(f), cells[f]));
    }
    return labels;
  }

  /// A cell that is not missing, as it is written.
  public static Label label(Feature feature, double cell) {
    return switch (feature) {
      case Feature.Numeric _ -> Label.number(cell);
      case Feature.Date date -> Label.text(date.format().text(cell));
      case Feature.Categorical categorical -> categorical.categories().get((int) cell);
    };
  }
}
