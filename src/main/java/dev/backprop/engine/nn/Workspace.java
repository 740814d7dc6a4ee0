package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Everything that a batch touches on its way through a network, but for the weights. Owned by one
/// thread; made by [Network#workspace(int)] or [Network#trainingWorkspace(int)], and of use to
/// every network of the same spec and widths.
///
/// If nothing must be kept until the backward pass, two arrays take turns from layer to layer: for
/// the derivatives in training, for the activations in prediction.
public final class Workspace {

  private final List<Pass> passes;
  private final Matrix y;
  private final Matrix outputs;
  private final Matrix[] matrices;
  private final Pass.Mask[] masks;

  private Workspace(List<Pass> passes, Matrix y, Matrix outputs) {
    this.passes = passes;
    this.y = y;
    this.outputs = outputs;
    this.matrices =
        Stream.concat(
                passes.stream().flatMap(pass -> pass.matrices().stream()), Stream.of(y, outputs))
            .toArray(Matrix[]::new);
    this.masks = passes.stream().map(Pass::mask).filter(Objects::nonNull).toArray(Pass.Mask[]::new);
  }

  static Workspace of(List<Layer> layers, int rows, boolean training) {
    int q = layers.getLast().units();
    float[][] turns = {turn(layers, 0, rows), turn(layers, 1, rows)};
    List<Pass> passes = new ArrayList<>();
    Matrix x = Matrix.allocate(rows, layers.getFirst().inputs());
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      Matrix turn = new Matrix(turns[l % 2], 0, rows, layer.units());
      Pass pass = training ? layer.trainingPass(x, turn, passes) : layer.pass(x, turn, passes);
      passes.add(pass);
      x = pass.a();
    }
    return new Workspace(List.copyOf(passes), Matrix.allocate(rows, q), Matrix.allocate(rows, q));
  }

  /// Bytes of the arrays of such a workspace.
  static long bytes(List<Layer> layers, long rows, boolean training) {
    long columns = layers.getFirst().inputs() + 2L * layers.getLast().units();
    columns += widest(layers, 0) + widest(layers, 1);
    columns += layers.stream().mapToLong(layer -> layer.keptColumns(training)).sum();
    long scratch = layers.stream().mapToLong(layer -> layer.scratchBytes(rows, training)).sum();
    return columns * rows * Float.BYTES + scratch;
  }

  private static float[] turn(List<Layer> layers, int parity, int rows) {
    return new float[Math.multiplyExact(widest(layers, parity), rows)];
  }

  private static int widest(List<Layer> layers, int parity) {
    int widest = 0;
    for (int l = parity; l < layers.size(); l += 2) {
      widest = Math.max(widest, layers.get(l).units());
    }
    return widest;
  }

  /// The inputs, rows x inputs: written by the caller, who says with [Matrix#rows(int)] or
  /// [#rows(int)] how many there are.
  public Matrix x() {
    return passes.getFirst().x();
  }

  /// The targets, rows x outputs: written by the caller before a loss or a backward pass.
  public Matrix y() {
    return y;
  }

  /// z(L), the output layer before its activation.
  public Matrix logits() {
    return passes.getLast().a();
  }

  /// a(L), the outputs.
  public Matrix outputs() {
    return outputs;
  }

  /// The most rows that fit.
  public int capacity() {
    return y.capacity();
  }

  /// Sets the number of examples in every matrix.
  public void rows(int n) {
    for (Matrix matrix : matrices) {
      matrix.rows(n);
    }
  }

  /// Says how far a training is, before its forward pass; a workspace begins at 0.
  ///
  /// @param t the share of its steps that have been made
  public void progress(double t) {
    for (Pass.Mask mask : masks) {
      mask.progress = t;
    }
  }

  Pass pass(int layer) {
    return passes.get(layer);
  }
}
