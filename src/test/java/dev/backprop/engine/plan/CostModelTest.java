package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.nn.InputLayout;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.spec.BaggingSpec;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.Task;
import dev.backprop.engine.spec.TrainingSpecs;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CostModelTest {

  private static final double NANO = 1e-9;

  /// As good as nothing: figures of products are divided by each other.
  private static final double NONE = 1e-30;

  private static final MachineFigures PRODUCTS = new MachineFigures(NANO, NANO, NANO, 0, 0);
  private static final MachineFigures PARAMETERS = new MachineFigures(NONE, NONE, NONE, 0, NANO);
  private static final MachineFigures ELEMENTS = new MachineFigures(NONE, NONE, NONE, NANO, 0);

  private static final double STEP = 1e-5;

  /// Multiplications in 16-64-16.
  private static final double PER_ROW = 16 * 64 + 64 * 16;

  private static final double ALL_PARAMETERS = 17 * 64 + 65 * 16;

  private static TrainingData data() {
    double[][] rows = new double[1_000][16];
    return new TrainingData.Bare(new BareExamples(DenseRows.of(rows), DenseRows.of(rows)));
  }

  private static NetworkSpec network(@Nullable Integer members) {
    List<LayerSpec> layers = List.of(Defaults.fill(LayerSpec.Dense.class, 64));
    return new NetworkSpec(layers, Map.of(), false, members, null, null, null);
  }

  private static TrainingSpecs training() {
    return TrainingSpecs.training()
        .epochs(100)
        .batchSize(80)
        .earlyStopping(new EarlyStoppingSpec.Patience(10, 0, null));
  }

  private static Forecast forecast(TrainingSpecs training, MachineFigures machine, int threads) {
    return forecast(training, null, machine, threads);
  }

  private static Forecast forecast(
      TrainingSpecs training, @Nullable Integer members, MachineFigures machine, int threads) {
    return TrainingPlan.of(data(), null, FitSpec.of(network(members), training.spec()))
        .forecast(machine, threads);
  }

  @Test
  void anEpochIsItsProductsAndItsSteps() {
    Forecast forecast = forecast(training(), PRODUCTS, 1);
    // 800 rows learn, 200 are held out; 10 steps.
    double products = (4 * 800 + 200) * PER_ROW * NANO;
    // Those of width 32 lie between the figures of 16 and 64, which are one here.
    assertThat(forecast.secondsPerEpoch()).isEqualTo(products + 10 * STEP, within(1e-12));
    assertThat(forecast.epochs()).isEqualTo(30);
    assertThat(forecast.seconds())
        .isEqualTo(CostModel.BEGIN + 30 * forecast.secondsPerEpoch(), within(1e-9));
  }

  @Test
  void oneHotInputsThatAreAddedCostOneInput() {
    NetworkSpec network = network(null).resolve(Task.REGRESSION);
    assertThat(Network.multipliedInputs(network, InputLayout.numbers(100), 1)).isEqualTo(100);
    InputLayout hot =
        new InputLayout(101, List.of(), List.of(), List.of(new InputLayout.OneHot(1, 100)));
    assertThat(Network.multipliedInputs(network, hot, 1)).isEqualTo(2);
  }

  @Test
  void everyStepMovesTheParameters() {
    assertThat(forecast(training(), PARAMETERS, 1).secondsPerEpoch())
        .isEqualTo(10 * (STEP + ALL_PARAMETERS * NANO), within(1e-12));
    assertThat(forecast(training().batchSize(800), PARAMETERS, 1).secondsPerEpoch())
        .isEqualTo(STEP + ALL_PARAMETERS * NANO, within(1e-12));
  }

  @Test
  void membersMultiplyProducts() {
    double one = forecast(training(), PRODUCTS, 1).secondsPerEpoch();
    double eight = forecast(training(), 8, PRODUCTS, 1).secondsPerEpoch();
    assertThat(eight - 10 * STEP).isEqualTo(8 * (one - 10 * STEP), within(1e-9));
  }

  @Test
  void threadsShareTheRowsOfAStep() {
    TrainingSpecs large = training().batchSize(800);
    double one = forecast(large, ELEMENTS, 1).secondsPerEpoch();
    double four = forecast(large, ELEMENTS, 4).secondsPerEpoch();
    assertThat(four).isBetween(one / 4, one / 2);
    // A batch of 80 rows is one shard.
    assertThat(forecast(training(), ELEMENTS, 4).secondsPerEpoch())
        .isEqualTo(forecast(training(), ELEMENTS, 1).secondsPerEpoch());
  }

  @Test
  void foldsTakeTurnsOnTheThreads() {
    TrainingSpecs bagged = training().bagging(new BaggingSpec(5));
    Forecast two = forecast(bagged, PRODUCTS, 2);
    // 800 of the 1,000 rows learn for each fold.
    assertThat(two.secondsPerEpoch())
        .isEqualTo(forecast(training(), PRODUCTS, 1).secondsPerEpoch(), within(1e-12));
    assertThat(two.seconds())
        .isEqualTo(3 * (CostModel.BEGIN + 30 * two.secondsPerEpoch()), within(1e-9));
    assertThat(forecast(bagged, PRODUCTS, 8).seconds()).isEqualTo(two.seconds() / 3, within(1e-9));
  }

  @Test
  void theLastFitRunsAsLongAsFoldsAreExpectedToFindBest() {
    Forecast forecast =
        forecast(training().crossValidation(new CrossValidationSpec(5)), PRODUCTS, 5);
    double last = 4 * 1_000 * PER_ROW * NANO + 13 * STEP;
    assertThat(forecast.seconds())
        .isEqualTo(
            (CostModel.BEGIN + 30 * forecast.secondsPerEpoch()) + (CostModel.BEGIN + 20 * last),
            within(1e-9));
  }

  /// The first candidate always ends; if time decides, the others end in time.
  @Test
  void candidatesOfAnEnsembleFollowEachOther() {
    double one = CostModel.BEGIN + 30 * forecast(training(), PRODUCTS, 1).secondsPerEpoch();
    assertThat(ensemble(training(), null)).isEqualTo(3 * one, within(1e-9));
    assertThat(ensemble(training(), 2)).isEqualTo(2 * one, within(1e-9));
    assertThat(ensemble(training().maxSeconds(2.5 * one), null)).isEqualTo(2.5 * one, within(1e-9));
    assertThat(ensemble(training().maxSeconds(0.1 * one), null)).isEqualTo(one, within(1e-9));
  }

  private static double ensemble(TrainingSpecs training, @Nullable Integer candidates) {
    FitSpec fit = FitSpec.of(network(null), training.spec());
    EnsembleSpec.Member member =
        new EnsembleSpec.Member(fit.encoding(), fit.network(), fit.training());
    EnsembleSpec ensemble =
        new EnsembleSpec(List.of(member, member, member), EnsembleSpec.Choose.ALL, candidates);
    FitSpec spec = new FitSpec(fit.encoding(), fit.network(), fit.training(), ensemble);
    return TrainingPlan.of(data(), null, spec).forecast(PRODUCTS, 1).seconds();
  }

  @Test
  void noEpochBeginsAfterTheTimeThatItMayTake() {
    Forecast unbounded = forecast(training(), PRODUCTS, 1);
    double most = 5 * unbounded.secondsPerEpoch();
    assertThat(forecast(training().maxSeconds(most), PRODUCTS, 1).seconds())
        .isEqualTo(CostModel.BEGIN + most + unbounded.secondsPerEpoch(), within(1e-9));
  }

  @Test
  void narrowProductsCostMoreForEachMultiplication() {
    MachineFigures machine = new MachineFigures(8, 4, 1, 0, 0);
    assertThat(machine.product(16, 16)).isEqualTo(8);
    assertThat(machine.product(64, 64)).isEqualTo(4, within(1e-9));
    assertThat(machine.product(256, 256)).isEqualTo(1, within(1e-9));
    assertThat(machine.product(1_000, 4_000)).isEqualTo(1, within(1e-9));
    assertThat(machine.product(32, 32)).isEqualTo(Math.sqrt(8 * 4), within(1e-9));
    assertThat(machine.product(64, 1)).isEqualTo(16);
  }
}
