package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.GradientCases.Ending;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.Scaling;
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

/// One-hot inputs as rows of weights, with all kernels, beside the [ReferenceNetwork], which knows
/// nothing of them, and beside the product with zeros.
@ParameterizedClass
@ValueSource(strings = {"java", "openblas"})
class OneHotsTest {

  private static final Ending SOFTMAX =
      new Ending(new Activation.Softmax(), new LossSpec.CrossEntropy());

  private static final LayerSpec DENSE =
      Defaults.fill(LayerSpec.Dense.class, 7, new Activation.Silu());

  private static final LayerSpec PRELU =
      Defaults.fill(LayerSpec.Dense.class, 6, new Activation.Prelu(0.3));

  private static final LayerSpec PARAMETRIC =
      Defaults.fill(LayerSpec.Dense.class, 6, new Activation.Mish(), null, null, null, null, true);

  private static final LayerSpec DROPOUT = new LayerSpec.Dropout(0.3);

  /// A number, 6 columns of categories, the last but one of which is short, a number.
  private static final int[] CATEGORIES = {20, 16, 31, 17, 3, 40};

  private static final InputLayout MIXED = layout(1, CATEGORIES, 1);

  /// Nothing but categories.
  private static final InputLayout ALONE = layout(0, new int[] {40, 25}, 0);

  private static final int OUTPUTS = GradientCases.OUTPUTS;

  private final Kernels kernels;

  OneHotsTest(String kernels) {
    this.kernels = KernelSelection.select(kernels).kernels();
  }

  private static InputLayout layout(int before, int[] categories, int behind) {
    List<InputLayout.OneHot> hots = new ArrayList<>();
    int at = before;
    for (int count : categories) {
      hots.add(new InputLayout.OneHot(at, count));
      at += count;
    }
    return new InputLayout(at + behind, List.of(), List.of(), hots);
  }

  private static InputLayout withZeros(InputLayout layout) {
    return new InputLayout(layout.width(), layout.indices(), layout.features());
  }

  private static NetworkSpec spec(LayerSpec... layers) {
    return GradientCases.network(List.of(layers), SOFTMAX);
  }

  private static List<NetworkSpec> specs() {
    return List.of(
        spec(),
        spec(DENSE),
        spec(PRELU, DENSE),
        spec(PARAMETRIC, PARAMETRIC).withMembers(2),
        spec(DROPOUT, DENSE, DROPOUT),
        spec(DENSE).withScaling(Scaling.NTK),
        spec(DENSE).withMembers(3),
        spec(DROPOUT, PRELU, DENSE).withMembers(2).withScaling(Scaling.NTK));
  }

  private Network network(NetworkSpec spec, InputLayout layout) {
    float[] theta = new float[(int) Network.parameterCount(spec, layout, OUTPUTS)];
    Random random = new Random(3);
    for (int p = 0; p < theta.length; p++) {
      theta[p] = 1.8f * random.nextFloat() - 0.9f;
    }
    return Network.of(spec, layout, OUTPUTS, theta, kernels);
  }

  /// Every fourth row has a category that was never seen, a zero in place of each of its inputs.
  private static void fill(InputLayout layout, Workspace w, int n) {
    Random random = new Random(n);
    w.rows(n);
    float[] x = w.x().values();
    for (int k = 0; k < n * layout.width(); k++) {
      x[k] = 3 * random.nextFloat() - 1.5f;
    }
    for (int i = 0; i < n; i++) {
      int row = i * layout.width();
      for (InputLayout.Index index : layout.indices()) {
        x[row + index.input()] = random.nextInt(index.categories() + 1) - 1;
      }
      for (InputLayout.OneHot hot : layout.oneHots()) {
        int from = row + hot.input();
        Arrays.fill(x, from, from + hot.categories(), 0);
        if (random.nextInt(4) > 0) {
          x[from + random.nextInt(hot.categories())] = 1;
        }
      }
      for (int j = 0; j < OUTPUTS; j++) {
        w.y().values()[i * OUTPUTS + j] = j == i % OUTPUTS ? 1 : 0;
      }
    }
  }

