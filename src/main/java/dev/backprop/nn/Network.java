package dev.backprop.nn;

import dev.backprop.linalg.Kernels;
import dev.backprop.linalg.Matrix;
import dev.backprop.spec.Activation;
import dev.backprop.spec.Initializer;
import dev.backprop.spec.LayerSpec;
import dev.backprop.spec.NetworkSpec;
import dev.backprop.spec.OutputSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A feed-forward network: immutable to its callers but for the values of its parameters, so that
/// many threads may predict with it, each with a [Workspace] of its own.
///
/// A layer for the inputs comes first where they are scaled or embedded. The hidden layers of the
/// spec follow, each named by the index that it has there; the output layer is last and ends at its
/// logits z(L), from where the [LossFunction] takes over.
public final class Network {

  /// The most parameters that one array holds.
  public static final int MAX_PARAMETERS = Integer.MAX_VALUE - 8;

  private static final Activation LOGITS = new Activation.Identity();

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
    long count = parameterCount(spec, inputs, outputs);
    if (count > MAX_PARAMETERS) {
      throw new IllegalArgumentException(
          "parameters must be at most %d, were %d".formatted(MAX_PARAMETERS, count));
    }
    Network network = of(spec, inputs, outputs, new float[(int) count], kernels);
    network.drawParameters(seed);
    network.silence(silentInputs);
    return network;
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
    List<Layer> layers = layers(spec, inputs, outputs);
    long count = parameterCount(spec, inputs, outputs);
    if (count != parameters.length) {
      throw new IllegalArgumentException(
          "the network has %d parameters, %d were given".formatted(count, parameters.length));
    }
    return new Network(spec, layers, new Parameters(parameters, views(spec, layers)), kernels);
  }

  /// The same network with other parameters, which begin as a copy of these.
  public Network copy() {
    return new Network(spec, layers, theta.copy(), kernels);
  }

  /// As [#parameterCount(NetworkSpec, InputLayout, int)], on numbers.
  public static long parameterCount(NetworkSpec spec, int inputs, int outputs) {
    return parameterCount(spec, InputLayout.numbers(inputs), outputs);
  }

  /// Everything that such a network learns, without building it.
  public static long parameterCount(NetworkSpec spec, InputLayout inputs, int outputs) {
    return shapes(spec, inputs, outputs).stream().mapToLong(LayerShape::parameters).sum();
  }

  /// Bytes of the arrays of a workspace of such a network, without building either.
  public static long workspaceBytes(
      NetworkSpec spec, InputLayout inputs, int outputs, int rows, boolean training) {
    return Workspace.bytes(layers(spec, inputs, outputs), rows, training);
  }

  /// The layers of such a network, the output layer last, without building it.
  public static List<LayerShape> shapes(NetworkSpec spec, InputLayout inputs, int outputs) {
    return layers(spec, inputs, outputs).stream().map(Layer::shape).toList();
  }

  private static List<Layer> layers(NetworkSpec spec, InputLayout inputs, int outputs) {
    List<Layer> layers = new ArrayList<>();
    int width = inputs.width();
    int views = 0;
    Input input = Input.of(spec, inputs);
    if (input != null) {
      layers.add(input);
      views = input.views();
      width = input.units();
    }
    for (int l = 0; l < spec.layers().size(); l++) {
      Layer layer =
          switch (spec.layers().get(l)) {
            case LayerSpec.Dense dense ->
                new Dense(width, dense.units(), dense.activation(), views);
            case LayerSpec.Dropout dropout -> new Dropout(width, dropout.rate(), l);
          };
      layers.add(layer);
      views += layer.views();
      width = layer.units();
    }
    layers.add(new Dense(width, outputs, LOGITS, views));
    return List.copyOf(layers);
  }

  /// The hidden layers, each where its spec stands in the spec's list.
  private static List<Layer> hidden(List<Layer> layers) {
    return layers.subList(layers.getFirst() instanceof Input ? 1 : 0, layers.size() - 1);
  }

  /// The views of every layer that has them, one behind the other: those of the inputs, then W, b
  /// and slope.
  private static List<Parameters.View> views(NetworkSpec spec, List<Layer> layers) {
    List<Parameters.View> views = new ArrayList<>();
    if (layers.getFirst() instanceof Input input) {
      views.addAll(input.parts());
    }
    List<Layer> hidden = hidden(layers);
    for (int l = 0; l < hidden.size(); l++) {
      if (hidden.get(l) instanceof Dense dense
          && spec.layers().get(l) instanceof LayerSpec.Dense said) {
        add(views, dense, "layers." + l, said.learningRateFactor(), said.decayFactor());
      }
    }
    if (layers.getLast() instanceof Dense dense) {
      OutputSpec said = spec.resolvedOutput();
      add(views, dense, "output", said.learningRateFactor(), said.decayFactor());
    }
    return views;
  }

  private static void add(
      List<Parameters.View> views, Dense dense, String name, double rate, double decay) {
    int inputs = dense.inputs();
    int units = dense.units();
    int offset = views.isEmpty() ? 0 : views.getLast().end();
    views.add(new Parameters.View(name + ".weight", offset, units, inputs, true, rate, decay));
    offset += units * inputs;
    views.add(new Parameters.View(name + ".bias", offset, units, 1, false, rate, decay));
    offset += units;
    if (dense.learnsSlope()) {
      views.add(new Parameters.View(name + ".slope", offset, 1, 1, false, rate, decay));
    }
  }

  private void drawParameters(long seed) {
    if (layers.getFirst() instanceof Input input) {
      input.draw(theta, seed);
    }
    List<Layer> hidden = hidden(layers);
    for (int l = 0; l < hidden.size(); l++) {
      if (hidden.get(l) instanceof Dense layer
          && spec.layers().get(l) instanceof LayerSpec.Dense dense) {
        draw(layer, dense.initializer(), dense.biasInitializer(), seed);
      }
    }
    if (layers.getLast() instanceof Dense layer) {
      OutputSpec output = spec.resolvedOutput();
      draw(layer, output.initializer(), output.biasInitializer(), seed);
    }
  }

  private void draw(Dense layer, Initializer weights, Initializer biases, long seed) {
    int weight = layer.weight();
    int fanIn = layer.inputs();
    int fanOut = layer.units();
    Initialization.fill(theta, theta.views().get(weight), weights, fanIn, fanOut, seed);
    Initialization.fill(theta, theta.views().get(weight + 1), biases, fanIn, fanOut, seed);
    if (layer.f() instanceof Activation.Prelu(double slope)) {
      theta.values()[theta.views().get(weight + 2).offset()] = (float) slope;
    }
  }

  private void silence(int[] silentInputs) {
    if (layers.getFirst() instanceof Input input) {
      input.silence(silentInputs, theta, theta.views().get(input.views()));
    } else {
      for (int k : silentInputs) {
        silence(theta, theta.views().getFirst(), k);
      }
    }
  }

  /// Column k of W = 0.
  static void silence(Parameters theta, Parameters.View w, int k) {
    for (int j = 0; j < w.rows(); j++) {
      theta.values()[w.offset() + j * w.columns() + Objects.checkIndex(k, w.columns())] = 0;
    }
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
