package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.nn.GradientCases.Ending;
import dev.backprop.engine.nn.GradientCases.Example;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What batch normalization knows of the other rows; its gradients are those of the reference in
/// [NetworkGradientTest].
class BatchNormTest {

  private static final double EPSILON = 0.1;
  private static final double MOMENTUM = 0.3;
  private static final Kernels KERNELS = new JavaKernels();
  private static final LayerSpec NORM = new LayerSpec.BatchNorm(EPSILON, MOMENTUM);

  /// The inputs, normalized.
  private static NetworkSpec inputsAlone() {
    return network(List.of(NORM));
  }

  /// Of several meetings, one of them inside a block, and with dropout in between.
  private static NetworkSpec blocks() {
    LayerSpec dense = Defaults.fill(LayerSpec.Dense.class, 5, new Activation.Tanh());
    LayerSpec dropout = new LayerSpec.Dropout(0.4);
    return network(
        List.of(dense, new LayerSpec.Residual(List.of(NORM, dropout, dense), false), NORM, dense));
  }

  private static NetworkSpec network(List<LayerSpec> layers) {
    return GradientCases.network(
        layers, new Ending(new Activation.Identity(), new LossSpec.SquaredError()));
  }

  private static Network network(Example example) {
    return GradientCases.network(example, KERNELS);
  }

  private static double mean(float[][] rows, int unit) {
    return Arrays.stream(rows).mapToDouble(row -> row[unit]).average().orElseThrow();
  }

  /// @param divisor n, or n - 1 for the unbiased one
  private static double variance(float[][] rows, int unit, int divisor) {
    double mean = mean(rows, unit);
    return Arrays.stream(rows).mapToDouble(row -> (row[unit] - mean) * (row[unit] - mean)).sum()
        / divisor;
  }

  private static void load(float[][] x, Workspace w) {
    w.rows(x.length);
    for (int i = 0; i < x.length; i++) {
      System.arraycopy(x[i], 0, w.x().values(), i * x[i].length, x[i].length);
    }
  }

  @Test
  void runningStatisticsFollowTheMiniBatchesFromZeroAndOneOn() {
    Example example = GradientCases.example(inputsAlone(), 6);
    Network network = network(example);
    assertThat(network.parameters().statistics())
        .containsExactly(
            new Parameters.View("layers.0.mean", 8 + 15, 4, 1, false),
            new Parameters.View("layers.0.variance", 8 + 15 + 4, 4, 1, false));
    assertThat(network.parameters().size()).isEqualTo(23);
    float[] values = network.parameters().values();
    assertThat(values).hasSize(31);
    assertThat(Arrays.copyOfRange(values, 23, 27)).containsOnly(0);
    assertThat(Arrays.copyOfRange(values, 27, 31)).containsOnly(1);

    float[] learned = Arrays.copyOf(values, 23);
    double[] means = new double[4];
    double[] variances = {1, 1, 1, 1};
    Workspace w = network.trainingWorkspace(6);
    for (int n : new int[] {4, 2, 6}) {
      float[][] batch = Arrays.copyOf(example.x(), n);
      load(batch, w);
      WholeBatch.forward(network, w, 1, 1, 0);
      for (int j = 0; j < 4; j++) {
        means[j] = 0.7 * means[j] + 0.3 * mean(batch, j);
        variances[j] = 0.7 * variances[j] + 0.3 * variance(batch, j, n - 1);
        assertThat((double) values[23 + j]).isCloseTo(means[j], within(1e-6));
        assertThat((double) values[27 + j]).isCloseTo(variances[j], within(1e-6));
      }
    }
    assertThat(Arrays.copyOf(values, 23)).isEqualTo(learned);
  }

  @Test
  void predictionNormalizesByTheRunningStatisticsWhateverTheOtherRows() {
    Example example = GradientCases.example(inputsAlone(), 6);
    Network network = network(example);
    float[] values = network.parameters().values();
    Workspace training = network.trainingWorkspace(6);
    load(example.x(), training);
    WholeBatch.forward(network, training, 1, 1, 0);
    float[] before = values.clone();

    Workspace all = network.workspace(6);
    load(example.x(), all);
    network.forward(all);
    Workspace alone = network.workspace(1);
    for (int i = 0; i < 6; i++) {
      load(new float[][] {example.x()[i]}, alone);
      network.forward(alone);
      for (int j = 0; j < 4; j++) {
        double x = example.x()[i][j];
        double expected = (x - values[23 + j]) / Math.sqrt(values[27 + j] + EPSILON);
        expected = values[j] * expected + values[4 + j];
        float actual = all.pass(0).a().values()[4 * i + j];
        assertThat((double) actual).isCloseTo(expected, within(1e-6));
        assertThat(alone.pass(0).a().values()[j]).isEqualTo(actual);
      }
      assertThat(Arrays.copyOf(alone.outputs().values(), 3))
          .isEqualTo(Arrays.copyOfRange(all.outputs().values(), 3 * i, 3 * i + 3));
    }
    assertThat(values).isEqualTo(before);
  }

