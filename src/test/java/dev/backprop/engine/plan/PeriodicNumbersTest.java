package dev.backprop.engine.plan;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.InputLayout;
import dev.backprop.engine.nn.LayerFigures;
import dev.backprop.engine.nn.LayerShape;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.RegularizationSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.training.EpochReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Numbers that enter a network beside cosines of them.
class PeriodicNumbersTest {

  private static final NumberEncodingSpec.Periodic PERIODIC =
      new NumberEncodingSpec.Periodic(8, 0.5);

  private static final NetworkSpec NETWORK =
      NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 16)), null, null);

  private static EncodingSpec numbers(NumberEncodingSpec encoding) {
    return Defaults.fill(EncodingSpec.class, encoding, null, Map.of());
  }

  /// A wave over x, of which some are missing, and a number that is the same but for one row.
  private static TrainingData.Rows waves() {
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 200; i++) {
      double x = random.nextDouble() * 10;
      if (i % 20 == 0) {
        table.missing(table.column("x"));
      } else {
        table.number(table.column("x"), x);
      }
      table.number(table.column("same"), i == 199 ? 2 : 1);
      table.number(table.column("y"), i % 20 == 0 ? 0 : Math.sin(1.5 * x));
      table.endRow();
    }
    return TrainingRows.numeric(table.build());
  }

  private static TrainingSpecs training(OptimizerSpec optimizer) {
    return TrainingSpecs.training()
        .epochs(60)
        .batchSize(optimizer.fullBatch() ? null : 20)
        .seed(4)
        .optimizer(optimizer)
        .validationFraction(0.0);
  }

  private static TrainingPlan plan(NumberEncodingSpec encoding, TrainingSpecs training) {
    return TrainingPlan.of(waves(), null, new FitSpec(numbers(encoding), NETWORK, training.spec()));
  }

  private static Predictor train(TrainingPlan plan, List<EpochReport> history) {
    TrainingResult result =
        plan.run(
            new JavaKernels(), Team.ALONE, InstantSource.fixed(Instant.EPOCH), history::add, null);
    return ((TrainingResult.Trained) result).predictor();
  }

  private static double lastLoss(TrainingPlan plan) {
    List<EpochReport> history = new ArrayList<>();
    train(plan, history);
    return history.getLast().trainLoss();
  }

  static List<OptimizerSpec> optimizers() {
    return List.of(
        Defaults.fill(OptimizerSpec.Sgd.class, 0.05),
        Defaults.fill(OptimizerSpec.AdamW.class, 0.01),
        new OptimizerSpec.Lion(0.001, 0.9, 0.99, 0.1),
        Defaults.fill(OptimizerSpec.Rprop.class),
        Defaults.fill(OptimizerSpec.Lbfgs.class));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void wavesAreLearnedBetterThanWithoutCosines(OptimizerSpec optimizer) {
    double plain = lastLoss(plan(new NumberEncodingSpec.Robust(), training(optimizer)));
    assertThat(lastLoss(plan(PERIODIC, training(optimizer)))).isLessThan(0.7 * plain);
  }

  @Test
  void everyNumberOfTheLayoutHasItsPlace() {
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < 12; i++) {
      if (i % 3 == 0) {
        table.missing(table.column("a"));
      } else {
        table.number(table.column("a"), i);
      }
      table.string(table.column("b"), "kind " + i % 4);
      table.string(table.column("c"), "2024-%02d-01".formatted(i + 1));
      table.number(table.column("d"), i * i);
      table.number(table.column("y"), i);
      table.endRow();
    }
    Table built = table.build();
    TrainingData.Rows rows = TrainingRows.numeric(built);
    EncodingSpec encoding =
        numbers(PERIODIC).withColumns(Map.of("d", new NumberEncodingSpec.Periodic(3, 2)));
    InputLayout layout = Encodings.layout(rows.schema(), encoding);

    List<InputLayout.Periodic> expected = new ArrayList<>();
    expected.add(new InputLayout.Periodic(0, 8, 0.5));
    int at = 2 + 4; // a number with its indicator, four kinds
    if (rows.schema().features().get(2).date() != null) {
      expected.add(new InputLayout.Periodic(at, 8, 0.5)); // the days of the date
    }
    at += layout.features().get(2);
    expected.add(new InputLayout.Periodic(at, 3, 2));
    assertThat(layout.periodics()).isEqualTo(expected);
    assertThat(layout.width()).isEqualTo(at + 1);
  }

  @Test
  void theFirstLayerOfWeightsGetsNumbersAndCosines() {
    TrainingPlan plan = plan(PERIODIC, training(Defaults.fill(OptimizerSpec.Adam.class)));
    assertThat(plan.inputs()).isEqualTo(3);
    assertThat(plan.shapes())
        .containsExactly(
            new LayerShape("periodic", 3, 3 + 16, 4 * 16 + 4),
            new LayerShape("dense", 19, 16, 20 * 16),
            new LayerShape("dense", 16, 1, 17));
    assertThat(plan.parameters()).isEqualTo(68 + 320 + 17);
    assertThat(PERIODIC.inputs()).isEqualTo(1);
    assertThat(PERIODIC.units()).isEqualTo(9);
    assertThat(new NumberEncodingSpec.PiecewiseLinear(7).units()).isEqualTo(8);
  }

  /// 512 cosines of each of two numbers, of which 64 units are.
  @Test
  void memoryAndTimeAreThoseOfTheCosines() {
    TrainingSpecs training = training(Defaults.fill(OptimizerSpec.Adam.class));
    TrainingPlan few = plan(new NumberEncodingSpec.Periodic(1, 1), training);
    TrainingPlan many = plan(new NumberEncodingSpec.Periodic(1024, 1), training);
    long more = many.parameters() - few.parameters();
    assertThat(more).isEqualTo(2L * 1023 * (4 + 16));
    assertThat(many.estimatedBytes(1) - few.estimatedBytes(1)).isGreaterThan(4 * 4 * more);
    MachineFigures machine = MachineFigures.BUILT_IN;
    assertThat(many.forecast(machine, 1).secondsPerEpoch())
        .isGreaterThan(5 * few.forecast(machine, 1).secondsPerEpoch());
  }

  /// Penalties pull factors to zero, and leave frequencies, phases and shifts.
  @Test
  void factorsAloneArePenalized() {
    OptimizerSpec sgd = Defaults.fill(OptimizerSpec.Sgd.class, 1e-30);
    Network start = train(plan(PERIODIC, training(sgd)), new ArrayList<>()).scorer().network();
    OptimizerSpec decaying = new OptimizerSpec.AdamW(1e-9, 0.9, 0.999, 1e-8, 1e6);
    Network decayed =
        train(plan(PERIODIC, training(decaying)), new ArrayList<>()).scorer().network();
    Network penalized =
        train(
                plan(
                    PERIODIC,
                    training(Defaults.fill(OptimizerSpec.Sgd.class, 1e-9))
                        .regularization(new RegularizationSpec(0, 1e6))),
                new ArrayList<>())
            .scorer()
            .network();
    for (Parameters.View view : start.parameters().views().subList(0, 4)) {
      for (Network network : List.of(decayed, penalized)) {
        float[] theta = network.parameters().values();
        for (int p = view.offset(); p < view.end(); p++) {
          float before = start.parameters().values()[p];
          if (view.name().equals("periodic.scale") && before == 1) {
            assertThat(theta[p]).as(view.name()).isBetween(0.3f, 0.7f);
          } else {
            assertThat(theta[p]).as(view.name()).isCloseTo(before, within(1e-5f));
          }
        }
      }
    }
  }

  @Test
  void layersHaveFiguresOfThem() {
    List<EpochReport> history = new ArrayList<>();
    train(
        plan(PERIODIC, training(Defaults.fill(OptimizerSpec.Adam.class)).layerStatistics()),
        history);
    List<LayerFigures> layers = Objects.requireNonNull(history.getLast().layers());
    assertThat(layers)
        .extracting(LayerFigures::layer)
        .containsExactly("periodic", "layers.0", "output");
    assertThat(layers.getFirst().updateToWeight()).isBetween(-5.0, 0.0);
  }

  @Test
  void aWarmStartGoesOnWithItsCosines() {
    TrainingSpecs training = training(Defaults.fill(OptimizerSpec.AdamW.class, 0.01)).epochs(30);
    List<EpochReport> first = new ArrayList<>();
    Predictor model = train(plan(PERIODIC, training), first);
    List<EpochReport> second = new ArrayList<>();
    train(plan(PERIODIC, training).startingFrom(model), second);
    assertThat(second.getFirst().trainLoss()).isLessThan(0.1 * first.getFirst().trainLoss());
  }

  @Test
  void hasFrom1To1024FrequenciesAndASigmaUpTo100() {
    assertThat(Defaults.fill(NumberEncodingSpec.Periodic.class))
        .isEqualTo(new NumberEncodingSpec.Periodic(16, 0.1));
    refused(
        () -> new NumberEncodingSpec.Periodic(0, 1), "/frequencies", "must be at least 1, was 0");
    refused(
        () -> new NumberEncodingSpec.Periodic(1025, 1),
        "/frequencies",
        "must be at most 1024, was 1025");
    refused(
        () -> new NumberEncodingSpec.Periodic(1, 0),
        "/sigma",
        "must be a finite number above 0, was 0.0");
    refused(
        () -> new NumberEncodingSpec.Periodic(1, 100.5),
        "/sigma",
        "must be at most 100.0, was 100.5");
  }
}
