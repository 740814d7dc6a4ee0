package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.GradientCases.Ending;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.Initializer;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OutputSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Embeddings and factors of inputs, with all kernels. An embedding is a linear layer on one-hot
/// inputs and so is a factor: the [ReferenceNetwork] has just that in front, and knows neither.
@ParameterizedClass
@ValueSource(strings = {"java", "openblas"})
class InputTest {

  /// As in [NetworkGradientTest].
  private static final double TOLERANCE = 2e-6;

  private static final double ROUNDOFF = 0x1p-23;

  /// Number, one of 3 categories, two numbers, one of 4 categories, number: 4 + 7 inputs if every
  /// category is one.
  private static final InputLayout LAYOUT =
      new InputLayout(
          6, List.of(new InputLayout.Index("a", 1, 3), new InputLayout.Index("b/c", 4, 4)));

  private static final int SLOTS = 11;
  private static final int[] FIRST_SLOT = {0, 1, 4, 5, 6, 10};

  /// 4 numbers, 2 and 3 units.
  private static final int UNITS = 9;

  private static final int[] FIRST_UNIT = {0, 1, 3, 4, 5, 8};

  private static final int OUTPUTS = GradientCases.OUTPUTS;

  private final Kernels kernels;

  InputTest(String kernels) {
    this.kernels = KernelSelection.select(kernels).kernels();
  }

  private static NetworkSpec spec(boolean scaled, List<LayerSpec> layers, Ending ending) {
    NetworkSpec plain =
        GradientCases.network(layers, ending)
            .withEmbeddings(Map.of("b/c", new EmbeddingSpec(3), "a", new EmbeddingSpec(2)));
    return scaled ? plain.withInputScale() : plain;
  }

  private static List<NetworkSpec> specs() {
    LayerSpec dense = Defaults.fill(LayerSpec.Dense.class, 5, new Activation.Silu());
    LayerSpec dropout = new LayerSpec.Dropout(0.3);
    List<NetworkSpec> specs = new ArrayList<>();
    for (Ending ending :
        List.of(
            new Ending(new Activation.Softmax(), new LossSpec.CrossEntropy()),
            new Ending(new Activation.Identity(), new LossSpec.SquaredError()))) {
      for (List<LayerSpec> layers :
          List.of(
              List.<LayerSpec>of(),
              List.of(dense),
              List.of(dropout, dense, dropout),
              List.of(dense, dense))) {
        specs.add(spec(false, layers, ending));
        specs.add(spec(true, layers, ending));
      }
    }
    return specs;
  }

  private Network network(NetworkSpec spec, Random random) {
    float[] theta = new float[(int) Network.parameterCount(spec, LAYOUT, OUTPUTS)];
    for (int p = 0; p < theta.length; p++) {
      theta[p] = 1.8f * random.nextFloat() - 0.9f;
    }
    return Network.of(spec, LAYOUT, OUTPUTS, theta, kernels);
  }

