package dev.backprop.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.linalg.Cut;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.nn.Workspace;
import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.plan.Supervisor;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.plan.TrainingResult;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.Refusals;
import dev.backprop.engine.spec.RegularizationSpec;
import dev.backprop.engine.spec.Task;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.ByteBudget;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Optimizers that see all training rows at every step.
class FullBatchTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
  private static final OptimizerSpec RPROP = new OptimizerSpec.Rprop(0.01, 0.5, 1.2, 1e-6, 50);
  private static final OptimizerSpec LBFGS = Defaults.fill(OptimizerSpec.Lbfgs.class);
  private static final EarlyStoppingSpec NO_STOPPING = new EarlyStoppingSpec.None();

  private static TrainingSpec training(
      int epochs, OptimizerSpec optimizer, double l2, double validation) {
    return training(epochs, optimizer, l2, validation, null);
  }

  private static TrainingSpec training(
      int epochs,
      OptimizerSpec optimizer,
      double l2,
      double validation,
      @Nullable Double maxSeconds) {
    return TrainingSpecs.training()
        .epochs(epochs)
        .seed(3)
        .validationFraction(validation)
        .optimizer(optimizer)
        .regularization(new RegularizationSpec(0, l2))
        .earlyStopping(validation == 0 ? NO_STOPPING : null)
        .maxSeconds(maxSeconds)
        .spec();
  }

  /// Rows of three inputs, and whether a noisy sum of them is above 0; weights 0 … 2.
  private static BareExamples classes(int rows, boolean weighted) {
    SplittableRandom random = new SplittableRandom(17);
    DenseRows.Builder x = new DenseRows.Builder(ByteBudget.unbounded());
    DenseRows.Builder y = new DenseRows.Builder(ByteBudget.unbounded());
    double[] weights = new double[rows];
    for (int i = 0; i < rows; i++) {
      double[] at = {random.nextDouble() - 0.5, random.nextDouble() * 2, random.nextDouble() - 0.2};
      for (double value : at) {
        x.add(value);
      }
      x.endRow();
      y.add(at[0] - 0.5 * at[1] + at[2] + random.nextDouble() - 0.5 > 0 ? 1 : 0);
      y.endRow();
      weights[i] = random.nextInt(5) * 0.5;
    }
    return weighted
        ? new BareExamples(x.build(), y.build(), DenseRows.of(new double[][] {weights}))
        : new BareExamples(x.build(), y.build());
  }

  private static final OutputSpec SIGMOID =
      Defaults.fill(OutputSpec.class, new Activation.Sigmoid());

  private static NetworkSpec tanh(int units) {
    return NetworkSpec.of(
        List.of(Defaults.fill(LayerSpec.Dense.class, units, new Activation.Tanh())), SIGMOID, null);
  }

  private static TrainingPlan plan(BareExamples data, NetworkSpec network, TrainingSpec training) {
    return TrainingPlan.of(new TrainingData.Bare(data), null, FitSpec.of(network, training));
  }

  private static TrainingResult.Trained run(TrainingPlan plan, List<EpochReport> history) {
    return (TrainingResult.Trained)
        plan.run(new JavaKernels(), Team.ALONE, CLOCK, history::add, null);
  }

  /// 10,000 rows are three chunks.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void chunksAddUpToTheWholeBatch(boolean weighted) {
    int rows = 10_000;
    BareExamples data = classes(rows, weighted);
    NetworkSpec spec = tanh(20).resolve(Task.BARE);
    Network network = Network.initialize(spec, 3, 1, new int[0], 1, new JavaKernels());
    assertThat(Cut.rowsAtOnce(rows, network.trainingWorkspaceBytes(1))).isEqualTo(3_334);
    int[] order = IntStream.range(0, rows).toArray();
    double[] weights = IntStream.range(0, rows).mapToDouble(data::weight).toArray();
    RowWeights rowWeights =
        RowWeights.of(new Part(data, order), new TrainingData.Bare(data).target(), null);
    assertThat(rowWeights != null).isEqualTo(weighted);
    FullBatch batch =
        new FullBatch(
            network,
            new Part(data, order),
            rowWeights,
            training(1, LBFGS, 0, 0).resolve(0, rows, 0),
            Team.ALONE);
    Parameters gradient = network.parameters().like();
    double loss = batch.evaluate(gradient);

    Workspace w = network.trainingWorkspace(rows);
    data.encode(order, 0, rows, w.x(), w.y());
    network.forwardTraining(w, 0, 1, 0);
    Parameters whole = network.parameters().like();
    double sum = Arrays.stream(weights).sum();
    network.backward(w, weights, 0, sum, whole);
    assertThat(loss).isCloseTo(network.loss(w, weights, 0) / sum, within(1e-7));
    assertThat(gradient.values()).containsExactly(whole.values(), within(1e-6f));
    // Nothing is left of the evaluation before.
    assertThat(batch.evaluate(gradient)).isEqualTo(loss);
  }

  @Test
  void workspacesAreBounded() {
    assertThat(Cut.rowsAtOnce(1, 100)).isEqualTo(1);
    assertThat(Cut.rowsAtOnce(4_096, 100)).isEqualTo(4_096);
    assertThat(Cut.rowsAtOnce(4_097, 100)).isEqualTo(2_049);
    assertThat(Cut.rowsAtOnce(1_000_000, 100)).isBetween(4_000, 4_096);
    assertThat(Cut.rowsAtOnce(1_000_000, 1 << 16)).isBetween(1_000, 1_024);
    assertThat(Cut.rowsAtOnce(1_000_000, 1L << 40)).isBetween(120, 128);
  }

  @Test
  void estimatesCountTheHistoryAndNoMoreRowsThanAChunk() {
    long parameters = plan(classes(100, false), tanh(20), training(1, LBFGS, 0, 0)).parameters();
    long ten = bytes(100, LBFGS);
    long three = bytes(100, Defaults.fill(OptimizerSpec.Lbfgs.class, 3));
    assertThat(ten - three).isEqualTo(2 * 7 * parameters * Float.BYTES);
    assertThat(ten - bytes(100, RPROP)).isEqualTo((2 * 10 + 3 - 2) * parameters * Float.BYTES);
    // Both 4,096 rows at a time, and the orders and scores of the others.
    long more = bytes(8 * 4_096, LBFGS) - bytes(4_096, LBFGS);
    assertThat(more).isEqualTo(7 * 4_096 * (2 * Integer.BYTES + Float.BYTES + 1));
    assertThat(bytes(8 * 4_096, RPROP) - bytes(4_096, RPROP)).isEqualTo(more);
  }

  private static long bytes(int rows, OptimizerSpec optimizer) {
    return plan(classes(rows, false), tanh(20), training(1, optimizer, 0, 0)).estimatedBytes(1);
  }

  /// Logistic regression with its penalty on the weights, by Newton's method in double precision.
  ///
  /// @return weights and bias, then the loss without penalty
  private static double[] newton(BareExamples data, double l2) {
    int p = 3;
    double[] w = new double[p + 1];
    double[][] x = new double[data.size()][];
    double[] y = new double[x.length];
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      x[i] = new double[] {0, 0, 0, 1};
      Workspace encoded = encoded(data, i);
      for (int j = 0; j < p; j++) {
        x[i][j] = encoded.x().values()[j];
      }
      y[i] = encoded.y().values()[0];
      sum += data.weight(i);
    }
    double loss = 0;
    for (int iteration = 0; iteration < 30; iteration++) {
      double[][] system = new double[p + 1][p + 2];
      loss = 0;
      for (int i = 0; i < x.length; i++) {
        double z = 0;
        for (int j = 0; j <= p; j++) {
          z += w[j] * x[i][j];
        }
        double a = 1 / (1 + Math.exp(-z));
        double share = data.weight(i) / sum;
        loss -= share * (y[i] * Math.log(a) + (1 - y[i]) * Math.log(1 - a));
        for (int j = 0; j <= p; j++) {
          for (int k = 0; k <= p; k++) {
            system[j][k] += share * a * (1 - a) * x[i][j] * x[i][k];
          }
          system[j][p + 1] -= share * (a - y[i]) * x[i][j];
        }
      }
      for (int j = 0; j < p; j++) {
        system[j][j] += l2;
        system[j][p + 1] -= l2 * w[j];
      }
      double[] step = solve(system);
      for (int j = 0; j <= p; j++) {
        w[j] += step[j];
      }
    }
    double[] result = Arrays.copyOf(w, p + 2);
    result[p + 1] = loss;
    return result;
  }

  private static Workspace encoded(BareExamples data, int row) {
    NetworkSpec spec = NetworkSpec.of(List.of(), SIGMOID, null).resolve(Task.BARE);
    Network network = Network.initialize(spec, 3, 1, new int[0], 1, new JavaKernels());
    Workspace w = network.workspace(1);
    data.encode(new int[] {row}, 0, 1, w.x(), w.y());
    return w;
  }

  /// Gauss and Jordan, of a positive definite matrix with its right side behind it.
  private static double[] solve(double[][] system) {
    int n = system.length;
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < n; i++) {
        double factor = system[i][j] / system[j][j];
        for (int k = j; i != j && k <= n; k++) {
          system[i][k] -= factor * system[j][k];
        }
      }
    }
    double[] x = new double[n];
    for (int j = 0; j < n; j++) {
      x[j] = system[j][n] / system[j][j];
    }
    return x;
  }

  static Stream<Arguments> regressions() {
    return Stream.of(
        Arguments.of(false, 0.0),
        Arguments.of(false, 0.02),
        Arguments.of(true, 0.0),
        Arguments.of(true, 0.02));
  }

  @ParameterizedTest
  @MethodSource("regressions")
  void lbfgsFindsTheLogisticRegressionThatNewtonFinds(boolean weighted, double l2) {
    BareExamples data = classes(500, weighted);
    List<EpochReport> history = new ArrayList<>();
    TrainingResult.Trained trained =
        run(
            plan(data, NetworkSpec.of(List.of(), SIGMOID, null), training(500, LBFGS, l2, 0)),
            history);
    double[] newton = newton(data, l2);
    assertThat(trained.learned().converged()).isTrue();
    assertThat(trained.learned().epochs()).isLessThan(30).isEqualTo(history.size());
    assertThat(trained.learned().warnings()).isEmpty();
    float[] w = trained.predictor().scorer().network().parameters().values();
    double penalty = 0;
    double newtonsPenalty = 0;
    for (int j = 0; j < 3; j++) {
      penalty += l2 / 2 * w[j] * w[j];
      newtonsPenalty += l2 / 2 * newton[j] * newton[j];
    }
    assertThat(history.getLast().trainLoss() + penalty)
        .isCloseTo(newton[4] + newtonsPenalty, within(1e-7));
    for (int j = 0; j < 4; j++) {
      assertThat((double) w[j]).as("parameter %d", j).isCloseTo(newton[j], within(1e-3));
    }
    // The loss is that after the step: what the model is evaluated at.
    assertThat(trained.learned().evaluations().get("training"))
        .isNotNull()
        .satisfies(
            e ->
                assertThat(e.loss())
                    .isCloseTo(history.getLast().trainLoss(), withinPercentage(1e-4)));
  }

  @Test
  void aRunThatConvergesIsTheRunOfItsEpochs() {
    BareExamples data = classes(300, false);
    NetworkSpec network = NetworkSpec.of(List.of(), SIGMOID, null);
    TrainingResult.Trained ended =
        run(plan(data, network, training(500, LBFGS, 0.01, 0)), new ArrayList<>());
    assertThat(ended.learned().converged()).isTrue();
    assertThat(ended.learned().stoppedEarly()).isFalse();
    assertThat(ended.learned().stoppedByTime()).isFalse();
    assertThat(ended.learned().bestEpoch()).isEqualTo(ended.learned().epochs());
    TrainingResult.Trained again =
        run(
            plan(data, network, training(ended.learned().epochs(), LBFGS, 0.01, 0)),
            new ArrayList<>());
    assertThat(again.learned().converged()).isTrue();
    assertThat(again.predictor().scorer().network().parameters().values())
        .isEqualTo(ended.predictor().scorer().network().parameters().values());
    TrainingResult.Trained shorter =
        run(
            plan(data, network, training(ended.learned().epochs() - 1, LBFGS, 0.01, 0)),
            new ArrayList<>());
    assertThat(shorter.learned().converged()).isFalse();
    assertThat(shorter.learned().epochs()).isEqualTo(ended.learned().epochs() - 1);
  }

  @Test
  void lbfgsOverfitsAHiddenLayer() {
    double[][] inputs = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    double[][] targets = {{0}, {1}, {1}, {0}};
    List<EpochReport> history = new ArrayList<>();
    TrainingResult.Trained trained =
        run(
            plan(
                new BareExamples(DenseRows.of(inputs), DenseRows.of(targets)),
                tanh(8),
                training(200, LBFGS, 0, 0)),
            history);
    assertThat(trained.learned().converged()).isTrue();
    assertThat(history.getLast().trainLoss()).isLessThan(1e-4);
    // Every step lowers the loss, and tells its length.
    for (int epoch = 1; epoch < history.size(); epoch++) {
      assertThat(history.get(epoch).trainLoss()).isLessThan(history.get(epoch - 1).trainLoss());
      assertThat(history.get(epoch).learningRate()).isPositive();
    }
  }

  @Test
  void earlyStoppingServesTheBestEpochOfLbfgs() {
    BareExamples data = classes(60, false);
    List<EpochReport> history = new ArrayList<>();
    TrainingResult.Trained trained =
        run(plan(data, tanh(50), training(300, LBFGS, 0, 0.5)), history);
    assertThat(trained.learned().stoppedEarly()).isTrue();
    assertThat(trained.learned().converged()).isFalse();
    assertThat(trained.learned().epochs()).isEqualTo(trained.learned().bestEpoch() + 10);
    assertThat(trained.learned().evaluations().get("validation"))
        .isNotNull()
        .satisfies(
            e ->
                assertThat(e.loss())
                    .isEqualTo(history.get(trained.learned().bestEpoch() - 1).validationLoss()));
  }

  /// Every fold converges; so does what learns from all rows, or it has run for as long as they
  /// did.
  @Test
  void foldsMayConverge() {
    TrainingSpec folds =
        TrainingSpecs.training()
            .epochs(500)
            .seed(3)
            .optimizer(LBFGS)
            .regularization(new RegularizationSpec(0, 0.02))
            .earlyStopping(NO_STOPPING)
            .crossValidation(new CrossValidationSpec(3))
            .spec();
    TrainingResult.Trained trained =
        run(
            plan(classes(300, false), NetworkSpec.of(List.of(), SIGMOID, null), folds),
            new ArrayList<>());
    CrossValidationResult result = Objects.requireNonNull(trained.learned().crossValidation());
    assertThat(result.folds())
        .hasSize(3)
        .allSatisfy(fold -> assertThat(fold.epochs()).isBetween(3, 40));
    assertThat(trained.learned().epochs()).isLessThanOrEqualTo(result.epochs());
    assertThat(trained.learned().converged() || trained.learned().epochs() == result.epochs())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rprop", "lbfgs"})
  void timeEndsARun(String optimizer) {
    OptimizerSpec spec = optimizer.equals("rprop") ? RPROP : LBFGS;
    long[] seconds = {0};
    TrainingResult.Trained ended =
        (TrainingResult.Trained)
            plan(classes(50, false), tanh(5), training(100, spec, 0, 0, 12.0))
                .run(
                    new JavaKernels(),
                    Team.ALONE,
                    () -> Instant.ofEpochSecond(seconds[0]++),
                    report -> {},
                    null);
    assertThat(ended.learned().stoppedByTime()).isTrue();
    assertThat(ended.learned().converged()).isFalse();
    assertThat(ended.learned().epochs()).isBetween(2, 12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rprop", "lbfgs"})
  void stopsBetweenTwoChunksWhenCancelled(String optimizer) {
    OptimizerSpec spec = optimizer.equals("rprop") ? RPROP : LBFGS;
    int[] asked = {0};
    TrainingResult result =
        plan(classes(10_000, false), tanh(5), training(100, spec, 0, 0))
            .run(
                new JavaKernels(),
                Team.ALONE,
                CLOCK,
                new Supervisor() {

                  @Override
                  public void onEpoch(EpochReport report) {}

                  @Override
                  public Signal signal() {
                    return ++asked[0] >= 3 ? Signal.CANCEL : Signal.GO_ON;
                  }
                },
                null);
    assertThat(result).isEqualTo(new TrainingResult.Cancelled(1));
    // Before the step, before each of two chunks, and before the step would be made again.
    assertThat(asked[0]).isEqualTo(4);
  }

  /// (3 abs(b) + abs(b - 1)) / 4 of the bias b. It starts at the minimum, which is a kink: the
  /// slope there, by the signs, is -1/4.
  @Test
  void aRunThatNoStepImprovesEndsWithAWarning() {
    NetworkSpec constant =
        NetworkSpec.of(
            List.of(),
            Defaults.fill(OutputSpec.class, new Activation.Identity()),
            new LossSpec.AbsoluteError());
    BareExamples data =
        new BareExamples(
            DenseRows.of(new double[][] {{0}, {0}}),
            DenseRows.of(new double[][] {{0}, {1}}),
            DenseRows.of(new double[][] {{3, 1}}));
    List<EpochReport> history = new ArrayList<>();
    TrainingResult.Trained trained =
        run(plan(data, constant, training(1_000, LBFGS, 0, 0)), history);
    assertThat(trained.learned().converged()).isFalse();
    assertThat(trained.learned().warnings())
        .containsExactly(
            "lbfgs ended in epoch 1 without having converged: no step lowers the loss any more, as far as floats can tell; the largest element of the gradient is 0.250, the tolerance 1.0E-5");
    assertThat(trained.learned().epochs()).isEqualTo(1);
    assertThat(history).hasSize(1);
    assertThat(history.getFirst().trainLoss()).isEqualTo(0.25);
    assertThat(history.getFirst().learningRate()).isZero();
    assertThat(trained.predictor().scorer().network().parameters().values()[1]).isZero();
  }

  @Test
  void lossesThatOverflowAtTheStartDiverge() {
    double[][] inputs = {{1e38, 1e38}, {3e38, 1}};
    double[][] targets = {{1}, {-1}};
    NetworkSpec wide =
        NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 64)), null, null);
    for (OptimizerSpec optimizer : List.of(RPROP, LBFGS)) {
      TrainingResult result =
          plan(
                  new BareExamples(DenseRows.of(inputs), DenseRows.of(targets)),
                  wide,
                  training(3, optimizer, 0, 0))
              .run(new JavaKernels(), Team.ALONE, CLOCK, report -> {}, null);
      assertThat(result)
          .isInstanceOfSatisfying(
              TrainingResult.Diverged.class,
              diverged -> {
                assertThat(diverged.epoch()).isEqualTo(1);
                assertThat(diverged.detail()).contains("the training loss").contains("not finite");
              });
    }
  }

  @Test
  void whatIsNoFixedFunctionIsRefused() {
    LayerSpec dense = Defaults.fill(LayerSpec.Dense.class, 4);
    NetworkSpec dropout = NetworkSpec.of(List.of(dense, new LayerSpec.Dropout(0.1)), null, null);
    refused(
        dropout,
        RPROP,
        "/network/layers/1",
        "dropout does not go with rprop, which needs the same function at every step, its rate was 0.1");
    refused(
        dropout,
        LBFGS,
        "/network/layers/1",
        "dropout does not go with lbfgs, which needs the same function at every step, its rate was 0.1");
  }

  @Test
  void batchesThatAreNormalizedAreRefused() {
    refused(
        NetworkSpec.of(List.of(Defaults.fill(LayerSpec.BatchNorm.class, null, 0.2)), null, null),
        LBFGS,
        "/network/layers/0",
        "batch normalization does not go with lbfgs, which takes its rows through in parts, its momentum was 0.2");
  }

  @Test
  void blocksAreLookedInto() {
    LayerSpec dense = Defaults.fill(LayerSpec.Dense.class, 3, null, null, null, 2.0);
    LayerSpec inner = new LayerSpec.Residual(List.of(new LayerSpec.Dropout(0.2)), false);
    refused(
        NetworkSpec.of(List.of(new LayerSpec.Residual(List.of(dense, inner), false)), null, null),
        RPROP,
        "/network/layers/0/layers/1/layers/0",
        "dropout does not go with rprop, which needs the same function at every step, its rate was 0.2");
    refused(
        NetworkSpec.of(List.of(new LayerSpec.Residual(List.of(dense), false)), null, null),
        LBFGS,
        "/network/layers/0/layers/0/learningRateFactor",
        "must be 0 or 1 with lbfgs, which has one step length for all parameters, was 2.0");
  }

  @Test
  void lbfgsHasOneStepLengthForAllThatLearns() {
    LayerSpec half = Defaults.fill(LayerSpec.Dense.class, 4, null, null, null, 0.5);
    String detail =
        "must be 0 or 1 with lbfgs, which has one step length for all parameters, was 0.5";
    refused(
        NetworkSpec.of(List.of(Defaults.fill(LayerSpec.LayerNorm.class), half), null, null),
        LBFGS,
        "/network/layers/1/learningRateFactor",
        detail);
    refused(
        NetworkSpec.of(List.of(), Defaults.fill(OutputSpec.class, null, null, null, 0.5), null),
        LBFGS,
        "/network/output/learningRateFactor",
        detail);
    assertThat(
            plan(
                    classes(50, false),
                    NetworkSpec.of(List.of(half), null, null),
                    training(1, RPROP, 0, 0))
                .parameters())
        .isEqualTo(21);
  }

  private static void refused(
      NetworkSpec network, OptimizerSpec optimizer, String pointer, String detail) {
    Refusals.refused(
        () -> plan(classes(50, false), network, training(1, optimizer, 0, 0)), pointer, detail);
  }
}