  private static ReferenceNetwork.Batch batch(NetworkSpec spec, Workspace w) {
    int n = w.x().rows();
    int all = n * spec.networks();
    double[][][] masks = new double[all][spec.layers().size()][0];
    int dropouts = 0;
    for (int l = 0; l < spec.layers().size(); l++) {
      if (spec.layers().get(l) instanceof LayerSpec.Dropout) {
        Matrix factors = mask(w, dropouts++).factors(all);
        for (int i = 0; i < all; i++) {
          masks[i][l] = row(factors, i);
        }
      }
    }
    return new ReferenceNetwork.Batch(rows(w.x()), rows(w.y()), masks);
  }

  private static Mask mask(Workspace w, int number) {
    List<Mask> masks = new ArrayList<>();
    for (int l = 0; masks.size() <= number; l++) {
      Mask mask = w.pass(l).mask();
      if (mask != null) {
        masks.add(mask);
      }
    }
    return masks.get(number);
  }

  private static double[][] rows(Matrix x) {
    return IntStream.range(0, x.rows()).mapToObj(i -> row(x, i)).toArray(double[][]::new);
  }

  private static double[] row(Matrix x, int i) {
    int q = x.columns();
    return IntStream.range(0, q).mapToDouble(j -> x.values()[i * q + j]).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9, 40})
  void gradientsAreThoseOfTheReference(int n) {
    for (InputLayout layout : List.of(MIXED, ALONE)) {
      for (NetworkSpec spec : specs()) {
        Network network = network(spec, layout);
        assertThat(hasRows(spec, layout)).isTrue();
        Workspace w = network.trainingWorkspace(n + 3);
        fill(layout, w, n);
        network.forwardTraining(w, 1, 2, 3);
        Parameters gradient = network.parameters().like();
        Arrays.fill(gradient.values(), Float.NaN);
        network.backward(w, n, gradient);
        double[] theta = widen(network.parameters().values());
        double[] expected =
            new ReferenceNetwork(spec, layout.width(), OUTPUTS).gradient(theta, batch(spec, w));
        check(gradient, expected, spec);
      }
    }
  }

  /// Factors of inputs, embeddings beside them, in training and in prediction.
  @Test
  void agreesWithTheProductWithZeros() {
    InputLayout embedded =
        new InputLayout(
            1 + MIXED.width() + 1,
            List.of(
                new InputLayout.Index("a", 0, 3), new InputLayout.Index("b", MIXED.width() + 1, 2)),
            List.of(),
            MIXED.oneHots().stream()
                .map(hot -> new InputLayout.OneHot(hot.input() + 1, hot.categories()))
                .toList());
    Map<String, EmbeddingSpec> units = Map.of("a", new EmbeddingSpec(2), "b", new EmbeddingSpec(3));
    for (NetworkSpec spec : specs()) {
      for (NetworkSpec scaled :
          List.of(
              spec.withInputScale(),
              spec.withEmbeddings(units),
              spec.withInputScale().withEmbeddings(units))) {
        InputLayout layout = scaled.embeddings().isEmpty() ? MIXED : embedded;
        Network rows = network(scaled, layout);
        Network zeros = network(scaled, withZeros(layout));
        assertThat(hasRows(scaled, layout)).isTrue();
        assertThat(hasRows(scaled, withZeros(layout))).isFalse();
        Parameters gradient = rows.parameters().like();
        Parameters expected = rows.parameters().like();
        Workspace w = train(rows, layout, gradient);
        Workspace other = train(zeros, layout, expected);
        check(gradient, widen(expected.values()), scaled);
        rows.forward(w);
        zeros.forward(other);
        for (int i = 0; i < 12 * OUTPUTS; i++) {
          assertThat(w.outputs().values()[i]).isCloseTo(other.outputs().values()[i], within(1e-5f));
        }
      }
    }
  }

  private static Workspace train(Network network, InputLayout layout, Parameters gradient) {
    Workspace w = network.trainingWorkspace(12);
    fill(layout, w, 12);
    network.forwardTraining(w, 1, 2, 3);
    network.backward(w, 12, gradient);
    return w;
  }

  /// Alone and among others, whatever the batch was before.
  @Test
  void equalRowsHaveAnswersOfEqualBits() {
    for (NetworkSpec spec : List.of(spec(DENSE), spec(DENSE, DENSE).withMembers(3))) {
      Network network = network(spec, MIXED).alike();
      Workspace all = network.workspace(50);
      fill(MIXED, all, 50);
      network.forward(all);
      float[] expected = Arrays.copyOf(all.outputs().values(), 50 * OUTPUTS);
      float[] x = all.x().values().clone();
      Workspace w = network.workspace(20);
      int width = MIXED.width();
      for (int[] part : new int[][] {{0, 1}, {3, 20}, {30, 7}, {49, 1}}) {
        w.rows(part[1]);
        System.arraycopy(x, part[0] * width, w.x().values(), 0, part[1] * width);
        network.forward(w);
        assertThat(Arrays.copyOf(w.outputs().values(), part[1] * OUTPUTS))
            .isEqualTo(
                Arrays.copyOfRange(expected, part[0] * OUTPUTS, (part[0] + part[1]) * OUTPUTS));
      }
    }
  }

  /// If groups are short or few, or the others are more; behind what mixes inputs; not at all.
  @Test
  void productsWithZerosAreTakenIfTheyCostLess() {
    assertThat(hasRows(spec(DENSE), layout(0, new int[] {15, 15, 15, 15, 15, 15}, 0))).isFalse();
    assertThat(hasRows(spec(DENSE), layout(0, new int[] {63}, 0))).isFalse();
    assertThat(hasRows(spec(DENSE), layout(0, new int[] {64}, 0))).isTrue();
    assertThat(hasRows(spec(DENSE), layout(40, new int[] {64}, 25))).isFalse();
    assertThat(hasRows(spec(DENSE), layout(40, new int[] {64}, 24))).isTrue();
    assertThat(hasRows(spec(new LayerSpec.LayerNorm(0.1), DENSE), ALONE)).isFalse();
    assertThat(hasRows(spec(new LayerSpec.Residual(List.of(DENSE), true)), ALONE)).isFalse();
    assertThat(hasRows(spec(DENSE), InputLayout.numbers(100))).isFalse();
  }

  private static boolean hasRows(NetworkSpec spec, InputLayout layout) {
    return Layers.of(spec, layout, OUTPUTS).list().stream().anyMatch(OneHotDense.class::isInstance);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bytesOfAWorkspaceAreKnownWithoutBuilding(boolean training) {
    Network network = network(spec(DENSE, DENSE), MIXED);
    Workspace w = training ? network.trainingWorkspace(9) : network.workspace(9);
    Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int l = 0; l < network.shapes().size(); l++) {
      w.pass(l).matrices().forEach(matrix -> arrays.add(matrix.values()));
    }
    arrays.add(w.x().values());
    arrays.add(w.y().values());
    arrays.add(w.outputs().values());
    long bytes = arrays.stream().mapToLong(array -> 4L * array.length).sum();
    bytes += 4L * (9 * (5 + 1) + (training ? 2 : 1) * 5 * 7);
    assertThat(Network.workspaceBytes(spec(DENSE, DENSE), MIXED, OUTPUTS, 9, training))
        .isEqualTo(bytes);
  }

  private static double[] widen(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(p -> values[p]).toArray();
  }

  private static void check(Parameters gradient, double[] expected, NetworkSpec spec) {
    double[] actual = widen(gradient.values());
    for (Parameters.View block : gradient.views()) {
      double size = GradientCases.norm(actual, block) + GradientCases.norm(expected, block);
      assertThat(GradientCases.distance(actual, expected, block))
          .as("%s of %s", block.name(), spec)
          .isLessThanOrEqualTo(2e-6 * size + 0x1p-23);
    }
  }
}
