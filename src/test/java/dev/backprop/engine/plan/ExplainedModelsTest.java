package dev.backprop.engine.plan;

import static dev.backprop.engine.spec.TrainingSpecs.training;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.CellRows;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TypicalRow;
import dev.backprop.engine.explain.Attribution;
import dev.backprop.engine.explain.AttributionWorkspace;
import dev.backprop.engine.explain.Explanation;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.BaggingSpec;
import dev.backprop.engine.spec.CategoryEncodingSpec;
import dev.backprop.engine.spec.ColumnEncodingSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.SpecCopy;
import dev.backprop.engine.spec.TargetTransform;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Explanations of trained models of every kind of column, layer and target add up.
class ExplainedModelsTest {

  private static final int ROWS = 240;

  private static final Table TABLE = table();

  private static Table table() {
    TableBuilder table = Tables.builder();
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < ROWS; i++) {
      double x = random.nextDouble(-2, 5);
      int city = random.nextInt(30);
      table.number(table.column("standard"), x);
      number(table, "bins", random.nextInt(3) == 0 ? 0 : random.nextDouble(100), i % 9 == 0);
      number(table, "ranks", Math.exp(random.nextDouble(5)), i % 7 == 0);
      double wave = random.nextDouble(9);
      table.number(table.column("waves"), wave);
      table.string(table.column("city"), "city " + city);
      if (i % 8 == 0) {
        table.missing(table.column("kind"));
      } else {
        table.string(table.column("kind"), "kind " + random.nextInt(5));
      }
      table.string(
          table.column("day"), "2024-%02d-%02d".formatted(1 + i % 12, 1 + random.nextInt(28)));
      table.bool(table.column("truth"), x > 1);
      double y = x + Math.sin(wave) + city % 3 + random.nextDouble();
      table.number(table.column("y"), y + 3);
      table.string(table.column("two"), y > 3 ? "yes" : "no");
      table.string(table.column("three"), y > 4 ? "a" : y > 2 ? "b" : "c");
      table.bool(table.column("l1"), y > 3);
      table.bool(table.column("l2"), city < 9);
      table.endRow();
    }
    return table.build();
  }

  private static void number(TableBuilder table, String name, double value, boolean missing) {
    if (missing) {
      table.missing(table.column(name));
    } else {
      table.number(table.column(name), value);
    }
  }

  private static final Map<String, ColumnEncodingSpec> COLUMNS =
      Map.of(
          "bins", new NumberEncodingSpec.PiecewiseLinear(12),
          "ranks", Defaults.fill(NumberEncodingSpec.QuantileNormal.class),
          "waves", new NumberEncodingSpec.Periodic(6, 0.3),
          "day", new NumberEncodingSpec.Robust(),
          "city", new CategoryEncodingSpec.Embedding(4, 0));

  private static final Target NUMBER = new Target.Numbers(List.of("y"));

  static Stream<FitSpec> models() {
    LayerSpec wide = dense(24, new Activation.Mish());
    LayerSpec relu = dense(16, new Activation.Relu());
    LayerSpec block =
        new LayerSpec.Residual(
            List.of(new LayerSpec.LayerNorm(1e-5), relu, new LayerSpec.Dropout(0.1)), true);
    NetworkSpec plain = network(List.of(wide, new LayerSpec.Dropout(0.2), relu));
    NetworkSpec norms =
        network(
            List.of(
                wide, new LayerSpec.BatchNorm(1e-5, 0.1), block, new LayerSpec.LayerNorm(1e-5)));
    NetworkSpec together = SpecCopy.of(plain).with("members", 4).spec();
    NetworkSpec scaled = SpecCopy.of(network(List.of(relu))).with("inputScale", true).spec();
    return Stream.of(
        single(plain, COLUMNS, null, training().epochs(12)),
        single(norms, COLUMNS, null, training().epochs(12)),
        single(together, Map.of(), null, training().epochs(12).bagging(new BaggingSpec(2))),
        several(plain, norms, together, scaled));
  }

  private static LayerSpec dense(int units, Activation f) {
    return Defaults.fill(LayerSpec.Dense.class, units, f);
  }

  private static NetworkSpec network(List<LayerSpec> layers) {
    return NetworkSpec.of(layers, null, null);
  }

  private static EncodingSpec encoding(
      Map<String, ColumnEncodingSpec> columns, @Nullable TargetTransform transform) {
    return Defaults.fill(EncodingSpec.class, null, null, columns, transform);
  }

  private static FitSpec single(
      NetworkSpec network,
      Map<String, ColumnEncodingSpec> columns,
      @Nullable TargetTransform transform,
      TrainingSpecs training) {
    return new FitSpec(encoding(columns, transform), network, training.batchSize(32).spec());
  }

  /// Of different encodings, all of which are served.
  private static FitSpec several(NetworkSpec... networks) {
    TrainingSpecs training = training().epochs(8).batchSize(32);
    List<EnsembleSpec.Member> members =
        IntStream.range(0, networks.length)
            .mapToObj(
                m ->
                    new EnsembleSpec.Member(
                        encoding(m % 2 == 0 ? COLUMNS : Map.of(), null),
                        networks[m],
                        training.spec()))
            .toList();
    EnsembleSpec.Member first = members.getFirst();
    return new FitSpec(
        first.encoding(),
        first.network(),
        first.training(),
        new EnsembleSpec(members, EnsembleSpec.Choose.ALL, null));
  }

  private static Predictor train(FitSpec spec, Target target) {
    List<String> targets = List.of("y", "two", "three", "l1", "l2");
    Table used =
        new Table(
            ROWS,
            TABLE.columns().stream()
                .filter(
                    column ->
                        !targets.contains(column.name()) || target.names().contains(column.name()))
                .toList());
    TrainingData.Rows rows = new TrainingData.Rows(used, Tables.schema(used, target));
    return CheckpointedRun.of(TrainingPlan.of(rows, null, spec))
        .undisturbed()
        .trained()
        .predictor();
  }

  private static void assertExplained(Predictor predictor, int outputs) {
    FeatureEncoder features = Objects.requireNonNull(predictor.features());
    double[] typical = TypicalRow.of(TABLE, features, Tables.rows(ROWS));
    Attribution attribution = new Attribution(predictor, typical, 1);
    AttributionWorkspace workspace = attribution.workspace();
    CellRows rows = CellRows.of(TABLE, features, Tables.rows(ROWS));
    for (int row = 0; row < ROWS; row += 3) {
      double[] cells = new double[typical.length];
      for (int c = 0; c < cells.length; c++) {
        cells[c] = rows.column(c)[row];
      }
      int output = row % outputs;
      Explanation e = attribution.explain(cells, output, workspace);
      double distance = e.answer() - e.baseline();
      double sum = Arrays.stream(e.contributions()).sum();
      assertThat(e.baseline()).isCloseTo(answer(predictor, typical, output), tolerance(e));
      assertThat(e.answer()).isCloseTo(answer(predictor, cells, output), tolerance(e));
      assertThat(sum + e.residual()).isCloseTo(distance, within(1e-9));
      assertThat(Math.abs(e.residual()))
          .isLessThanOrEqualTo(Attribution.RESIDUAL * Math.abs(distance));
      for (int c = 0; c < cells.length; c++) {
        if (Double.compare(cells[c], typical[c]) == 0) {
          assertThat(e.contributions()[c]).isZero();
        }
      }
    }
  }

  private static Offset<Double> tolerance(Explanation e) {
    return within(1e-4 * (1 + Math.abs(e.answer())));
  }

  private static double answer(Predictor predictor, double[] cells, int output) {
    return switch (predictor.predict(cells, predictor.workspace(1))) {
      case Prediction.ClassPrediction classes -> odds(classes.probabilities()[output]);
      case Prediction.NumberPrediction numbers -> numbers.values()[output];
      case Prediction.QuantilePrediction quantiles -> quantiles.values()[output];
      case Prediction.MultiLabelPrediction labels -> odds(labels.probabilities()[output]);
      case Prediction.Outputs outputs -> outputs.values()[output];
    };
  }

  private static double odds(double p) {
    return Math.log(p / (1 - p));
  }

  @ParameterizedTest
  @MethodSource("models")
  void classesAndNumbers(FitSpec spec) {
    assertExplained(
        train(spec, new Target.Classes("two", List.of(Label.text("no"), Label.text("yes")))), 2);
    assertExplained(
        train(
            spec,
            new Target.Classes(
                "three", List.of(Label.text("a"), Label.text("b"), Label.text("c")))),
        3);
    assertExplained(train(spec, NUMBER), 1);
    assertExplained(train(spec, new Target.MultiLabel(List.of("l1", "l2"))), 2);
  }

  static Stream<FitSpec> targets() {
    NetworkSpec network = network(List.of(dense(16, new Activation.Silu())));
    NetworkSpec rates = NetworkSpec.of(network.layers(), null, new LossSpec.Poisson());
    return Stream.of(
        single(network, COLUMNS, TargetTransform.LOG, training().epochs(10)),
        single(network, COLUMNS, TargetTransform.QUANTILE, training().epochs(10)),
        single(
            network,
            COLUMNS,
            TargetTransform.LOG,
            training().epochs(6).bagging(new BaggingSpec(3))),
        single(rates, COLUMNS, null, training().epochs(10)));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void numbersOfEveryScale(FitSpec spec) {
    assertExplained(train(spec, NUMBER), 1);
  }

  @Test
  void quantilesInTheirOrder() {
    List<Double> taus = List.of(0.1, 0.5, 0.9);
    NetworkSpec network =
        NetworkSpec.of(
            List.of(dense(16, new Activation.Silu())), null, new LossSpec.Quantile(null, taus));
    FitSpec spec = single(network, COLUMNS, null, training().epochs(2));
    assertExplained(train(spec, NUMBER), 3);
  }

  @Test
  void numbersAreExplainedBeforeTheyAreClamped() {
    EncodingSpec clamping = Defaults.fill(EncodingSpec.class, null, null, Map.of(), null, true);
    FitSpec spec =
        new FitSpec(clamping, network(List.of()), training().epochs(40).batchSize(32).spec());
    Predictor predictor = train(spec, NUMBER);
    double[] cells =
        TypicalRow.of(TABLE, Objects.requireNonNull(predictor.features()), Tables.rows(ROWS));
    Attribution attribution = new Attribution(predictor, cells.clone(), 1);
    AttributionWorkspace workspace = attribution.workspace();
    assertThat(attribution.explain(cells, 0, workspace).clamped()).isFalse();

    cells[0] = 1_000;
    Explanation far = attribution.explain(cells, 0, workspace);

    double most =
        IntStream.range(0, ROWS)
            .mapToDouble(row -> TABLE.required("y").cell(row))
            .max()
            .orElseThrow();
    assertThat(answer(predictor, cells, 0)).isLessThanOrEqualTo(most);
    assertThat(far.answer()).isGreaterThan(most);
    assertThat(far.clamped()).isTrue();
    assertThat(far.contributions()[0]).isCloseTo(far.answer() - far.baseline(), within(1e-3));
  }
}