  /// Outputs, gradients and running statistics are those of the whole mini-batch.
  @Test
  void shardsNormalizeByTheStatisticsOfAllOfThem() {
    int n = 11;
    Example example = GradientCases.example(blocks(), n);
    Network whole = network(example);
    Workspace all = whole.trainingWorkspace(n);
    load(example.x(), all);
    WholeBatch.forward(whole, all, 1, 2, 3);
    double[] expected = example.reference().gradient(example.theta(), example.batch());

    for (int[] cut : new int[][] {{0, 11}, {0, 4, 11}, {0, 1, 2, 9, 11}}) {
      int count = cut.length - 1;
      Network network = network(example);
      assertThat(network.meetings()).isEqualTo(2);
      Workspace[] shards = new Workspace[count];
      Parameters[] gradients = new Parameters[count];
      for (int s = 0; s < count; s++) {
        shards[s] = network.trainingWorkspace(n);
        gradients[s] = network.parameters().like();
        load(Arrays.copyOfRange(example.x(), cut[s], cut[s + 1]), shards[s]);
        float[] y = shards[s].y().values();
        for (int i = cut[s]; i < cut[s + 1]; i++) {
          System.arraycopy(example.y()[i], 0, y, (i - cut[s]) * 3, 3);
        }
        network.forwardTraining(shards[s], 1, 2, 3 + cut[s]);
      }
      for (int meeting = 0; meeting < 2; meeting++) {
        network.meetForward(meeting, shards, count);
        for (int s = 0; s < count; s++) {
          network.resumeForward(shards[s], meeting, 1, 2, 3 + cut[s]);
        }
      }
      for (int s = 0; s < count; s++) {
        network.backward(shards[s], n, gradients[s]);
      }
      for (int meeting = 1; meeting >= 0; meeting--) {
        network.meetBackward(meeting, shards, count);
        for (int s = 0; s < count; s++) {
          network.resumeBackward(shards[s], meeting, gradients[s]);
        }
      }
      for (int p = 0; p < expected.length; p++) {
        double sum = 0;
        for (Parameters gradient : gradients) {
          sum += gradient.values()[p];
        }
        assertThat(sum).as("gradient %d", p).isCloseTo(expected[p], within(2e-6));
      }
      float[] outputs = shards[count - 1].outputs().values();
      for (int i = 0; i < (n - cut[count - 1]) * 3; i++) {
        assertThat(outputs[i])
            .isCloseTo(all.outputs().values()[cut[count - 1] * 3 + i], within(2e-6f));
      }
      float[] values = network.parameters().values();
      for (int p = expected.length; p < values.length; p++) {
        assertThat(values[p]).isCloseTo(whole.parameters().values()[p], within(1e-6f));
      }
    }
  }

  /// Millions, with a variance of 1: a difference of squares would have lost it.
  @Test
  void keepsTheVarianceOfLargeNumbers() {
    Example example = GradientCases.example(inputsAlone(), 6);
    float[][] x = new float[6][];
    for (int i = 0; i < 6; i++) {
      x[i] = new float[] {4e6f + i % 2 * 2, 4e6f, 0, -4e6f - i % 3};
    }
    Network network = network(example);
    Workspace[] shards = {network.trainingWorkspace(6), network.trainingWorkspace(6)};
    load(Arrays.copyOf(x, 2), shards[0]);
    load(Arrays.copyOfRange(x, 2, 6), shards[1]);
    network.forwardTraining(shards[0], 1, 1, 0);
    network.forwardTraining(shards[1], 1, 1, 2);
    network.meetForward(0, shards, 2);
    float[] values = network.parameters().values();
    for (int j = 0; j < 4; j++) {
      assertThat((double) values[23 + j]).isCloseTo(0.3 * mean(x, j), within(0.1));
      assertThat((double) values[27 + j]).isCloseTo(0.7 + 0.3 * variance(x, j, 5), within(1e-6));
    }
  }

  @Test
  void gradientsAndCopiesHaveTheirOwnLayout() {
    Network network = network(GradientCases.example(blocks(), 2));
    Parameters parameters = network.parameters();
    assertThat(parameters.values()).hasSize(parameters.size() + 20);
    assertThat(Network.valueCount(blocks(), InputLayout.numbers(4), 3))
        .isEqualTo(parameters.values().length);
    assertThat(Network.parameterCount(blocks(), 4, 3)).isEqualTo(parameters.size());
    assertThat(parameters.like().values()).hasSize(parameters.size());
    parameters.values()[parameters.size()] = 7;
    Parameters copy = network.copy().parameters();
    assertThat(copy.values()).isEqualTo(parameters.values());
    assertThat(copy.statistics())
        .isEqualTo(parameters.statistics())
        .extracting(Parameters.View::name)
        .containsExactly(
            "layers.1.layers.0.mean",
            "layers.1.layers.0.variance",
            "layers.2.mean",
            "layers.2.variance");
    assertThat(network.shapes().get(2)).isEqualTo(new LayerShape("batch-norm", 5, 5, 10));
  }

  @Test
  void aMiniBatchOfOneHasNoVariance() {
    Network network = network(GradientCases.example(inputsAlone(), 2));
    Workspace w = network.trainingWorkspace(1);
    w.rows(1);
    network.forwardTraining(w, 1, 1, 0);
    assertThatThrownBy(() -> network.meetForward(0, new Workspace[] {w}, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a mini-batch to normalize must have at least 2 examples, had 1");
  }
}
