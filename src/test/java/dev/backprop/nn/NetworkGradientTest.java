package dev.backprop.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.linalg.KernelSelection;
import dev.backprop.linalg.Kernels;
import dev.backprop.nn.GradientCases.Ending;
import dev.backprop.nn.GradientCases.Example;
import dev.backprop.spec.Activation;
import dev.backprop.spec.LayerSpec;
import dev.backprop.spec.LossSpec;
import dev.backprop.spec.NetworkSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Outputs, losses and gradients against the [ReferenceNetwork], with all kernels.
@ParameterizedClass
@ValueSource(strings = {"java", "openblas"})
class NetworkGradientTest {

  /// ||a - b|| <= TOLERANCE (||a|| + ||b||) + ROUNDOFF of a block of gradients: some 30 roundings
  /// of float, and one of a term near 1 where terms cancel each other (softmax below an error of
  /// one sign has no gradient at all).
  private static final double TOLERANCE = 2e-6;

  private static final double ROUNDOFF = 0x1p-23;

  private final Kernels kernels;

  NetworkGradientTest(String kernels) {
    this.kernels = KernelSelection.select(kernels).kernels();
  }

  @ParameterizedTest
  @MethodSource("dev.backprop.nn.GradientCases#hiddenActivations")
  void agreesWithTheReference(Activation f) {
    for (Ending ending : GradientCases.endings()) {
      for (NetworkSpec spec : GradientCases.networks(f, ending)) {
        check(GradientCases.example(spec, 4), 4);
      }
    }
  }

  @Test
  void agreesWithoutHiddenLayersAndBehindDropoutAlone() {
    for (Ending ending : GradientCases.endings()) {
      check(GradientCases.example(GradientCases.network(List.of(), ending), 4), 4);
      NetworkSpec dropout =
          GradientCases.network(
              List.of(new LayerSpec.Dropout(0.5), new LayerSpec.Dropout(0.2)), ending);
      check(GradientCases.example(dropout, 4), 4);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 13})
  void agreesOnBatchesOfAnySize(int rows) {
    for (Ending ending : GradientCases.endings().subList(0, 16)) {
      NetworkSpec spec = GradientCases.networks(new Activation.Silu(), ending).getFirst();
      Example example = GradientCases.example(spec, rows);
      check(example, rows);
      check(example, 16);
    }
  }

  /// J is the mean over the whole batch, whatever part of it a workspace holds.
  @Test
  void gradientsOfTheShardsOfABatchAddUp() {
    NetworkSpec spec = network();
    Example example = GradientCases.example(spec, 7);
    Network network = network(example);
    Workspace w = network.trainingWorkspace(7);
    double[] sum = new double[example.parameters().length];
    for (int[] shard : new int[][] {{0, 3}, {3, 7}}) {
      Parameters gradient = network.parameters().like();
      load(example, w, shard[0], shard[1]);
      network.forwardTraining(w, 1, 2, 3 + shard[0]);
      network.backward(w, 7, gradient);
      for (int p = 0; p < sum.length; p++) {
        sum[p] += gradient.values()[p];
      }
    }
    double[] expected = example.reference().gradient(example.theta(), example.batch());
    for (Parameters.View block : network.parameters().views()) {
      checkBlock(sum, expected, block, spec);
    }
  }

  @Test
  void predictionKnowsNoDropoutAndNeedsNoTrainingWorkspace() {
    Example example = GradientCases.example(network(), 5);
    Network network = network(example);
    Workspace w = network.workspace(8);
    load(example, w, 0, 5);
    network.forward(w);
    double[][] ones = {{}, {1, 1, 1, 1, 1}, {}};
    for (int i = 0; i < 5; i++) {
      double[] expected =
          example.reference().outputs(example.theta(), example.batch().x()[i], ones);
      for (int j = 0; j < GradientCases.OUTPUTS; j++) {
        assertThat((double) w.outputs().values()[i * GradientCases.OUTPUTS + j])
            .isCloseTo(expected[j], within(2e-6));
      }
    }
  }

  private static NetworkSpec network() {
    return GradientCases.networks(
            new Activation.Gelu(),
            new Ending(new Activation.Softmax(), new LossSpec.CrossEntropy()))
        .getFirst();
  }

  private Network network(Example example) {
    return Network.of(
        example.spec(),
        GradientCases.INPUTS,
        GradientCases.OUTPUTS,
        example.parameters().clone(),
        kernels);
  }

  private void check(Example example, int capacity) {
    Network network = network(example);
    Workspace w = network.trainingWorkspace(capacity);
    int rows = example.x().length;
    load(example, w, 0, rows);
    network.forwardTraining(w, 1, 2, 3);
    double loss = network.loss(w) / rows;
    Parameters gradient = network.parameters().like();
    Arrays.fill(gradient.values(), Float.NaN);
    network.backward(w, rows, gradient);

    double[] theta = example.theta();
    ReferenceNetwork.Batch batch = example.batch();
    for (int i = 0; i < rows; i++) {
      double[] expected = example.reference().outputs(theta, batch.x()[i], batch.masks()[i]);
      for (int j = 0; j < expected.length; j++) {
        assertThat((double) w.outputs().values()[i * expected.length + j])
            .as("output of %s", example.spec())
            .isCloseTo(expected[j], within(2e-6 * (1 + Math.abs(expected[j]))));
      }
    }
    double expectedLoss = example.reference().loss(theta, batch);
    assertThat(loss)
        .as("loss of %s", example.spec())
        .isCloseTo(expectedLoss, within(2e-6 * (1 + expectedLoss)));
    double[] expected = example.reference().gradient(theta, batch);
    double[] actual = new double[expected.length];
    for (int p = 0; p < actual.length; p++) {
      actual[p] = gradient.values()[p];
    }
    for (Parameters.View block : network.parameters().views()) {
      checkBlock(actual, expected, block, example.spec());
    }
  }

  private static void checkBlock(
      double[] actual, double[] expected, Parameters.View block, NetworkSpec spec) {
    double size = GradientCases.norm(actual, block) + GradientCases.norm(expected, block);
    assertThat(GradientCases.distance(actual, expected, block))
        .as("%s of %s", block.name(), spec)
        .isLessThanOrEqualTo(TOLERANCE * size + ROUNDOFF);
  }

  private static void load(Example example, Workspace w, int from, int to) {
    w.rows(to - from);
    for (int i = from; i < to; i++) {
      float[] x = example.x()[i];
      float[] y = example.y()[i];
      System.arraycopy(x, 0, w.x().values(), (i - from) * x.length, x.length);
      System.arraycopy(y, 0, w.y().values(), (i - from) * y.length, y.length);
    }
  }
}
