package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.nn.ReferenceNetwork.Batch;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.Initializer;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.SpecCopy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/// Every activation, every loss on every output that may have it, every kind of layer.
@SuppressWarnings("ArrayRecordComponent")
final class GradientCases {

  static final int INPUTS = 4;
  static final int OUTPUTS = 3;

  /// A step of central differences must not cross a kink, nor may a rounding of float.
  private static final double CLEAR_OF_KINKS = 1e-3;

  /// An output layer's activation and loss.
  record Ending(Activation activation, LossSpec loss) {}

  private GradientCases() {}

  static List<Activation> hiddenActivations() {
    return List.of(
        new Activation.Identity(),
        new Activation.Sigmoid(),
        new Activation.Tanh(),
        new Activation.Relu(),
        new Activation.LeakyRelu(0.1),
        new Activation.Prelu(0.25),
        new Activation.Elu(1),
        new Activation.Elu(0.7),
        new Activation.Selu(),
        new Activation.Gelu(),
        new Activation.Silu(),
        new Activation.Mish(),
        new Activation.Softplus());
  }

  /// Those whose shares can be learned.
  static List<Activation> parametricActivations() {
    return hiddenActivations().stream()
        .filter(f -> !(f instanceof Activation.Identity || f instanceof Activation.Prelu))
        .toList();
  }

  /// The same network, each hidden unit of which learns the share that it takes of its activation.
  static NetworkSpec parametric(NetworkSpec spec) {
    return SpecCopy.of(spec)
        .with("layers", spec.layers().stream().map(GradientCases::parametric).toList())
        .spec();
  }

  private static LayerSpec parametric(LayerSpec layer) {
    return switch (layer) {
      case LayerSpec.Dense dense -> SpecCopy.of(dense).with("parametric", true).spec();
      case LayerSpec.Residual(List<LayerSpec> layers, boolean projection) ->
          new LayerSpec.Residual(
              layers.stream().map(GradientCases::parametric).toList(), projection);
      case LayerSpec.Dropout _, LayerSpec.LayerNorm _, LayerSpec.BatchNorm _ -> layer;
    };
  }

  /// Every loss behind every output that it goes with.
  static List<Ending> endings() {
    List<Ending> endings = new ArrayList<>(endingsOfProbabilities());
    endings.add(new Ending(new Activation.Exponential(), new LossSpec.Poisson()));
    List<Activation> outputs = new ArrayList<>(hiddenActivations());
    outputs.removeIf(f -> f instanceof Activation.Prelu);
    outputs.add(new Activation.Softmax());
    outputs.add(new Activation.Exponential());
    outputs.forEach(output -> endings.addAll(endingsOfNumbers(output)));
    return endings;
  }

  /// Every loss, each behind one output at least.
  static List<Ending> everyLoss() {
    List<Ending> endings = new ArrayList<>(endingsOfProbabilities());
    endings.add(new Ending(new Activation.Exponential(), new LossSpec.Poisson()));
    endings.addAll(endingsOfNumbers(hiddenActivations().getFirst()));
    return endings;
  }

  private static List<Ending> endingsOfProbabilities() {
    List<Ending> endings = new ArrayList<>();
    endings.add(new Ending(new Activation.Sigmoid(), new LossSpec.CrossEntropy()));
    endings.add(new Ending(new Activation.Softmax(), new LossSpec.CrossEntropy()));
    for (Activation output : List.of(new Activation.Sigmoid(), new Activation.Softmax())) {
      endings.add(new Ending(output, new LossSpec.CrossEntropy(0.2)));
      endings.add(new Ending(output, new LossSpec.Focal(2)));
      endings.add(new Ending(output, new LossSpec.Focal(0.5)));
      endings.add(new Ending(output, new LossSpec.Focal(0)));
    }
    return endings;
  }

  private static List<Ending> endingsOfNumbers(Activation output) {
    return List.of(
        new Ending(output, new LossSpec.SquaredError()),
        new Ending(output, new LossSpec.Quadratic()),
        new Ending(output, new LossSpec.AbsoluteError()),
        new Ending(output, new LossSpec.Huber(0.6)),
        new Ending(output, new LossSpec.Quantile(0.3)),
        new Ending(output, new LossSpec.Quantile(null, List.of(0.1, 0.5, 0.8))));
  }

  /// Dense layers, dropout and normalization in the orders that differ. Dropout is between, before,
  /// after and not there at all. Normalization of examples and of batches is first, last and
  /// between. Residual blocks, with and without a projection, are first, last, between and inside
  /// each other.
  static List<NetworkSpec> networks(Activation f, Ending ending) {
    LayerSpec wide = Defaults.fill(LayerSpec.Dense.class, 5, f);
    LayerSpec narrow = Defaults.fill(LayerSpec.Dense.class, 2, f);
    LayerSpec dropout = new LayerSpec.Dropout(0.4);
    LayerSpec norm = new LayerSpec.LayerNorm(0.01);
    LayerSpec batchNorm = new LayerSpec.BatchNorm(0.05, 0.1);
    LayerSpec normalizing = new LayerSpec.Residual(List.of(batchNorm, wide), false);
    LayerSpec block = new LayerSpec.Residual(List.of(norm, narrow, dropout, wide), false);
    LayerSpec widening = new LayerSpec.Residual(List.of(dropout, wide, block), true);
    return List.of(
        network(List.of(wide, dropout, narrow), ending),
        network(List.of(dropout, wide, dropout), ending),
        network(List.of(narrow, wide), ending),
        network(List.of(wide, norm, narrow), ending),
        network(List.of(norm, wide, dropout, norm), ending),
        network(List.of(wide, block), ending),
        network(List.of(widening, norm), ending),
        network(List.of(batchNorm, wide, dropout, batchNorm, narrow), ending),
        network(List.of(wide, normalizing, batchNorm), ending));
  }

