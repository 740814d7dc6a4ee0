package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.Initializer;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.Scaling;
import dev.backprop.engine.spec.Task;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InitializationTest {

  private static final int FAN_IN = 5;
  private static final int FAN_OUT = 20_000;
  private static final int[] NONE_SILENT = {};

  /// Initializer, variance, kurtosis (3 of a normal, 9/5 of a uniform distribution).
  static List<Arguments> initializers() {
    double in = FAN_IN;
    double both = FAN_IN + FAN_OUT;
    return List.of(
        Arguments.of(new Initializer.GlorotUniform(), 2 / both, 1.8),
        Arguments.of(new Initializer.GlorotNormal(), 2 / both, 3),
        Arguments.of(new Initializer.HeUniform(), 2 / in, 1.8),
        Arguments.of(new Initializer.HeNormal(), 2 / in, 3),
        Arguments.of(new Initializer.LecunNormal(), 1 / in, 3),
        Arguments.of(new Initializer.ScaledNormal(), 1 / in, 3),
        Arguments.of(new Initializer.UnitNormal(), 1, 3));
  }

  @ParameterizedTest
  @MethodSource("initializers")
  void weightsHaveTheMomentsOfTheirInitializer(
      Initializer initializer, double variance, double kurtosis) {
    Network network = network(initializer, new Initializer.Zeros(), 7);
    checkMoments(block(network, 0), variance, kurtosis);
    assertThat(block(network, 1)).containsOnly(0);
  }

  @ParameterizedTest
  @MethodSource("initializers")
  void biasesTakeTheFansOfTheirLayer(Initializer initializer, double variance, double kurtosis) {
    Network network = network(new Initializer.Zeros(), initializer, 7);
    assertThat(block(network, 0)).containsOnly(0);
    checkMoments(block(network, 1), variance, kurtosis);
  }

  @ParameterizedTest
  @MethodSource("initializers")
  void theOutputLayerIsDrawnToo(Initializer initializer) {
    NetworkSpec spec =
        new NetworkSpec(
            List.of(),
            new OutputSpec(new Activation.Identity(), initializer, initializer),
            new LossSpec.SquaredError());
    Network network = Network.initialize(spec, 3, 2, NONE_SILENT, 1, new JavaKernels());
    assertThat(network.parameters().values()).doesNotContain(0f);
  }

  @ParameterizedTest
  @MethodSource("initializers")
  void sameSeedSameBits(Initializer initializer) {
    float[] first = network(initializer, initializer, 7).parameters().values();
    float[] second = network(initializer, initializer, 7).parameters().values();
    float[] other = network(initializer, initializer, 8).parameters().values();
    assertThat(Arrays.mismatch(first, second)).isEqualTo(-1);
    assertThat(Arrays.mismatch(first, other)).isZero();
  }

  /// Of whatever scaling, a network starts with the same answers.
  @Test
  void scaledWeightsStartAsTheFactorTimesThemIsDrawn() {
    Initializer normal = new Initializer.HeNormal();
    NetworkSpec spec = spec(4, normal, normal);
    float[] standard =
        Network.initialize(spec, 3, 1, NONE_SILENT, 1, new JavaKernels()).parameters().values();
    float[] scaled =
        Network.initialize(spec.withScaling(Scaling.NTK), 3, 1, NONE_SILENT, 1, new JavaKernels())
            .parameters()
            .values();
    for (int i = 0; i < standard.length; i++) {
      double inputs = i < 12 ? 3 : i >= 16 && i < 20 ? 4 : 1; // 1 for biases
      assertThat(scaled[i]).isCloseTo((float) (standard[i] * Math.sqrt(inputs)), within(1e-6f));
    }
  }

  @Test
  void silentInputsStartAtZeroAndChangeNothingElse() {
    Initializer normal = new Initializer.HeNormal();
    NetworkSpec spec = spec(4, normal, normal);
    float[] all =
        Network.initialize(spec, 3, 1, NONE_SILENT, 1, new JavaKernels()).parameters().values();
    float[] silenced =
        Network.initialize(spec, 3, 1, new int[] {1}, 1, new JavaKernels()).parameters().values();
    for (int i = 0; i < all.length; i++) {
      boolean silent = i < 3 * 4 && i / 4 == 1;
      assertThat(silenced[i]).isEqualTo(silent ? 0 : all[i]);
    }
  }

  @Test
  void gainsStartAtOneAndSilentInputsAreThoseOfTheFirstWeights() {
    Initializer normal = new Initializer.HeNormal();
    NetworkSpec dense = spec(4, normal, normal);
    NetworkSpec spec =
        new NetworkSpec(
            List.of(new LayerSpec.LayerNorm(1e-5), dense.layers().getFirst()),
            dense.output(),
            dense.loss());
    Network network = Network.initialize(spec, 3, 1, new int[] {1}, 1, new JavaKernels());
    assertThat(network.parameters().views())
        .startsWith(
            new Parameters.View("layers.0.gain", 0, 3, 1, false),
            new Parameters.View("layers.0.bias", 3, 3, 1, false),
            new Parameters.View("layers.1.weight", 6, 3, 4, true));
    assertThat(block(network, 0)).containsOnly(1);
    assertThat(block(network, 1)).containsOnly(0);
    float[] w = block(network, 2);
    for (int i = 0; i < w.length; i++) {
      assertThat(w[i] == 0).isEqualTo(i / 4 == 1);
    }
  }

  /// What no training row has must not come through by another way.
  @Test
  void silentInputsAreThoseOfAllWeightsThatTheyReach() {
    LayerSpec dense = Defaults.fill(LayerSpec.Dense.class, 3, null, new Initializer.HeNormal());
    LayerSpec dropout = new LayerSpec.Dropout(0.5);
    checkSilent(List.of(new LayerSpec.Residual(List.of(dense), true), dense), 0, 2);
    checkSilent(List.of(new LayerSpec.Residual(List.of(dense, dense), false), dense), 0, 4);
    checkSilent(List.of(dropout, new LayerSpec.Residual(List.of(dropout), true), dense), 0, 1);
    LayerSpec inner = new LayerSpec.Residual(List.of(dense), false);
    checkSilent(List.of(new LayerSpec.Residual(List.of(inner, dense), true), dense), 0, 2, 4);
  }

  /// @param weights indices of the views that silence input 1
  private static void checkSilent(List<LayerSpec> layers, Integer... weights) {
    Initializer normal = new Initializer.HeNormal();
    NetworkSpec spec =
        NetworkSpec.of(layers, Defaults.fill(OutputSpec.class, null, normal), null)
            .resolve(Task.REGRESSION);
    Network network = Network.initialize(spec, 3, 1, new int[] {1}, 1, new JavaKernels());
    List<Parameters.View> views = network.parameters().views();
    for (int v = 0; v < views.size(); v++) {
      float[] w = block(network, v);
      boolean silenced = List.of(weights).contains(v);
      for (int i = 0; views.get(v).weight() && i < w.length; i++) {
        assertThat(w[i] == 0)
            .as("%s[%d] of %s", views.get(v).name(), i, layers)
            .isEqualTo(silenced && i / views.get(v).columns() == 1);
      }
    }
  }

  /// Five standard errors: √(v/n) of the mean, v √((k - 1)/n) of the variance; the kurtosis to 10
  /// %.
  private static void checkMoments(float[] w, double variance, double kurtosis) {
    double n = w.length;
    double mean = 0;
    double second = 0;
    double fourth = 0;
    double largest = 0;
    for (float x : w) {
      mean += x / n;
      second += (double) x * x / n;
      fourth += (double) x * x * x * x / n;
      largest = Math.max(largest, Math.abs(x));
    }
    assertThat(mean).isCloseTo(0, within(5 * Math.sqrt(variance / n)));
    assertThat(second).isCloseTo(variance, within(5 * variance * Math.sqrt((kurtosis - 1) / n)));
    assertThat(fourth / (second * second)).isCloseTo(kurtosis, within(kurtosis / 10));
    if (kurtosis < 3) {
      // U(-r, r) has the variance r²/3.
      double r = Math.sqrt(3 * variance);
      assertThat(largest).isBetween(0.99 * r, r * (1 + 1e-6));
    }
  }

  private static NetworkSpec spec(int units, Initializer weights, Initializer biases) {
    return new NetworkSpec(
        List.of(new LayerSpec.Dense(units, new Activation.Relu(), weights, biases)),
        new OutputSpec(new Activation.Identity(), new Initializer.Zeros(), new Initializer.Zeros()),
        new LossSpec.SquaredError());
  }

  private static Network network(Initializer weights, Initializer biases, long seed) {
    return Network.initialize(
        spec(FAN_OUT, weights, biases), FAN_IN, 1, NONE_SILENT, seed, new JavaKernels());
  }

  private static float[] block(Network network, int view) {
    Parameters.View v = network.parameters().views().get(view);
    return Arrays.copyOfRange(network.parameters().values(), v.offset(), v.offset() + v.size());
  }
}
