package dev.backprop.engine.drift;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Table;
import java.util.ArrayList;
import java.util.List;

/// What rows and answers were like in training. It has counts only, no row.
///
/// @param columns in the order of the features
/// @param answers one for classes, one for each number or label; perhaps to fewer rows
public record Reference(List<ColumnReference> columns, List<ColumnReference> answers) {

  public Reference {
    columns = List.copyOf(columns);
    answers = List.copyOf(answers);
  }

  /// Rows of a table, counted with the bins of these columns. Answers are not counted.
  ///
  /// @param table has the columns of the features with their types
  public Counts count(Table table, FeatureEncoder encoder, int[] rows) {
    long[] bins = new long[bins()];
    double[] cells = new double[rows.length];
    int first = 0;
    for (int f = 0; f < columns.size(); f++) {
      cells(table, encoder, f, rows, cells);
      for (double cell : cells) {
        bins[first + columns.get(f).bin(cell)]++;
      }
      first += columns.get(f).bins();
    }
    return new Counts(rows.length, bins);
  }

  /// The columns of training rows. Takes 8 bytes a row while it counts.
  ///
  /// @param table has the columns of the features with their types
  public static List<ColumnReference> columns(Table table, FeatureEncoder encoder, int[] rows) {
    List<ColumnReference> columns = new ArrayList<>();
    List<Feature> features = encoder.features();
    double[] cells = new double[rows.length];
    for (int f = 0; f < features.size(); f++) {
      Feature feature = features.get(f);
      cells(table, encoder, f, rows, cells);
      columns.add(
          switch (feature) {
            case Feature.Numeric _, Feature.Date _ ->
                ColumnReference.ofNumbers(feature.name(), cells);
            case Feature.Categorical categories ->
                ColumnReference.ofCategories(feature.name(), cells, categories.categories().size());
          });
    }
    return columns;
  }

  private static void cells(
      Table table, FeatureEncoder encoder, int feature, int[] rows, double[] cells) {
    Column column = table.required(encoder.features().get(feature).name());
    column.gather(rows, 0, rows.length, cells, 0, 1);
    if (column instanceof CategoricalColumn categories) {
      encode(categories, encoder, feature, cells);
    }
  }

  /// From the codes of the table's column to the indices of the feature.
  private static void encode(
      CategoricalColumn column, FeatureEncoder encoder, int feature, double[] cells) {
    int[] indices =
        column.categories().stream()
            .mapToInt(label -> encoder.category(feature, label.text()))
            .toArray();
    for (int i = 0; i < cells.length; i++) {
      cells[i] = Double.isNaN(cells[i]) ? cells[i] : indices[(int) cells[i]];
    }
  }

  /// The columns, and behind them the answers: so their bins are side by side.
  List<ColumnReference> all() {
    List<ColumnReference> all = new ArrayList<>(columns);
    all.addAll(answers);
    return all;
  }

  int bins() {
    return all().stream().mapToInt(ColumnReference::bins).sum();
  }
}
