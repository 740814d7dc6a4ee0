package dev.backprop.nn;

import dev.backprop.linalg.Kernels;
import dev.backprop.linalg.Matrix;
import dev.backprop.spec.NetworkSpec;
import java.util.List;

/// A feed-forward network: immutable to its callers but for the values of its parameters, so that
/// many threads may predict with it, each with a [Workspace] of its own.
///
/// Its [Layers] end at the logits z(L), from where the [LossFunction] takes over.
public final class Network {

  /// The most parameters that one array holds.
  public static final int MAX_PARAMETERS = Integer.MAX_VALUE - 8;

  private final NetworkSpec spec;
  private final List<Layer> layers;
  private final LossFunction loss;
  private final Parameters theta;
  private final Kernels kernels;

  /// Layers below this one have nothing to learn, so no error needs to reach them.
  private final int firstTrainable;

  private Network(NetworkSpec spec, List<Layer> layers, Parameters theta, Kernels kernels) {
    this.spec = spec;
    this.layers = layers;
    this.loss = new LossFunction(spec.outputActivation(), spec.resolvedLoss());
    this.theta = theta;
    this.kernels = kernels;
    int first = 0;
    while (!layers.get(first).trainable()) {
      first++;
    }
    this.firstTrainable = first;
  }

  /// As [#initialize(NetworkSpec, InputLayout, int, int[], long, Kernels)], on numbers.
  public static Network initialize(
      NetworkSpec spec, int inputs, int outputs, int[] silentInputs, long seed, Kernels kernels) {
    return initialize(spec, InputLayout.numbers(inputs), outputs, silentInputs, seed, kernels);
  }

  /// A network that starts as its initializers say: a pure function of the arguments.
  ///
  /// @param spec a resolved spec
  /// @param silentInputs inputs whose weights start at zero, and stay so as long as the input does
  ///   not fire; ascending, counted as if every category of the layout were an input
  /// @throws IllegalArgumentException where there are more parameters than an array holds
  public static Network initialize(
      NetworkSpec spec,
      InputLayout inputs,
      int outputs,
      int[] silentInputs,
      long seed,
      Kernels kernels) {
    Layers layers = Layers.of(spec, inputs, outputs);
    long count = layers.parameterCount();
    if (count > MAX_PARAMETERS) {
      throw new IllegalArgumentException(
          "parameters must be at most %d, were %d".formatted(MAX_PARAMETERS, count));
    }
    Parameters theta = new Parameters(new float[(int) count], layers.views());
    layers.drawParameters(theta, seed);
    layers.silence(silentInputs, theta);
    return new Network(spec, layers.list(), theta, kernels);
  }

  /// As [#of(NetworkSpec, InputLayout, int, float\[\], Kernels)], on numbers.
  public static Network of(
      NetworkSpec spec, int inputs, int outputs, float[] parameters, Kernels kernels) {
    return of(spec, InputLayout.numbers(inputs), outputs, parameters, kernels);
  }

  /// A network with these parameters, which it keeps and does not copy.
  ///
  /// @param spec a resolved spec
  /// @param parameters as many as [#parameterCount] says
  public static Network of(
      NetworkSpec spec, InputLayout inputs, int outputs, float[] parameters, Kernels kernels) {
    Layers layers = Layers.of(spec, inputs, outputs);
    long count = layers.parameterCount();
    if (count != parameters.length) {
      throw new IllegalArgumentException(
          "the network has %d parameters, %d were given".formatted(count, parameters.length));
    }
    return new Network(spec, layers.list(), new Parameters(parameters, layers.views()), kernels);
  }

  /// The same network with other parameters, which begin as a copy of these.
  public Network copy() {
    return copy(kernels);
  }

  /// As [#copy()], computing with other kernels.
  public Network copy(Kernels with) {
    return new Network(spec, layers, theta.copy(), with);
  }

  /// As [#parameterCount(NetworkSpec, InputLayout, int)], on numbers.
  public static long parameterCount(NetworkSpec spec, int inputs, int outputs) {
    return parameterCount(spec, InputLayout.numbers(inputs), outputs);
  }

