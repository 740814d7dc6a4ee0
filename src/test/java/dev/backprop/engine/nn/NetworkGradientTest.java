package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.nn.GradientCases.Ending;
import dev.backprop.engine.nn.GradientCases.Example;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.Scaling;
import java.util.ArrayList;
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

  /// ||a - b|| <= TOLERANCE (||a|| + ||b||) + ROUNDOFF of a block of gradients: some 8 roundings of
  /// float for each of 4 layers, or of more if there are more. If terms cancel each other, there is
  /// one of a term near 1, too (softmax below an error of one sign has no gradient at all).
  private static final double TOLERANCE = 5e-7;

  private static final double ROUNDOFF = 0x1p-23;

  private final Kernels kernels;

  NetworkGradientTest(String kernels) {
    this.kernels = KernelSelection.select(kernels).kernels();
  }

  @ParameterizedTest
  @MethodSource("dev.backprop.engine.nn.GradientCases#hiddenActivations")
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

  @Test
  void agreesBehindNormalizationAlone() {
    for (Ending ending : GradientCases.endings()) {
      LayerSpec norm = new LayerSpec.LayerNorm(1e-5);
      check(GradientCases.example(GradientCases.network(List.of(norm), ending), 4), 4);
      check(GradientCases.example(GradientCases.network(List.of(norm, norm), ending), 4), 4);
    }
  }

  /// Nothing to learn before, inside or but inside the block.
  @Test
  void agreesOnResidualBlocksThatLearnNothingOrStandAlone() {
    LayerSpec dropout = new LayerSpec.Dropout(0.4);
    LayerSpec dense =
        Defaults.fill(LayerSpec.Dense.class, GradientCases.INPUTS, new Activation.Tanh());
    for (Ending ending : GradientCases.everyLoss()) {
      for (boolean projection : new boolean[] {false, true}) {
        LayerSpec passing = new LayerSpec.Residual(List.of(dropout), projection);
        LayerSpec learning = new LayerSpec.Residual(List.of(dropout, dense), projection);
        LayerSpec nested = new LayerSpec.Residual(List.of(passing), projection);
        for (List<LayerSpec> layers :
            List.of(
                List.of(passing),
                List.of(learning),
                List.of(nested),
                List.of(dense, passing),
                List.of(passing, learning, passing))) {
          check(GradientCases.example(GradientCases.network(layers, ending), 4), 4);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 13})
  void agreesOnBatchesOfAnySize(int rows) {
    for (Ending ending : GradientCases.everyLoss()) {
      for (NetworkSpec spec : GradientCases.networks(new Activation.Silu(), ending)) {
        if (rows >= spec.smallestBatch()) {
          Example example = GradientCases.example(spec, rows);
          check(example, rows);
          check(example, 16);
        }
      }
    }
  }

  /// Members that drop out, normalize alone or together, and have every loss.
  @Test
  void membersAgreeWithTheReference() {
    for (Ending ending : GradientCases.endings()) {
      for (NetworkSpec spec : GradientCases.networks(new Activation.Silu(), ending)) {
        check(GradientCases.example(spec.withMembers(3), 4), 5);
      }
      NetworkSpec alone = GradientCases.network(List.of(), ending);
      check(GradientCases.example(alone.withMembers(2), 4), 4);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.backprop.engine.nn.GradientCases#hiddenActivations")
  void membersAgreeWithTheReferenceWhateverTheActivation(Activation f) {
    for (Ending ending : GradientCases.everyLoss()) {
      for (NetworkSpec spec : GradientCases.networks(f, ending)) {
        check(GradientCases.example(spec.withMembers(2), 3), 3);
      }
    }
  }

  /// As the neural tangent kernel has it, of one network and of members.
  @Test
  void scaledWeightsAgreeWithTheReference() {
    for (Ending ending : GradientCases.endings()) {
      List<NetworkSpec> specs =
          new ArrayList<>(GradientCases.networks(new Activation.Silu(), ending));
      specs.addAll(GradientCases.networks(new Activation.Prelu(0.3), ending));
      specs.add(GradientCases.network(List.of(), ending));
      for (NetworkSpec spec : specs) {
        check(GradientCases.example(spec.withScaling(Scaling.NTK), 4), 4);
        check(GradientCases.example(spec.withScaling(Scaling.NTK).withMembers(3), 4), 5);
      }
    }
  }

  /// Of one network and of members, between all kinds of layers.
  @ParameterizedTest
  @MethodSource("dev.backprop.engine.nn.GradientCases#parametricActivations")
  void parametricActivationsAgreeWithTheReference(Activation f) {
    for (Ending ending : GradientCases.everyLoss()) {
      for (NetworkSpec plain : GradientCases.networks(f, ending)) {
        NetworkSpec spec = GradientCases.parametric(plain);
        check(GradientCases.example(spec, 4), 5);
        check(GradientCases.example(spec.withScaling(Scaling.NTK).withMembers(3), 4), 5);
      }
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

  /// J = Σ w_i L_i / Σ w_i over the whole batch, whatever part of it a workspace holds; statistics
  /// of a batch count all rows alike.
  @Test
  void weightedGradientsAgreeWithTheReferenceAndAddUp() {
    checkWeighted(1);
  }

  @Test
  void weightedGradientsOfMembersAgreeWithTheReferenceAndAddUp() {
    checkWeighted(3);
  }

  private void checkWeighted(int members) {
    double[] weights = {2, 0, 0.25, 1, 3};
    for (Ending ending : GradientCases.endings()) {
      for (NetworkSpec plain : GradientCases.networks(new Activation.Silu(), ending)) {
        NetworkSpec spec = plain.withMembers(members);
        Example example = GradientCases.example(spec, 5);
        double[] actual = new double[example.parameters().length];
        double loss = addWeighted(example, weights, actual, 0, 3, 5);
        double[] theta = example.theta();
        double expectedLoss = example.reference().loss(theta, example.batch(), weights);
        double[] expected = example.reference().gradient(theta, example.batch(), weights);
        assertThat(loss / 6.25)
            .as("loss of %s", spec)
            .isCloseTo(expectedLoss, within(2e-6 * (1 + expectedLoss)));
        for (Parameters.View block : GradientCases.blocks(spec)) {
          checkBlock(actual, expected, block, spec);
        }
      }
    }
  }

  @Test
  void aWeightOfTwoIsTheRowTwice() {
    NetworkSpec spec = GradientCases.network(List.of(), GradientCases.endings().getFirst());
    Example example = GradientCases.example(spec, 3);
    double[] weighted = new double[example.parameters().length];
    double[] twice = new double[weighted.length];
    double loss = addWeighted(example, new double[] {1, 2, 1}, weighted, 0, 3);
    double[] single = new double[weighted.length];
    double lossTwice =
        addWeighted(example, new double[] {1, 1, 1}, twice, 0, 3)
            + addWeighted(example, new double[] {0, 1}, single, 1, 2);
    assertThat(loss).isCloseTo(lossTwice, within(1e-6));
    for (int p = 0; p < weighted.length; p++) {
      // Means over 4, over 3 and over 1.
      assertThat(4 * weighted[p]).isCloseTo(3 * twice[p] + single[p], within(2e-6));
    }
  }

  /// Its loss may be beyond the numbers.
  @Test
  void aRowThatWeighsNothingChangesNothing() {
    NetworkSpec spec =
        GradientCases.network(
            List.of(), new Ending(new Activation.Identity(), new LossSpec.Quadratic()));
    Example example = GradientCases.example(spec, 3);
    double[] weights = {1, 0, 2};
    double[] expected = new double[example.parameters().length];
    double loss = addWeighted(example, weights, expected, 0, 3);
    Arrays.fill(example.y()[1], Float.POSITIVE_INFINITY);
    double[] actual = new double[expected.length];
    assertThat(addWeighted(example, weights, actual, 0, 3)).isFinite().isEqualTo(loss);
    assertThat(actual).isEqualTo(expected);
  }

  /// Adds the gradient of the shards that lie between these cuts of the examples to `sum`.
  ///
  /// @return the weighted sum of their losses
  private double addWeighted(Example example, double[] weights, double[] sum, int... cuts) {
    Network network = network(example);
    int count = cuts.length - 1;
    Workspace[] shards = new Workspace[count];
    Parameters[] gradients = new Parameters[count];
    for (int s = 0; s < count; s++) {
      shards[s] = network.trainingWorkspace(cuts[s + 1] - cuts[s]);
      gradients[s] = network.parameters().like();
      load(example, shards[s], cuts[s], cuts[s + 1]);
      network.forwardTraining(shards[s], 1, 2, 3 + cuts[s]);
    }
    for (int meeting = 0; meeting < network.meetings(); meeting++) {
      network.meetForward(meeting, shards, count);
      for (int s = 0; s < count; s++) {
        network.resumeForward(shards[s], meeting, 1, 2, 3 + cuts[s]);
      }
    }
    double weightSum = Arrays.stream(weights).sum();
    double loss = 0;
    for (int s = 0; s < count; s++) {
      network.backward(shards[s], weights, cuts[s], weightSum, gradients[s]);
      loss += network.loss(shards[s], weights, cuts[s]);
    }
    for (int meeting = network.meetings() - 1; meeting >= 0; meeting--) {
      network.meetBackward(meeting, shards, count);
      for (int s = 0; s < count; s++) {
        network.resumeBackward(shards[s], meeting, gradients[s]);
      }
    }
    for (Parameters gradient : gradients) {
      for (int p = 0; p < sum.length; p++) {
        sum[p] += gradient.values()[p];
      }
    }
    return loss;
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
    return GradientCases.network(example, kernels);
  }

  private void check(Example example, int capacity) {
    Network network = network(example);
    Workspace w = network.trainingWorkspace(capacity);
    int rows = example.x().length;
    load(example, w, 0, rows);
    WholeBatch.forward(network, w, 1, 2, 3);
    double loss = network.loss(w) / rows;
    Parameters gradient = network.parameters().like();
    Arrays.fill(gradient.values(), Float.NaN);
    WholeBatch.backward(network, w, gradient);

    double[] theta = example.theta();
    ReferenceNetwork.Batch batch = example.batch();
    double[][] outputs = example.reference().outputs(theta, batch.x(), batch.masks());
    for (int i = 0; i < outputs.length; i++) {
      for (int j = 0; j < GradientCases.OUTPUTS; j++) {
        assertThat((double) w.judged().outputs().values()[i * GradientCases.OUTPUTS + j])
            .as("output of %s", example.spec())
            .isCloseTo(outputs[i][j], within(2e-6 * (1 + Math.abs(outputs[i][j]))));
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
    int layers = spec.layersByPointer().size() + 1;
    assertThat(GradientCases.distance(actual, expected, block))
        .as("%s of %s", block.name(), spec)
        .isLessThanOrEqualTo(TOLERANCE * Math.max(4, layers) * size + ROUNDOFF);
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
