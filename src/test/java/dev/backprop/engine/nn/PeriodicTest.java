package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.nn.GradientCases.Ending;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.Scaling;
import dev.backprop.engine.spec.Task;
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

/// Cosines of numbers, with all kernels. What is in front of the layers of the spec is written down
/// here once more in double precision, and its derivatives are central differences; behind it
/// stands the [ReferenceNetwork].
@ParameterizedClass
@ValueSource(strings = {"java", "openblas"})
class PeriodicTest {

  /// As in [NetworkGradientTest].
  private static final double TOLERANCE = 2e-6;

  private static final double ROUNDOFF = 0x1p-23;

  private static final double STEP = 1e-5;

  private static final int OUTPUTS = GradientCases.OUTPUTS;

  private static final Ending SOFTMAX =
      new Ending(new Activation.Softmax(), new LossSpec.CrossEntropy());

  private static final LayerSpec DENSE =
      Defaults.fill(LayerSpec.Dense.class, 5, new Activation.Silu());

  /// A number of 3 cosines, one of 3 categories, a number without, one of 1 cosine and its
  /// indicator.
  private static final InputLayout MIXED =
      new InputLayout(
          5,
          List.of(new InputLayout.Index("a", 1, 3)),
          List.of(1, 1, 1, 2),
          List.of(),
          List.of(new InputLayout.Periodic(0, 3, 0.5), new InputLayout.Periodic(3, 1, 0.5)));

  /// Two numbers of cosines around one-hot inputs that are rows of weights.
  private static final InputLayout HOT =
      new InputLayout(
          73,
          List.of(),
          List.of(1, 40, 31, 1),
          List.of(new InputLayout.OneHot(1, 40), new InputLayout.OneHot(41, 31)),
          List.of(new InputLayout.Periodic(0, 4, 0.5), new InputLayout.Periodic(72, 2, 0.5)));

  private final Kernels kernels;

  PeriodicTest(String kernels) {
    this.kernels = KernelSelection.select(kernels).kernels();
  }

  /// What a network looks like and what enters it.
  private record Case(NetworkSpec spec, InputLayout layout) {}

  private static NetworkSpec spec(LayerSpec... layers) {
    return GradientCases.network(List.of(layers), SOFTMAX);
  }

  private static List<Case> cases() {
    NetworkSpec embedding = spec(DENSE, DENSE).withEmbeddings(Map.of("a", new EmbeddingSpec(2)));
    LayerSpec block = new LayerSpec.Residual(List.of(new LayerSpec.LayerNorm(0.01), DENSE), true);
    return List.of(
        new Case(embedding, MIXED),
        new Case(embedding.withInputScale(), MIXED),
        new Case(embedding.withInputScale().withMembers(3), MIXED),
        new Case(spec(), HOT),
        new Case(spec(block, DENSE), HOT),
        new Case(spec(DENSE).withInputScale().withScaling(Scaling.NTK), HOT),
        new Case(spec(DENSE).withMembers(2), HOT));
  }

  private Network network(Case tried, long seed) {
    int count = (int) Network.parameterCount(tried.spec, tried.layout, OUTPUTS);
    Random random = new Random(seed);
    float[] theta = new float[count];
    for (int p = 0; p < count; p++) {
      theta[p] = 1.8f * random.nextFloat() - 0.9f;
    }
    return Network.of(tried.spec, tried.layout, OUTPUTS, theta, kernels);
  }