  /// With a copy of the parameters of the example, and statistics as they start.
  static Network network(Example example, Kernels kernels) {
    return network(example.spec, example.parameters, kernels);
  }

  private static Network network(NetworkSpec spec, float[] parameters, Kernels kernels) {
    Network network = Network.initialize(spec, INPUTS, OUTPUTS, new int[0], 0, kernels);
    System.arraycopy(parameters, 0, network.parameters().values(), 0, parameters.length);
    return network;
  }

  static NetworkSpec network(List<LayerSpec> layers, Ending ending) {
    Initializer zeros = new Initializer.Zeros();
    return new NetworkSpec(
        layers, new OutputSpec(ending.activation(), zeros, zeros), ending.loss());
  }

  /// Random parameters and a random batch, clear of kinks.
  static Example example(NetworkSpec spec, int rows) {
    for (long seed = 0; seed < 1_000; seed++) {
      Example example = draw(spec, rows, new Random(seed));
      if (example.reference.distanceFromKinks(example.theta(), example.batch()) > CLEAR_OF_KINKS) {
        return example;
      }
    }
    throw new IllegalStateException("no batch is clear of kinks");
  }

  /// @param parameters and x and y are what the engine gets
  record Example(
      NetworkSpec spec,
      ReferenceNetwork reference,
      float[] parameters,
      float[][] x,
      float[][] y,
      float[][][] masks) {

    double[] theta() {
      return doubles(parameters);
    }

    Batch batch() {
      double[][] xs = new double[x.length][];
      double[][] ys = new double[x.length][];
      double[][][] ms = new double[masks.length][spec.layersByPointer().size()][];
      for (int i = 0; i < x.length; i++) {
        xs[i] = doubles(x[i]);
        ys[i] = doubles(y[i]);
      }
      for (int i = 0; i < masks.length; i++) {
        for (int l = 0; l < ms[i].length; l++) {
          ms[i][l] = doubles(masks[i][l]);
        }
      }
      return new Batch(xs, ys, ms);
    }
  }

  private static Example draw(NetworkSpec spec, int rows, Random random) {
    int[] places = UnitOrder.of(blocks(spec));
    float[] drawn = uniform(places.length, -0.9f, 0.9f, random);
    float[] parameters = new float[places.length];
    for (int p = 0; p < places.length; p++) {
      parameters[places[p]] = drawn[p];
    }
    float[][] x = new float[rows][];
    float[][] y = new float[rows][];
    for (int i = 0; i < rows; i++) {
      x[i] = uniform(INPUTS, -1.5f, 1.5f, random);
      y[i] = targets(spec, random);
    }
    return new Example(
        spec, new ReferenceNetwork(spec, INPUTS, OUTPUTS), parameters, x, y, masks(spec, rows));
  }

  /// Probabilities for cross-entropy and its kin, of one distribution for softmax; rates for
  /// Poisson; any numbers for the others.
  private static float[] targets(NetworkSpec spec, Random random) {
    if (spec.resolvedLoss() instanceof LossSpec.Poisson) {
      return uniform(OUTPUTS, 0, 3, random);
    }
    if (!spec.resolvedLoss().ofProbabilities()) {
      return uniform(OUTPUTS, -1.5f, 1.5f, random);
    }
    float[] y = uniform(OUTPUTS, 0, 1, random);
    if (spec.outputActivation() instanceof Activation.Softmax) {
      float sum = y[0] + y[1] + y[2];
      for (int j = 0; j < OUTPUTS; j++) {
        y[j] /= sum;
      }
    }
    return y;
  }

  /// The masks that the engine draws for seed 1, epoch 2, from position 3 on.
  private static float[][][] masks(NetworkSpec spec, int rows) {
    int count = (int) Network.parameterCount(spec, INPUTS, OUTPUTS);
    Network network = network(spec, new float[count], new JavaKernels());
    Workspace w = network.trainingWorkspace(rows);
    WholeBatch.forward(network, w, 1, 2, 3);
    int all = rows * spec.networks();
    float[][][] masks = new float[all][spec.layersByPointer().size()][0];
    List<Layer> layers = Layers.of(spec, InputLayout.numbers(INPUTS), OUTPUTS).list();
    for (int l = 0; l < layers.size(); l++) {
      if (layers.get(l) instanceof Dropout dropout) {
        float[] mask = Objects.requireNonNull(w.pass(l).mask()).factors(all).values();
        int q = dropout.units();
        for (int i = 0; i < all; i++) {
          masks[i][dropout.layer()] = Arrays.copyOfRange(mask, i * q, (i + 1) * q);
        }
      }
    }
    return masks;
  }

  private static float[] uniform(int n, float from, float to, Random random) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = from + (to - from) * random.nextFloat();
    }
    return values;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /// ||a|| over one block of parameters.
  static double norm(double[] a, Parameters.View block) {
    return distance(a, new double[a.length], block);
  }

  /// ||a - b|| over one block of parameters.
  static double distance(double[] a, double[] b, Parameters.View block) {
    double squares = 0;
    for (int i = block.offset(); i < block.offset() + block.size(); i++) {
      squares += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(squares);
  }

  /// The blocks of parameters of such a network.
  static List<Parameters.View> blocks(NetworkSpec spec) {
    int count = (int) Network.parameterCount(spec, INPUTS, OUTPUTS);
    return network(spec, new float[count], new JavaKernels()).parameters().views();
  }
}
