package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Everything that a batch touches on its way through a network, but for the weights. Owned by one
/// thread; made by [Network#workspace(int)] or [Network#trainingWorkspace(int)], and of use to
/// every network of the same spec and widths.
///
/// If nothing must be kept until the backward pass, two arrays take turns from layer to layer: for
/// the derivatives in training, for the activations in prediction.
///
/// Behind the layer in which members part, every matrix has a row for each example and member.
public final class Workspace {

  private final List<Pass> passes;
  private final Mask[] masks;

  /// Of the network, or the mean of its members.
  private final Answers answers;

  /// Null for one network.
  private final @Nullable Members members;

  /// Whether there are members, and their last pass was one of training.
  private boolean apart;

  /// What has a row for each example, and what has one for each example and member.
  private final Matrix[] single;

  private final Matrix[] several;

  private Workspace(List<Pass> passes, Answers answers, @Nullable Members members) {
    this.passes = passes;
    this.answers = answers;
    this.members = members;
    this.masks = passes.stream().map(Pass::mask).filter(Objects::nonNull).toArray(Mask[]::new);
    List<Matrix> all =
        new ArrayList<>(List.of(x(), answers.logits(), answers.outputs(), answers.y()));
    passes.forEach(pass -> all.addAll(pass.matrices()));
    if (members != null) {
      all.addAll(members.matrices());
    }
    single = all.stream().filter(matrix -> matrix.capacity() == capacity()).toArray(Matrix[]::new);
    several = all.stream().filter(matrix -> matrix.capacity() != capacity()).toArray(Matrix[]::new);
  }

  static Workspace of(List<Layer> layers, int rows, boolean training) {
    int q = layers.getLast().units();
    float[][] turns = {turn(layers, 0, rows), turn(layers, 1, rows)};
    List<Pass> passes = new ArrayList<>();
    Matrix x = Matrix.allocate(rows, layers.getFirst().inputs());
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      int capacity = Math.multiplyExact(x.capacity(), layer.spread());
      Matrix turn = new Matrix(turns[l % 2], 0, capacity, layer.units());
      Pass pass = training ? layer.trainingPass(x, turn, passes) : layer.pass(x, turn, passes);
      passes.add(pass);
      x = pass.a();
    }
    Matrix outputs = Matrix.allocate(rows, q);
    Matrix y = Matrix.allocate(rows, q);
    int members = layers.stream().mapToInt(Layer::spread).reduce(1, (a, b) -> a * b);
    if (members == 1) {
      return new Workspace(List.copyOf(passes), new Answers(x, outputs, y, 1), null);
    }
    Answers mean = new Answers(Matrix.allocate(rows, q), outputs, y, 1);
    return new Workspace(List.copyOf(passes), mean, new Members(members, x, training));
  }

  /// Bytes of the arrays of such a workspace.
  static long bytes(List<Layer> layers, long rows, boolean training) {
    int q = layers.getLast().units();
    long columns = layers.getFirst().inputs() + 2L * q + widest(layers, 0) + widest(layers, 1);
    long scratch = 0;
    long spread = 1;
    for (Layer layer : layers) {
      spread *= layer.spread();
      columns += spread * layer.keptColumns(training);
      scratch += layer.scratchBytes(spread * rows, training);
    }
    if (spread > 1) {
      columns += q;
      scratch += Members.bytes(spread, rows, q, training);
    }
    return columns * rows * Float.BYTES + scratch;
  }

  private static float[] turn(List<Layer> layers, int parity, int rows) {
    return new float[Math.toIntExact(Math.multiplyExact(widest(layers, parity), rows))];
  }

  /// Floats for each example that go behind any of every other layer.
  private static long widest(List<Layer> layers, int parity) {
    long widest = 0;
    long spread = 1;
    for (int l = 0; l < layers.size(); l++) {
      spread *= layers.get(l).spread();
      if (l % 2 == parity) {
        widest = Math.max(widest, spread * layers.get(l).units());
      }
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
    return answers.y();
  }

  /// z(L), the output layer before its activation. Of members, those of their mean outputs, as
  /// [MeanOutputs] has them.
  ///
  /// @throws IllegalStateException if members trained in the last pass: their mean is not taken
  public Matrix logits() {
    return answers().logits();
  }

  /// a(L), the outputs. Of members, the mean of theirs.
  ///
  /// @throws IllegalStateException if members trained in the last pass: their mean is not taken
  public Matrix outputs() {
    return answers().outputs();
  }

  /// The answers with their targets. Of members, the mean of theirs.
  ///
  /// @throws IllegalStateException if members trained in the last pass: their mean is not taken
  public Answers answers() {
    if (apart) {
      throw new IllegalStateException("members that train have no mean");
    }
    return answers;
  }

  /// From the logits of the last layer to outputs, after a pass of prediction.
  void answer(LossFunction loss) {
    apart = false;
    if (members == null) {
      loss.outputs(answers.logits(), answers.outputs());
    } else {
      members.answer(loss);
      members.average(loss.f(), answers);
    }
  }

  /// From the logits of the last layer to outputs, after a pass of training.
  void answerApart(LossFunction loss) {
    if (members == null) {
      answer(loss);
    } else {
      members.answer(loss);
      apart = true;
    }
  }

  /// What the loss looks at, beside the targets: the answers of members one by one if they trained.
  Answers judged() {
    return apart && members != null ? members.apart(answers.y()) : answers;
  }

  /// The weights of what is judged, the first at [#firstWeight].
  ///
  /// @param first that of the first example is `weights[first]`
  double[] weights(double[] weights, int first) {
    return apart && members != null ? members.weights(weights, first, answers.y().rows()) : weights;
  }

  int firstWeight(int first) {
    return apart ? 0 : first;
  }

  /// The most rows that fit.
  public int capacity() {
    return answers.y().capacity();
  }

  /// Sets the number of examples in every matrix.
  public void rows(int n) {
    for (Matrix matrix : single) {
      matrix.rows(n);
    }
    if (members != null) {
      for (Matrix matrix : several) {
        matrix.rows(members.count() * n);
      }
    }
  }

  /// Says how far a training is, before its forward pass; a workspace begins at 0.
  ///
  /// @param t the share of its steps that have been made
  public void progress(double t) {
    for (Mask mask : masks) {
      mask.progress = t;
    }
  }

  Pass pass(int layer) {
    return passes.get(layer);
  }
}
