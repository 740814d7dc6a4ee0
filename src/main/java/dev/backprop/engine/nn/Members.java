package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;
import java.util.List;

/// What a workspace keeps of the answers of k members to n examples, beside their mean. In training
/// each member has a loss of its own: the loss of an example is the mean over its members, not the
/// loss of their mean answer (Gorishniy et al. 2024, TabM, section 3.2).
final class Members {

  private final Answers apart;

  /// The weight of an example for each of its members; none for prediction.
  private final double[] weights;

  private final MeanOutputs outputs;

  /// @param logits (kn x q) of the last layer
  Members(int count, Matrix logits, boolean training) {
    int rows = logits.capacity();
    int q = logits.columns();
    apart =
        new Answers(
            logits, Matrix.allocate(rows, q), Matrix.allocate(training ? rows : 0, q), count);
    weights = new double[training ? rows : 0];
    outputs = MeanOutputs.of(count);
  }

  /// Bytes of the arrays of such an object.
  ///
  /// @param rows examples
  /// @param q outputs of a member
  static long bytes(long count, long rows, long q, boolean training) {
    long floats = (training ? 2 : 1) * count * rows * q;
    return floats * Float.BYTES + (training ? count * rows : 0) * Double.BYTES;
  }

  int count() {
    return apart.members();
  }

  /// What has a row for each example and member.
  List<Matrix> matrices() {
    return weights.length == 0 ? List.of(apart.outputs()) : List.of(apart.outputs(), apart.y());
  }

  /// Each member's outputs from its logits.
  void answer(LossFunction loss) {
    loss.outputs(apart.logits(), apart.outputs());
  }

  /// From the outputs of members to their mean.
  void average(Activation f, Answers mean) {
    outputs.average(f, apart, mean);
  }

  /// What each member answers, beside the target of its example.
  ///
  /// @param y (n x q)
  Answers apart(Matrix y) {
    int size = y.size();
    for (int m = 0; m < count(); m++) {
      System.arraycopy(y.values(), 0, apart.y().values(), m * size, size);
    }
    return apart;
  }

  /// The weights of n examples, for each member.
  ///
  /// @param first that of the first example is `of[first]`
  double[] weights(double[] of, int first, int n) {
    for (int m = 0; m < count(); m++) {
      System.arraycopy(of, first, weights, m * n, n);
    }
    return weights;
  }
}
