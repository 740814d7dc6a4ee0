package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Bare numbers as examples: inputs and targets go to the network as they are.
public final class BareExamples implements Examples {

  private final DenseRows inputs;
  private final @Nullable DenseRows targets;
  private final @Nullable DenseRows weights;

  /// @param targets as many rows as inputs; null if only inputs are asked for
  public BareExamples(DenseRows inputs, @Nullable DenseRows targets) {
    this(inputs, targets, null);
  }

  /// @param targets as many rows as inputs; null if only inputs are asked for
  /// @param weights one row that has the weights of all rows, each from 0 to [ExampleWeights#MAX];
  ///   null if each weighs 1
  public BareExamples(DenseRows inputs, @Nullable DenseRows targets, @Nullable DenseRows weights) {
    if (targets != null && targets.rows() != inputs.rows()) {
      throw new IllegalArgumentException(
          "%d inputs and %d targets".formatted(inputs.rows(), targets.rows()));
    }
    if (weights != null && weights.width() != inputs.rows()) {
      throw new IllegalArgumentException(
          "%d inputs and %d weights".formatted(inputs.rows(), weights.width()));
    }
    this.inputs = inputs;
    this.targets = targets;
    this.weights = weights;
  }

  /// The same numbers as columns: the inputs, the targets, and the weights if there are any.
  ///
  /// @param budgets gives one for each column, which is told what it takes
  public Table table(Supplier<ByteBudget> budgets) {
    List<Column> columns = new ArrayList<>();
    addColumns(inputs, "input ", budgets, columns);
    if (targets != null) {
      addColumns(targets, "target ", budgets, columns);
    }
    if (weights != null) {
      columns.add(NumericColumn.of("weight", size(), this::weight, budgets.get()));
    }
    return new Table(size(), columns);
  }

  private static void addColumns(
      DenseRows rows, String name, Supplier<ByteBudget> budgets, List<Column> columns) {
    for (int j = 0; j < rows.width(); j++) {
      int column = j;
      columns.add(
          NumericColumn.of(name + j, rows.rows(), row -> rows.value(row, column), budgets.get()));
    }
  }

  /// The examples that [#table] has made columns of.
  ///
  /// @param outputs how many of the columns are targets
  /// @param weighted whether the last one has the weights
  public static BareExamples of(Table table, int outputs, boolean weighted) {
    List<Column> columns = table.columns();
    int targets = columns.size() - (weighted ? 1 : 0) - outputs;
    return new BareExamples(
        DenseRows.of(columns.subList(0, targets)),
        DenseRows.of(columns.subList(targets, targets + outputs)),
        weighted ? DenseRows.row(columns.getLast()) : null);
  }

  @Override
  public int size() {
    return inputs.rows();
  }

  @Override
  public int inputs() {
    return inputs.width();
  }

  @Override
  public int outputs() {
    return targets == null ? 0 : targets.width();
  }

  /// The rows as they were given.
  public DenseRows inputRows() {
    return inputs;
  }

  public @Nullable DenseRows targetRows() {
    return targets;
  }

  @Override
  public void encodeTargets(int[] rows, int from, int n, Matrix y) {
    if (targets == null) {
      throw new IllegalStateException("these examples have no targets");
    }
    targets.copy(rows, from, n, y);
  }

  @Override
  public void encodeInputs(int[] rows, int from, int n, Matrix x) {
    inputs.copy(rows, from, n, x);
  }

  @Override
  public int stratum(int row) {
    return -1;
  }

  @Override
  public boolean weighted() {
    return weights != null;
  }

  @Override
  public double weight(int row) {
    return weights == null ? 1 : weights.value(0, row);
  }

  @Override
  public long bytes() {
    return inputs.bytes()
        + (targets == null ? 0 : targets.bytes())
        + (weights == null ? 0 : weights.bytes());
  }
}
