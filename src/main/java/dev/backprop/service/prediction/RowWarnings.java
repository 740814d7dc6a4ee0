package dev.backprop.service.prediction;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Table;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// What is to be said about the rows of a table that is predicted.
final class RowWarnings {

  private final List<IntFunction<@Nullable String>> checks = new ArrayList<>();

  /// @param table has a column for each feature
  RowWarnings(Table table, List<Feature> features) {
    for (Feature feature : features) {
      Column column = table.column(feature.name());
      if (column == null) {
        throw new IllegalArgumentException("the table has no column '" + feature.name() + "'");
      }
      switch (feature) {
        case Feature.Numeric numeric -> checks.add(row -> outside(numeric, column, row));
        case Feature.Date date -> checks.add(row -> outside(date, column, row));
        case Feature.Categorical categorical -> {
          List<Label> labels = ((CategoricalColumn) column).categories();
          BitSet unseen = unseen(categorical, labels);
          if (!unseen.isEmpty()) {
            checks.add(row -> unseen(categorical, labels, unseen, column.cell(row)));
          }
        }
      }
    }
  }

  /// @param row counted from 0
  List<String> of(int row) {
    List<String> warnings = null;
    for (IntFunction<@Nullable String> check : checks) {
      String warning = check.apply(row);
      if (warning != null) {
        warnings = warnings == null ? new ArrayList<>() : warnings;
        warnings.add(warning);
      }
    }
    return warnings == null ? List.of() : warnings;
  }

  private static @Nullable String outside(Feature.Numeric feature, Column column, int row) {
    double value = column.cell(row);
    return Warnings.outside(feature, value) ? Warnings.outsideText(feature, value) : null;
  }

  private static @Nullable String outside(Feature.Date feature, Column column, int row) {
    double value = column.cell(row);
    return Warnings.outside(feature, value) ? Warnings.outsideText(feature, value) : null;
  }

  private static @Nullable String unseen(
      Feature.Categorical feature, List<Label> labels, BitSet unseen, double code) {
    return code >= 0 && unseen.get((int) code)
        ? Warnings.unseenText(feature, labels.get((int) code).text())
        : null;
  }

  /// The codes of labels that the feature does not have.
  private static BitSet unseen(Feature.Categorical feature, List<Label> labels) {
    Set<String> seen = new HashSet<>();
    feature.categories().forEach(label -> seen.add(label.text()));
    BitSet unseen = new BitSet(labels.size());
    for (int code = 0; code < labels.size(); code++) {
      unseen.set(code, !seen.contains(labels.get(code).text()));
    }
    return unseen;
  }
}
