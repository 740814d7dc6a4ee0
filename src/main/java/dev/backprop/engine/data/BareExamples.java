package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Matrix;
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
  public void encode(int[] rows, int from, int n, Matrix x, Matrix y) {
    encodeInputs(rows, from, n, x);
    if (targets == null) {
      throw new IllegalStateException("these examples have no targets");
    }
    copy(targets, rows, from, n, y);
  }

  @Override
  public void encodeInputs(int[] rows, int from, int n, Matrix x) {
    copy(inputs, rows, from, n, x);
  }

  private static void copy(DenseRows source, int[] rows, int from, int n, Matrix into) {
    into.rows(n);
    if (into.columns() != source.width()) {
      throw new IllegalArgumentException(into.columns() + " columns for " + source.width());
    }
    int run;
    for (int i = 0; i < n; i += run) {
      run = 1;
      while (i + run < n && rows[from + i + run] == rows[from + i] + run) {
        run++;
      }
      source.copy(rows[from + i], run, into.values(), into.offset() + i * into.columns());
    }
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