  /// Rows with every category, and some that were never seen.
  private static float[][] rows(int n, Random random) {
    float[][] x = new float[n][LAYOUT.width()];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < LAYOUT.width(); k++) {
        x[i][k] = 3 * random.nextFloat() - 1.5f;
      }
      x[i][1] = i % 4 - 1;
      x[i][4] = (i + 2) % 5 - 1;
    }
    return x;
  }

  private static float[][] targets(NetworkSpec spec, int n, Random random) {
    float[][] y = new float[n][OUTPUTS];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < OUTPUTS; j++) {
        y[i][j] =
            spec.resolvedLoss().ofProbabilities()
                ? (j == i % OUTPUTS ? 1 : 0)
                : 3 * random.nextFloat() - 1.5f;
      }
    }
    return y;
  }

  private static void load(Workspace w, float[][] x, float[][] y, int from, int to) {
    w.rows(to - from);
    for (int i = from; i < to; i++) {
      System.arraycopy(x[i], 0, w.x().values(), (i - from) * x[i].length, x[i].length);
      System.arraycopy(y[i], 0, w.y().values(), (i - from) * y[i].length, y[i].length);
    }
  }

  private static boolean index(int k) {
    return k == 1 || k == 4;
  }

  private static double[] oneHot(float[] x) {
    double[] slots = new double[SLOTS];
    for (int k = 0; k < x.length; k++) {
      if (!index(k)) {
        slots[FIRST_SLOT[k]] = x[k];
      } else if (x[k] >= 0) {
        slots[FIRST_SLOT[k] + (int) x[k]] = 1;
      }
    }
    return slots;
  }

  /// The place of each parameter of the input layer in the reference's first matrix, SLOTS x UNITS.
  private static int[] places(Network network) {
    List<Integer> places = new ArrayList<>();
    if (network.spec().inputScale()) {
      for (int k = 0; k < LAYOUT.width(); k++) {
        if (!index(k)) {
          places.add(FIRST_SLOT[k] * UNITS + FIRST_UNIT[k]);
        }
      }
    }
    for (int k : new int[] {1, 4}) {
      int categories = k == 1 ? 3 : 4;
      int units = k == 1 ? 2 : 3;
      for (int c = 0; c < categories; c++) {
        for (int e = 0; e < units; e++) {
          places.add((FIRST_SLOT[k] + c) * UNITS + FIRST_UNIT[k] + e);
        }
      }
    }
    return places.stream().mapToInt(Integer::intValue).toArray();
  }

  private static final int FIRST_LAYER = UNITS * (SLOTS + 1);

  private static double[] referenceTheta(Network network) {
    float[] theta = network.parameters().values();
    int[] places = places(network);
    double[] reference = new double[FIRST_LAYER + theta.length - places.length];
    for (int k = 0; k < LAYOUT.width(); k++) {
      if (!index(k)) {
        reference[FIRST_SLOT[k] * UNITS + FIRST_UNIT[k]] = 1;
      }
    }
    for (int p = 0; p < theta.length; p++) {
      reference[p < places.length ? places[p] : FIRST_LAYER + p - places.length] = theta[p];
    }
    return reference;
  }

  private static ReferenceNetwork reference(NetworkSpec spec) {
    List<LayerSpec> layers = new ArrayList<>(spec.layers());
    layers.addFirst(Defaults.fill(LayerSpec.Dense.class, UNITS, new Activation.Identity()));
    return new ReferenceNetwork(
        new NetworkSpec(layers, spec.output(), spec.loss()), SLOTS, OUTPUTS);
  }

  private static ReferenceNetwork.Batch batch(
      NetworkSpec spec, Workspace w, float[][] x, float[][] y) {
    double[][] xs = new double[x.length][];
    double[][] ys = new double[x.length][];
    double[][][] masks = new double[x.length][spec.layers().size() + 1][0];
    for (int i = 0; i < x.length; i++) {
      int row = i;
      xs[i] = oneHot(x[i]);
      ys[i] = IntStream.range(0, OUTPUTS).mapToDouble(j -> y[row][j]).toArray();
      for (int l = 0; l < masks[i].length; l++) {
        var mask = w.pass(l).mask();
        if (mask != null) {
          Matrix factors = mask.factors(w.x().rows());
          int q = factors.columns();
          masks[i][l] =
              IntStream.range(0, q).mapToDouble(j -> factors.values()[row * q + j]).toArray();
        }
      }
    }
    return new ReferenceNetwork.Batch(xs, ys, masks);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 20})
  void agreesWithALinearLayerOnOneHotInputs(int n) {
    for (NetworkSpec spec : specs()) {
      Random random = new Random(n);
      Network network = network(spec, random);
      float[][] x = rows(n, random);
      float[][] y = targets(spec, n, random);
      Workspace w = network.trainingWorkspace(n + 3);
      load(w, x, y, 0, n);
      network.forwardTraining(w, 1, 2, 3);
      Parameters gradient = network.parameters().like();
      Arrays.fill(gradient.values(), Float.NaN);
      network.backward(w, n, gradient);

      ReferenceNetwork reference = reference(spec);
      ReferenceNetwork.Batch batch = batch(spec, w, x, y);
      double[] theta = referenceTheta(network);
      for (int i = 0; i < n; i++) {
        double[] expected = reference.outputs(theta, batch.x()[i], batch.masks()[i]);
        for (int j = 0; j < OUTPUTS; j++) {
          assertThat((double) w.outputs().values()[i * OUTPUTS + j])
              .as("output of %s", spec)
              .isCloseTo(expected[j], within(2e-6 * (1 + Math.abs(expected[j]))));
        }
      }
      check(gradient, widen(gradient.values()), reference.gradient(theta, batch), network);
    }
  }

  @Test
  void gradientsOfTheShardsOfABatchAddUp() {
    for (NetworkSpec spec : specs()) {
      Random random = new Random(5);
      Network network = network(spec, random);
      float[][] x = rows(9, random);
      float[][] y = targets(spec, 9, random);
      Workspace all = network.trainingWorkspace(9);
      load(all, x, y, 0, 9);
      network.forwardTraining(all, 1, 2, 3);
      double[] sum = new double[network.parameters().size()];
      Parameters gradient = network.parameters().like();
      Workspace w = network.trainingWorkspace(5);
      for (int[] shard : new int[][] {{0, 4}, {4, 9}}) {
        load(w, x, y, shard[0], shard[1]);
        network.forwardTraining(w, 1, 2, 3 + shard[0]);
        network.backward(w, 9, gradient);
        for (int p = 0; p < sum.length; p++) {
          sum[p] += gradient.values()[p];
        }
      }
      check(
          gradient,
          sum,
          reference(spec).gradient(referenceTheta(network), batch(spec, all, x, y)),
          network);
    }
  }

  private static double[] widen(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(p -> values[p]).toArray();
  }

  private static void check(
      Parameters layout, double[] actual, double[] reference, Network network) {
    int[] places = places(network);
    double[] expected = new double[actual.length];
    for (int p = 0; p < expected.length; p++) {
      expected[p] = reference[p < places.length ? places[p] : FIRST_LAYER + p - places.length];
    }
    for (Parameters.View block : layout.views()) {
      double size = GradientCases.norm(actual, block) + GradientCases.norm(expected, block);
      assertThat(GradientCases.distance(actual, expected, block))
          .as("%s of %s", block.name(), network.spec())
          .isLessThanOrEqualTo(TOLERANCE * size + ROUNDOFF);
    }
  }

  /// W(1) of a network on one-hot inputs is E times W(1) of the embedding network.
  @Test
  void anEmbeddingBeforeADenseLayerIsADenseLayerOnOneHotInputs() {
    Ending ending = new Ending(new Activation.Identity(), new LossSpec.SquaredError());
    LayerSpec hidden = Defaults.fill(LayerSpec.Dense.class, 6, new Activation.Tanh());
    InputLayout layout = new InputLayout(1, List.of(new InputLayout.Index("city", 0, 5)));
    NetworkSpec embedded =
        GradientCases.network(List.of(hidden), ending)
            .withEmbeddings(Map.of("city", new EmbeddingSpec(2)));
    Network network = Network.initialize(embedded, layout, OUTPUTS, new int[0], 3, kernels);
    float[] theta = network.parameters().values();
    int e = 5 * 2;
    for (int p = e; p < theta.length; p++) {
      theta[p] = (float) Math.sin(p);
    }
    float[] product = new float[6 * 5 + theta.length - e - 6 * 2];
    for (int j = 0; j < 6; j++) {
      for (int c = 0; c < 5; c++) {
        product[c * 6 + j] = theta[c * 2] * theta[e + j] + theta[c * 2 + 1] * theta[e + 6 + j];
      }
    }
    System.arraycopy(theta, e + 6 * 2, product, 6 * 5, theta.length - e - 6 * 2);
    Network oneHot =
        Network.of(GradientCases.network(List.of(hidden), ending), 5, OUTPUTS, product, kernels);

    Workspace w = network.workspace(6);
    Workspace v = oneHot.workspace(6);
    for (int c = 0; c < 5; c++) {
      w.x().values()[c] = c;
      v.x().values()[c * 5 + c] = 1;
    }
    w.x().values()[5] = -1; // and a row of zeros
    network.forward(w);
    oneHot.forward(v);
    for (int i = 0; i < w.outputs().size(); i++) {
      assertThat(w.outputs().values()[i]).isCloseTo(v.outputs().values()[i], within(1e-6f));
    }
  }

  @Test
  void partsStandInFrontOfThoseOfTheLayers() {
    NetworkSpec spec = specs().get(7);
    Network network = network(spec, new Random(1));
    assertThat(network.parameters().views())
        .startsWith(
            new Parameters.View("input.scale", 0, 4, 1, false),
            new Parameters.View("embeddings.a.weight", 4, 3, 2, true),
            new Parameters.View("embeddings.b/c.weight", 10, 4, 3, true),
            new Parameters.View("layers.0.weight", 22, 9, 5, true));
    assertThat(network.shapes())
        .containsExactly(
            new LayerShape("input", 6, 9, 22),
            new LayerShape("dense", 9, 5, 50),
            new LayerShape("dense", 5, 5, 30),
            new LayerShape("dense", 5, 3, 18));
    assertThat(Network.parameterCount(spec, LAYOUT, OUTPUTS)).isEqualTo(120);
    assertThat(network.inputs()).isEqualTo(6);
    assertThat(network.outputs()).isEqualTo(3);
  }

  @Test
  void networksWithoutEitherHaveNoSuchLayer() {
    NetworkSpec plain =
        GradientCases.network(
            List.of(), new Ending(new Activation.Identity(), new LossSpec.Quadratic()));
    assertThat(Network.shapes(plain, InputLayout.numbers(6), 3))
        .containsExactly(new LayerShape("dense", 6, 3, 21));
    assertThat(Network.shapes(plain.withInputScale(), InputLayout.numbers(6), 3))
        .containsExactly(new LayerShape("input", 6, 6, 6), new LayerShape("dense", 6, 3, 21));
  }

  /// There is nothing to scale.
  @Test
  void indicesAloneHaveNoFactors() {
    NetworkSpec spec =
        GradientCases.network(
                List.of(), new Ending(new Activation.Identity(), new LossSpec.Quadratic()))
            .withEmbeddings(Map.of("a", new EmbeddingSpec(2)))
            .withInputScale();
    InputLayout layout = new InputLayout(1, List.of(new InputLayout.Index("a", 0, 3)));
    assertThat(
            Network.initialize(spec, layout, 3, new int[0], 1, kernels)
                .parameters()
                .views()
                .stream()
                .map(Parameters.View::name))
        .containsExactly("embeddings.a.weight", "output.weight", "output.bias");
  }

  @Test
  void factorsStartAtOneAndEmbeddingsSmall() {
    Network network =
        Network.initialize(specs().get(7), LAYOUT, OUTPUTS, new int[0], 1, new JavaKernels());
    float[] theta = network.parameters().values();
    assertThat(Arrays.copyOf(theta, 4)).containsOnly(1);
    float[] e = Arrays.copyOfRange(theta, 4, 22);
    assertThat(e).doesNotHaveDuplicates().doesNotContain(0f);
    for (float value : e) {
      assertThat(value).isBetween(-0.05f, 0.05f);
    }
  }

  @Test
  void embeddingsHaveTheMomentsOfTheirDistribution() {
    InputLayout layout = new InputLayout(1, List.of(new InputLayout.Index("a", 0, 20_000)));
    NetworkSpec spec =
        GradientCases.network(
                List.of(), new Ending(new Activation.Identity(), new LossSpec.Quadratic()))
            .withEmbeddings(Map.of("a", new EmbeddingSpec(5)));
    float[] theta =
        Network.initialize(spec, layout, 1, new int[0], 1, kernels).parameters().values();
    double mean = 0;
    double square = 0;
    int n = 100_000;
    for (int p = 0; p < n; p++) {
      mean += theta[p] / n;
      square += (double) theta[p] * theta[p] / n;
    }
    double variance = 0.05 * 0.05 / 3;
    assertThat(mean).isCloseTo(0, within(5 * Math.sqrt(variance / n)));
    assertThat(square).isCloseTo(variance, within(5 * variance * Math.sqrt(0.8 / n)));
  }

  /// Slots 0 and 10 are numbers, 2 is category 1 of a, 6 and 9 are the first and last of b/c.
  @Test
  void silentInputsStartAtZeroAndChangeNothingElse() {
    int[] silent = {0, 2, 6, 9, 10};
    for (int index : new int[] {3, 5, 7}) { // a dense layer, dropout, two dense layers
      NetworkSpec given = specs().get(index);
      NetworkSpec spec =
          new NetworkSpec(
              given.layers(),
              given.embeddings(),
              true,
              null,
              null,
              new OutputSpec(
                  new Activation.Softmax(),
                  new Initializer.GlorotUniform(),
                  new Initializer.Zeros()),
              given.loss());
      Network all = Network.initialize(spec, LAYOUT, OUTPUTS, new int[0], 1, kernels);
      Network silenced = Network.initialize(spec, LAYOUT, OUTPUTS, silent, 1, kernels);
      Set<Integer> zeros =
          new java.util.HashSet<>(
              List.of(4 + 2, 4 + 3, 10, 11, 12, 10 + 3 * 3, 10 + 3 * 3 + 1, 10 + 3 * 3 + 2));
      for (int j = 0; j < 5; j++) {
        zeros.add(22 + j); // the first unit of the input layer
        zeros.add(22 + 8 * 5 + j); // the last
      }
      for (int p = 0; p < all.parameters().size(); p++) {
        assertThat(silenced.parameters().values()[p])
            .as("parameter %d", p)
            .isEqualTo(zeros.contains(p) ? 0 : all.parameters().values()[p]);
      }
    }
  }

  @Test
  void refusesASilentInputThatIsNone() {
    assertThatThrownBy(
            () ->
                Network.initialize(
                    specs().get(7), LAYOUT, OUTPUTS, new int[] {2, 11}, 1, new JavaKernels()))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("slot 11 of 11");
  }

  @Test
  void refusesAnIndexBeyondTheCategories() {
    Network network = network(specs().get(0), new Random(1));
    Workspace w = network.workspace(1);
    w.x().values()[1] = 3;
    assertThatThrownBy(() -> network.forward(w)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void refusesEmbeddingsThatTheLayoutLacksOrHasBeyondThem() {
    NetworkSpec spec = specs().getFirst();
    assertThatThrownBy(() -> Network.shapes(spec, InputLayout.numbers(6), 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Network.shapes(spec.withEmbeddings(Map.of()), LAYOUT, 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new InputLayout(
                    2, List.of(new InputLayout.Index("a", 1, 1), new InputLayout.Index("b", 1, 1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bytesOfAWorkspaceAreKnownWithoutBuilding(boolean training) {
    NetworkSpec spec = specs().get(5);
    Network network = network(spec, new Random(1));
    Workspace w = training ? network.trainingWorkspace(9) : network.workspace(9);
    Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int l = 0; l < network.shapes().size(); l++) {
      w.pass(l).matrices().forEach(matrix -> arrays.add(matrix.values()));
    }
    arrays.add(w.x().values());
    arrays.add(w.y().values());
    arrays.add(w.outputs().values());
    long bytes = arrays.stream().mapToLong(array -> 4L * array.length).sum();
    if (training) {
      for (LayerShape shape : network.shapes()) {
        bytes += shape.type().equals("dropout") ? Mask.bytes(9, shape.units()) : 0;
      }
    }
    assertThat(Network.workspaceBytes(spec, LAYOUT, OUTPUTS, 9, training)).isEqualTo(bytes);
  }

  @Test
  void aBatchOfNoRowsHasNoGradient() {
    Network network = network(specs().get(7), new Random(1));
    Workspace w = network.trainingWorkspace(4);
    w.rows(0);
    network.forwardTraining(w, 1, 1, 0);
    Parameters gradient = network.parameters().like();
    Arrays.fill(gradient.values(), 7);
    network.backward(w, 4, gradient);
    assertThat(gradient.values()).containsOnly(0);
  }
}