  /// Rows of inputs, with every category and unseen ones, and in the last columns the class.
  private static float[][] rows(InputLayout layout, int n) {
    Random random = new Random(n);
    float[][] x = new float[n][layout.width() + OUTPUTS];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < layout.width(); k++) {
        x[i][k] = 5 * random.nextFloat() - 2.5f;
      }
      for (InputLayout.Index index : layout.indices()) {
        x[i][index.input()] = i % (index.categories() + 1) - 1;
      }
      for (InputLayout.OneHot hot : layout.oneHots()) {
        Arrays.fill(x[i], hot.input(), hot.input() + hot.categories(), 0);
        if (i % 4 > 0) {
          x[i][hot.input() + random.nextInt(hot.categories())] = 1;
        }
      }
      x[i][layout.width() + i % OUTPUTS] = 1;
    }
    return x;
  }

  private static void load(Workspace w, float[][] rows, int from, int to) {
    w.rows(to - from);
    int p = w.x().columns();
    for (int i = from; i < to; i++) {
      System.arraycopy(rows[i], 0, w.x().values(), (i - from) * p, p);
      System.arraycopy(rows[i], p, w.y().values(), (i - from) * OUTPUTS, OUTPUTS);
    }
  }

  /// Where the parameters of the layers of the spec begin, behind those of the inputs.
  private static int front(Network network) {
    return network.parameters().views().stream()
        .filter(PeriodicTest::isFront)
        .mapToInt(Parameters.View::end)
        .max()
        .orElseThrow();
  }

  private static boolean isFront(Parameters.View view) {
    return view.name().startsWith("input.")
        || view.name().startsWith("embeddings.")
        || view.name().startsWith("periodic.");
  }

  private static int offset(Network network, String name) {
    return network.parameters().views().stream()
        .filter(view -> view.name().equals(name))
        .mapToInt(Parameters.View::offset)
        .findFirst()
        .orElseThrow();
  }

  /// The numbers that the layers of the spec get of a row: `s x`, rows of E, and then `a [x, cos(2π
  /// (w x + b))] + c`.
  private static double[] enter(Network network, InputLayout layout, double[] theta, float[] row) {
    boolean scaled = network.spec().inputScale();
    double[] entered = new double[200];
    int at = 0;
    int number = 0;
    int cosine = 0;
    int factor = 0;
    for (int k = 0; k < layout.width(); k++) {
      int input = k;
      if (layout.indices().stream().anyMatch(index -> index.input() == input)) {
        int e = offset(network, "embeddings.a.weight");
        for (int j = 0; j < 2; j++) {
          entered[at++] = row[k] < 0 ? 0 : theta[e + 2 * (int) row[k] + j];
        }
        continue;
      }
      double x = scaled ? theta[number++] * row[k] : row[k];
      int m =
          layout.periodics().stream()
              .filter(periodic -> periodic.input() == input)
              .mapToInt(InputLayout.Periodic::frequencies)
              .sum();
      if (m == 0) {
        entered[at++] = x;
        continue;
      }
      int a = offset(network, "periodic.scale");
      int c = offset(network, "periodic.shift");
      entered[at++] = theta[a + factor] * x + theta[c + factor];
      factor++;
      for (int j = 0; j < m; j++, factor++, cosine++) {
        double w = theta[offset(network, "periodic.frequency") + cosine];
        double b = theta[offset(network, "periodic.phase") + cosine];
        double value = Math.cos(2 * Math.PI * (w * x + b));
        entered[at++] = theta[a + factor] * value + theta[c + factor];
      }
    }
    return Arrays.copyOf(entered, at);
  }

  private static ReferenceNetwork.Batch batch(
      Network network, InputLayout layout, double[] theta, float[][] rows) {
    double[][] xs = new double[rows.length][];
    double[][] ys = new double[rows.length][OUTPUTS];
    int all = rows.length * network.members();
    double[][][] masks = new double[all][network.spec().layersByPointer().size()][0];
    for (int i = 0; i < rows.length; i++) {
      xs[i] = enter(network, layout, theta, rows[i]);
      for (int j = 0; j < OUTPUTS; j++) {
        ys[i][j] = rows[i][layout.width() + j];
      }
    }
    return new ReferenceNetwork.Batch(xs, ys, masks);
  }

  /// The layers of the spec alone.
  private static ReferenceNetwork reference(Network network, int width) {
    NetworkSpec spec = network.spec();
    NetworkSpec plain =
        new NetworkSpec(
            spec.layers(),
            Map.of(),
            false,
            spec.networks(),
            spec.resolvedScaling(),
            spec.output(),
            spec.loss());
    return new ReferenceNetwork(plain, width, OUTPUTS);
  }

  private static double loss(Network network, InputLayout layout, double[] theta, float[][] rows) {
    ReferenceNetwork.Batch batch = batch(network, layout, theta, rows);
    double[] behind = Arrays.copyOfRange(theta, front(network), theta.length);
    return reference(network, batch.x()[0].length).loss(behind, batch);
  }

  private static double[] gradient(Network network, InputLayout layout, float[][] rows) {
    double[] theta = widen(network.parameters().values());
    int front = front(network);
    ReferenceNetwork.Batch batch = batch(network, layout, theta, rows);
    double[] behind = Arrays.copyOfRange(theta, front, theta.length);
    double[] gradient = new double[theta.length];
    System.arraycopy(
        reference(network, batch.x()[0].length).gradient(behind, batch),
        0,
        gradient,
        front,
        behind.length);
    for (int p = 0; p < front; p++) {
      double[] moved = theta.clone();
      moved[p] = theta[p] + STEP;
      double above = loss(network, layout, moved, rows);
      moved[p] = theta[p] - STEP;
      gradient[p] = (above - loss(network, layout, moved, rows)) / (2 * STEP);
    }
    return gradient;
  }

  private static double[] widen(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(p -> values[p]).toArray();
  }

  private static void check(Network network, double[] actual, double[] expected) {
    for (Parameters.View block : network.parameters().views()) {
      double size = GradientCases.norm(actual, block) + GradientCases.norm(expected, block);
      assertThat(GradientCases.distance(actual, expected, block))
          .as("%s of %s", block.name(), network.spec())
          .isLessThanOrEqualTo(TOLERANCE * size + ROUNDOFF);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 20})
  void agreesWithTheFormulaInFrontOfTheReferenceNetwork(int n) {
    for (Case tried : cases()) {
      Network network = network(tried, n);
      float[][] rows = rows(tried.layout, n);
      Workspace w = network.trainingWorkspace(n + 3);
      load(w, rows, 0, n);
      network.forwardTraining(w, 1, 2, 3);
      Parameters gradient = network.parameters().like();
      Arrays.fill(gradient.values(), Float.NaN);
      network.backward(w, n, gradient);
      double[] expected = gradient(network, tried.layout, rows);
      check(network, widen(gradient.values()), expected);
      assertThat(network.loss(w) / n)
          .isCloseTo(
              loss(network, tried.layout, widen(network.parameters().values()), rows),
              within(2e-6));

      // What predicts has the same outputs as what trains, of which there are as many as members.
      Workspace v = network.workspace(n);
      load(v, rows, 0, n);
      network.forward(v);
      if (network.members() == 1) {
        assertThat(Arrays.copyOf(v.outputs().values(), n * OUTPUTS))
            .isEqualTo(Arrays.copyOf(w.outputs().values(), n * OUTPUTS));
      }
    }
  }

  @Test
  void gradientsOfTheShardsOfABatchAddUp() {
    for (Case tried : cases()) {
      Network network = network(tried, 5);
      float[][] rows = rows(tried.layout, 9);
      double[] sum = new double[network.parameters().size()];
      Parameters gradient = network.parameters().like();
      Workspace w = network.trainingWorkspace(5);
      for (int[] shard : new int[][] {{0, 4}, {4, 9}}) {
        load(w, rows, shard[0], shard[1]);
        network.forwardTraining(w, 1, 2, 3 + shard[0]);
        network.backward(w, 9, gradient);
        for (int p = 0; p < sum.length; p++) {
          sum[p] += gradient.values()[p];
        }
      }
      check(network, sum, gradient(network, tried.layout, rows));
    }
  }

  /// A network whose outputs are what its layer of weights gets. numpy prints these numbers:
  ///
  ///     w, b = array([.1, -.7, 2.5]), array([0, .25, -.4])
  ///     a, c = array([1, .5, -2, .75]), array([0, .125, -1, 3])
  ///     for x in (0, 1.5, -3):
  ///         print(a * concatenate([[x], cos(2 * pi * (w * x + b))]) + c)
  @Test
  void hasTheNumbersOfTheFormula() {
    InputLayout layout =
        new InputLayout(
            2, List.of(), List.of(), List.of(), List.of(new InputLayout.Periodic(0, 3, 1)));
    NetworkSpec spec =
        GradientCases.network(
            List.of(), new Ending(new Activation.Identity(), new LossSpec.SquaredError()));
    float[] theta = new float[14 + 5 * 5 + 5];
    float[] front = {
      0.1f, -0.7f, 2.5f, // w
      0, 0.25f, -0.4f, // b
      1, 0.5f, -2, 0.75f, // a
      0, 0.125f, -1, 3 // c
    };
    System.arraycopy(front, 0, theta, 0, front.length);
    for (int j = 0; j < 5; j++) {
      theta[front.length + 6 * j] = 1;
    }
    Network network = Network.of(spec, layout, 5, theta, kernels);
    Workspace w = network.workspace(3);
    System.arraycopy(new float[] {0, 0, 1.5f, -1, -3, 0.5f}, 0, w.x().values(), 0, 6);
    network.forward(w);
    float[] golden = {
      0,
      0.625f,
      -1,
      2.3932374f,
      0, //
      1.5f,
      0.41889262f,
      -1.618034f,
      2.559161f,
      -1, //
      -3,
      -0.0295085f,
      0.1755705f,
      3.6067626f,
      0.5f
    };
    for (int p = 0; p < golden.length; p++) {
      assertThat(w.outputs().values()[p]).isCloseTo(golden[p], within(2e-6f));
    }
  }

  @Test
  void partsStandBehindThoseOfTheInputs() {
    Network network = network(cases().get(2), 1);
    assertThat(network.parameters().views())
        .startsWith(
            new Parameters.View("input.scale", 0, 4, 1, false),
            new Parameters.View("embeddings.a.weight", 4, 3, 2, true),
            new Parameters.View("periodic.frequency", 10, 4, 1, false),
            new Parameters.View("periodic.phase", 14, 4, 1, false),
            new Parameters.View("periodic.scale", 18, 6, 1, true),
            new Parameters.View("periodic.shift", 24, 6, 1, false),
            new Parameters.View("members.scale", 30, 3, 10, true),
            new Parameters.View("layers.0.weight", 60, 10, 5, true));
    assertThat(network.parameters().views().get(4).columnsAreUnits()).isFalse();
    assertThat(network.shapes())
        .startsWith(
            new LayerShape("input", 5, 6, 10),
            new LayerShape("periodic", 6, 10, 20),
            new LayerShape("members", 10, 10, 30));
    assertThat(network.inputs()).isEqualTo(5);
    assertThat(Network.multipliedInputs(spec(DENSE), HOT, OUTPUTS)).isEqualTo(2 + 4 + 2 + 2);
  }

  /// One for each feature: a number and its cosines, and its indicator.
  @Test
  void membersScaleANumberAndItsCosinesAlike() {
    NetworkSpec spec = cases().get(2).spec;
    Network network = Network.initialize(spec, MIXED, OUTPUTS, new int[0], 7, kernels);
    float[] r = Arrays.copyOfRange(network.parameters().values(), 30, 60);
    for (int m = 0; m < 3; m++) {
      float[] own = Arrays.copyOfRange(r, 10 * m, 10 * m + 10);
      assertThat(Set.of(own[0], own[4], own[6], own[7])).hasSize(4);
      assertThat(own)
          .containsExactly(
              own[0], own[0], own[0], own[0], own[4], own[4], own[6], own[7], own[7], own[7]);
    }
  }

  @Test
  void frequenciesStartAroundZeroAndNumbersAsTheyAre() {
    int m = 1_000;
    List<InputLayout.Periodic> numbers =
        List.of(new InputLayout.Periodic(0, m, 0.1), new InputLayout.Periodic(1, m, 4));
    InputLayout layout = new InputLayout(2, List.of(), List.of(), List.of(), numbers);
    Network network = Network.initialize(spec(), layout, 1, new int[0], 3, kernels);
    float[] theta = network.parameters().values();
    for (int k = 0; k < 2; k++) {
      double sigma = numbers.get(k).sigma();
      double square = 0;
      for (int j = 0; j < m; j++) {
        double w = theta[k * m + j] / sigma;
        assertThat(w).isBetween(-3.000001, 3.000001);
        square += w * w / m;
      }
      assertThat(square).isCloseTo(0.9733, within(5 * Math.sqrt(2.0 / m)));
    }
    assertThat(Arrays.copyOfRange(theta, 0, 2 * m)).doesNotHaveDuplicates();
    assertThat(Arrays.copyOfRange(theta, 2 * m, 4 * m)).containsOnly(0);
    assertThat(Arrays.copyOfRange(theta, 6 * m + 2, 8 * m + 4)).containsOnly(0);
    for (int factor = 0; factor < 2 * m + 2; factor++) {
      assertThat(theta[4 * m + factor]).isEqualTo(factor % (m + 1) == 0 ? 1 : 0);
    }
  }

  /// A number that is the same in every row is 0, and so stays all that it becomes.
  @Test
  void silentNumbersStayOut() {
    InputLayout layout =
        new InputLayout(
            3,
            List.of(),
            List.of(),
            List.of(),
            List.of(new InputLayout.Periodic(0, 3, 1), new InputLayout.Periodic(2, 2, 1)));
    NetworkSpec spec = NetworkSpec.of(List.of(DENSE), null, null).resolve(Task.REGRESSION);
    for (NetworkSpec tried : List.of(spec, spec.withInputScale(), spec.withMembers(2))) {
      Network network = Network.initialize(tried, layout, 1, new int[] {2}, 1, kernels);
      Parameters theta = network.parameters();
      Parameters gradient = theta.like();
      Workspace w = network.trainingWorkspace(8);
      Random random = new Random(1);
      w.rows(8);
      for (int step = 0; step < 20; step++) {
        for (int i = 0; i < 8; i++) {
          w.x().values()[3 * i] = random.nextFloat() - 0.5f;
          w.x().values()[3 * i + 1] = random.nextFloat() - 0.5f;
          w.y().values()[i] = random.nextFloat();
        }
        network.forwardTraining(w, 1, 1, 0);
        network.backward(w, 8, gradient);
        for (int p = 0; p < theta.size(); p++) {
          theta.values()[p] -= 0.1f * gradient.values()[p];
        }
      }
      int weight = offset(network, "layers.0.weight");
      assertThat(Arrays.copyOfRange(theta.values(), weight + 5 * 5, weight + 8 * 5))
          .containsOnly(0);
      assertThat(Arrays.copyOfRange(theta.values(), weight, weight + 5 * 5)).doesNotContain(0f);
      for (float value : theta.values()) {
        assertThat(value).isFinite();
      }
    }
  }

  @Test
  void cosinesLearnFromTheSecondStepOn() {
    InputLayout layout =
        new InputLayout(
            1, List.of(), List.of(), List.of(), List.of(new InputLayout.Periodic(0, 4, 1)));
    NetworkSpec spec = NetworkSpec.of(List.of(DENSE), null, null).resolve(Task.REGRESSION);
    Network network = Network.initialize(spec, layout, 1, new int[0], 1, kernels);
    Parameters theta = network.parameters();
    Parameters gradient = theta.like();
    Workspace w = network.trainingWorkspace(4);
    load(w, new float[][] {{-1, 1, 0, 0}, {0, 2, 0, 0}, {1, -1, 0, 0}, {2, 0.5f, 0, 0}});
    network.forwardTraining(w, 1, 1, 0);
    network.backward(w, 4, gradient);
    int a = offset(network, "periodic.scale");
    assertThat(Arrays.copyOfRange(gradient.values(), a, a + 5)).doesNotContain(0f);
    for (int p = 0; p < theta.size(); p++) {
      theta.values()[p] -= 0.1f * gradient.values()[p];
    }
    network.forwardTraining(w, 1, 1, 0);
    network.backward(w, 4, gradient);
    assertThat(Arrays.copyOf(gradient.values(), theta.size())).doesNotContain(0f);
  }

  private static void load(Workspace w, float[][] numbers) {
    w.rows(numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      w.x().values()[i] = numbers[i][0];
      w.y().values()[i] = numbers[i][1];
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bytesOfAWorkspaceAreKnownWithoutBuilding(boolean training) {
    Case tried = cases().get(1);
    Network network = network(tried, 1);
    Workspace w = training ? network.trainingWorkspace(9) : network.workspace(9);
    Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int l = 0; l < network.shapes().size(); l++) {
      w.pass(l).matrices().forEach(matrix -> arrays.add(matrix.values()));
    }
    arrays.add(w.x().values());
    arrays.add(w.y().values());
    arrays.add(w.outputs().values());
    long bytes = arrays.stream().mapToLong(array -> 4L * array.length).sum();
    assertThat(Network.workspaceBytes(tried.spec, tried.layout, OUTPUTS, 9, training))
        .isEqualTo(bytes);
  }

  @Test
  void aBatchOfNoRowsHasNoGradient() {
    Network network = network(cases().get(1), 1);
    Workspace w = network.trainingWorkspace(4);
    w.rows(0);
    network.forwardTraining(w, 1, 1, 0);
    Parameters gradient = network.parameters().like();
    Arrays.fill(gradient.values(), 7);
    network.backward(w, 4, gradient);
    assertThat(gradient.values()).containsOnly(0);
  }

  @Test
  void refusesNumbersThatAreNoInputs() {
    for (List<InputLayout.Periodic> numbers :
        List.of(
            List.of(new InputLayout.Periodic(2, 1, 1)),
            List.of(new InputLayout.Periodic(1, 1, 1), new InputLayout.Periodic(1, 1, 1)),
            List.of(new InputLayout.Periodic(0, 0, 1)))) {
      assertThatThrownBy(() -> new InputLayout(2, List.of(), List.of(), List.of(), numbers))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("among 2 inputs");
    }
  }
}
