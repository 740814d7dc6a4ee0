package dev.backprop.data;

import dev.backprop.linalg.Matrix;
import org.jspecify.annotations.Nullable;

/// Bare numbers as examples: inputs and targets go to the network as they are.
public final class BareExamples implements Examples {

  private final DenseRows inputs;
  private final @Nullable DenseRows targets;

  /// @param targets as many rows as inputs; null where only inputs are asked for
  public BareExamples(DenseRows inputs, @Nullable DenseRows targets) {
    if (targets != null && targets.rows() != inputs.rows()) {
      throw new IllegalArgumentException(
          "%d inputs and %d targets".formatted(inputs.rows(), targets.rows()));
    }
    this.inputs = inputs;
    this.targets = targets;
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
    for (int i = 0; i < n; i++) {
      source.copy(rows[from + i], into.values(), into.offset() + i * into.columns());
    }
  }

  @Override
  public int stratum(int row) {
    return -1;
  }

  @Override
  public long bytes() {
    return inputs.bytes() + (targets == null ? 0 : targets.bytes());
  }
}
