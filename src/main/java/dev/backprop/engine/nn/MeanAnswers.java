package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;

/// The mean of what several networks answer to the same rows, as [MeanOutputs] takes it. Owned by
/// one thread.
public final class MeanAnswers {

  private final Activation f;
  private final MeanOutputs outputs;
  private final Answers apart;
  private final Answers mean;
  private int rows;

  /// @param f of the networks' outputs
  /// @param weights how often each network counts, at least 1
  /// @param capacity the most rows at once
  /// @param outputs of a network
  public MeanAnswers(Activation f, int[] weights, int capacity, int outputs) {
    this.f = f;
    this.outputs = new MeanOutputs(weights);
    int networks = weights.length;
    int all = Math.multiplyExact(networks, capacity);
    apart = new Answers(matrix(all, outputs), matrix(all, outputs), matrix(0, outputs), networks);
    mean =
        new Answers(
            matrix(capacity, outputs), matrix(capacity, outputs), matrix(capacity, outputs), 1);
  }

  private static Matrix matrix(int rows, int columns) {
    return Matrix.allocate(rows, columns);
  }

  /// Bytes of the arrays of such an object.
  public static long bytes(long networks, long capacity, long outputs) {
    return (2 * networks + 3) * capacity * outputs * Float.BYTES + MeanOutputs.bytes(networks);
  }

  /// Sets the number of rows that every network answers.
  public void rows(int n) {
    rows = n;
    apart.logits().rows(outputs.members() * n);
    apart.outputs().rows(outputs.members() * n);
    mean.logits().rows(n);
    mean.outputs().rows(n);
    mean.y().rows(n);
  }

  /// The targets (rows x outputs), written by the caller.
  public Matrix y() {
    return mean.y();
  }

  /// Takes what a network answers.
  ///
  /// @param network from 0
  public void put(int network, Answers answers) {
    copy(answers.logits(), apart.logits(), network);
    copy(answers.outputs(), apart.outputs(), network);
  }

  private void copy(Matrix from, Matrix to, int network) {
    int size = rows * to.columns();
    System.arraycopy(from.values(), from.offset(), to.values(), to.offset() + network * size, size);
  }

  /// What the networks answered, the rows of each behind those of the one before.
  public Answers apart() {
    return apart;
  }

  /// The mean over the networks.
  public Answers average() {
    outputs.average(f, apart, mean);
    return mean;
  }
}