  /// Everything that such a network learns, without building it.
  public static long parameterCount(NetworkSpec spec, InputLayout inputs, int outputs) {
    return Layers.of(spec, inputs, outputs).parameterCount();
  }

  /// Bytes of the arrays of a workspace of such a network, without building either.
  public static long workspaceBytes(
      NetworkSpec spec, InputLayout inputs, int outputs, int rows, boolean training) {
    return Workspace.bytes(Layers.of(spec, inputs, outputs).list(), rows, training);
  }

  /// The layers of such a network, the output layer last, without building it.
  ///
  /// @throws dev.backprop.spec.InvalidSpecException with a pointer below `/layers` where a layer
  ///   does not suit the width of its inputs
  public static List<LayerShape> shapes(NetworkSpec spec, InputLayout inputs, int outputs) {
    return Layers.of(spec, inputs, outputs).shapes();
  }

  public NetworkSpec spec() {
    return spec;
  }

  public int inputs() {
    return layers.getFirst().inputs();
  }

  public int outputs() {
    return layers.getLast().units();
  }

  public Parameters parameters() {
    return theta;
  }

  public List<LayerShape> shapes() {
    return layers.stream().map(Layer::shape).toList();
  }

  /// Scratch for predicting up to that many rows at once.
  public Workspace workspace(int rows) {
    return Workspace.of(layers, rows, false);
  }

  /// Scratch for training on batches of up to that many rows.
  public Workspace trainingWorkspace(int rows) {
    return Workspace.of(layers, rows, true);
  }

  /// Prediction: from the rows in use of `w.x()` to `w.logits()` and `w.outputs()`, without
  /// dropout.
  public void forward(Workspace w) {
    w.rows(w.x().rows());
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).forward(w.pass(l), theta, kernels);
    }
    loss.outputs(w.logits(), w.outputs());
  }

  /// The forward pass of training, with dropout.
  ///
  /// @param w a training workspace
  /// @param position index of the batch's first example in the epoch's order
  public void forwardTraining(Workspace w, long seed, int epoch, long position) {
    w.rows(w.x().rows());
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).forwardTraining(w.pass(l), theta, kernels, seed, epoch, position);
    }
    loss.outputs(w.logits(), w.outputs());
  }

  /// The SUM over the examples of the loss against `w.y()`, after a forward pass, without penalty.
  public double loss(Workspace w) {
    return loss.sum(w.logits(), w.outputs(), w.y());
  }

  /// As [#loss(Workspace)], each loss times its weight.
  ///
  /// @param weights that of example i of `w` is `weights[first + i]`
  public double loss(Workspace w, double[] weights, int first) {
    return loss.weightedSum(w.logits(), w.outputs(), w.y(), weights, first);
  }

  /// dJ/dparameters after a forward pass of training, J being the mean of the loss over `batchRows`
  /// examples; overwrites `gradient`.
  ///
  /// @param w a training workspace
  /// @param batchRows examples in the mini-batch, of which `w` may hold a part
  public void backward(Workspace w, int batchRows, Parameters gradient) {
    Matrix dz = w.pass(layers.size() - 1).gradient();
    loss.delta(w.logits(), w.outputs(), w.y(), batchRows, dz);
    backward(w, gradient);
  }

  /// As [#backward(Workspace, int, Parameters)], J being the weighted mean Σ w_i L_i / Σ w_i.
  ///
  /// @param weights that of example i of `w` is `weights[first + i]`
  /// @param weightSum of the mini-batch, above 0
  public void backward(
      Workspace w, double[] weights, int first, double weightSum, Parameters gradient) {
    Matrix dz = w.pass(layers.size() - 1).gradient();
    loss.weightedDelta(w.logits(), w.outputs(), w.y(), weights, first, weightSum, dz);
    backward(w, gradient);
  }

  /// From the output error dJ/dz(L), which is in place, to the left.
  private void backward(Workspace w, Parameters gradient) {
    for (int l = layers.size() - 1; l >= firstTrainable; l--) {
      Matrix dx = l > firstTrainable ? w.pass(l - 1).gradient() : null;
      layers.get(l).backward(w.pass(l), theta, gradient, dx, kernels);
    }
  }
}
