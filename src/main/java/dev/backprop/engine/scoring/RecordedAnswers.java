package dev.backprop.engine.scoring;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.figures.Calibration;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Workspace;
import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a network answered to some rows, with their targets, so that they can be scored elsewhere,
/// together with others. A row takes 12 bytes for each output, and 8 for its weight.
///
/// @param outputs of a row
/// @param logits row by row, as `answers` and `targets`
/// @param weights of the rows; empty if all weigh the same
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record RecordedAnswers(
    int outputs, float[] logits, float[] answers, float[] targets, double[] weights)
    implements Serializable {

  /// Asks a network.
  ///
  /// @param rows perhaps none
  public static RecordedAnswers of(
      Scorer scorer, Examples examples, int[] rows, Workspace workspace) {
    int q = scorer.network().outputs();
    int size = Math.multiplyExact(rows.length, q);
    RecordedAnswers recorded =
        new RecordedAnswers(
            q,
            new float[size],
            new float[size],
            new float[size],
            examples.weighted()
                ? Arrays.stream(rows).mapToDouble(examples::weight).toArray()
                : new double[0]);
    for (int from = 0; from < rows.length; from += Scorer.BLOCK) {
      int n = Math.min(Scorer.BLOCK, rows.length - from);
      workspace.rows(n);
      examples.encode(rows, from, n, workspace.x(), workspace.y());
      scorer.network().forward(workspace);
      Answers block = workspace.answers();
      copy(block.logits(), recorded.logits, from * q);
      copy(block.outputs(), recorded.answers, from * q);
      copy(block.y(), recorded.targets, from * q);
    }
    return recorded;
  }

  private static void copy(Matrix from, float[] into, int at) {
    System.arraycopy(from.values(), from.offset(), into, at, from.size());
  }

  /// How many rows.
  public int rows() {
    return logits.length / outputs;
  }

  /// Tells of them block by block.
  ///
  /// @param network that answered
  /// @param calibration null for its own probabilities
  void give(Network network, @Nullable Calibration calibration, BlockSink sink) {
    for (int from = 0; from < rows(); from += Scorer.BLOCK) {
      int n = Math.min(Scorer.BLOCK, rows() - from);
      Answers block =
          new Answers(part(logits, from, n), part(answers, from, n), part(targets, from, n), 1);
      if (calibration != null) {
        calibration.apply(block);
      }
      if (weights.length == 0) {
        sink.add(block, network.loss(block), null);
      } else {
        double[] ofBlock = Arrays.copyOfRange(weights, from, from + n);
        sink.add(block, network.loss(block, ofBlock), ofBlock);
      }
    }
  }

  /// A copy, which a calibration may change.
  private Matrix part(float[] of, int from, int n) {
    return new Matrix(Arrays.copyOfRange(of, from * outputs, (from + n) * outputs), 0, n, outputs);
  }
}
