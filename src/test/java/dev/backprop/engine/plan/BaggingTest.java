package dev.backprop.engine.plan;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.BaggingSpec;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.EpochReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BaggingTest {

  private static final NetworkSpec NETWORK =
      NetworkSpec.of(
          List.of(Defaults.fill(LayerSpec.Dense.class, 16), new LayerSpec.Dropout(0.2)),
          null,
          null);

  private static TrainingSpecs folds(int folds) {
    return TrainingSpecs.training()
        .epochs(30)
        .batchSize(8)
        .seed(4)
        .optimizer(Defaults.fill(OptimizerSpec.Adam.class, 0.02))
        .earlyStopping(new EarlyStoppingSpec.Patience(3, 0, null))
        .bagging(new BaggingSpec(folds));
  }

  private static Table table(int n) {
    return Tables.csv(
        Stream.concat(
                Stream.of("x,colour,group,kind,price"),
                IntStream.range(0, n)
                    .mapToObj(
                        i ->
                            "%s,%s,%s,%s,%s"
                                .formatted(
                                    i * 37 % 101 / 20.0,
                                    i % 3 == 0 ? "red" : "blue",
                                    "g" + i % 7,
                                    i * 37 % 101 + i % 13 > 55 ? "yes" : "no",
                                    i * 37 % 101 * (i % 3 == 0 ? 3 : 1) + i % 5)))
            .toArray(String[]::new));
  }

  private static TrainingData.Rows classes(int n) {
    Table table = table(n);
    Target target = new Target.Classes("kind", List.of(Label.text("no"), Label.text("yes")));
    return new TrainingData.Rows(table, Tables.schema(table, target));
  }

  private static TrainingData.Rows numbers(int n) {
    Table table = table(n);
    return new TrainingData.Rows(table, Tables.schema(table, new Target.Numbers(List.of("price"))));
  }

  private static final class Heard implements Supervisor {

    final List<EpochReport> history = new ArrayList<>();
    final List<CrossValidationResult.Fold> folds = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onEpoch(EpochReport report) {
      history.add(report);
    }

    @Override
    public void onFold(CrossValidationResult.Fold fold) {
      folds.add(fold);
    }
  }

  private static TrainingResult.Trained trained(TrainingPlan plan, int threads, Heard heard) {
    try (Team team = new Team(threads)) {
      return (TrainingResult.Trained)
          plan.run(
              KernelSelection.select(null).kernels(),
              team,
              InstantSource.fixed(Instant.EPOCH),
              heard,
              null);
    }
  }

  private static TrainingPlan plan(TrainingData data, TrainingSpecs training) {
    return TrainingPlan.of(data, null, FitSpec.of(NETWORK, training.spec()));
  }

  private static BaggingResult result(TrainingResult.Trained trained) {
    return Objects.requireNonNull(trained.learned().bagging());
  }

  @Test
  void everyRowIsAnsweredByTheNetworkThatHasNotLearnedFromIt() {
    TrainingData data = classes(150);
    Heard heard = new Heard();
    TrainingResult.Trained trained = trained(plan(data, folds(4)), 2, heard);

    assertThat(trained.predictor().members()).hasSize(4);
    assertThat(trained.learned().evaluations()).containsOnlyKeys("outOfFold");
    Evaluation.Classification outOfFold =
        (Evaluation.Classification) trained.learned().evaluations().get("outOfFold");
    List<CrossValidationResult.Fold> folds =
        result(trained).folds().stream().map(BaggingResult.Fold::result).toList();
    double loss = 0;
    double right = 0;
    for (CrossValidationResult.Fold fold : folds) {
      loss += fold.rows() * Objects.requireNonNull(fold.metrics().get("loss"));
      right += fold.rows() * Objects.requireNonNull(fold.metrics().get("accuracy"));
    }
    assertThat(Objects.requireNonNull(outOfFold).rows()).isEqualTo(150);
    assertThat(outOfFold.loss()).isCloseTo(loss / 150, within(1e-6));
    assertThat(outOfFold.accuracy()).isCloseTo(right / 150, within(1e-12));
    assertThat(heard.folds).containsExactlyInAnyOrderElementsOf(folds);
    assertThat(heard.history).isEmpty();
    assertThat(trained.learned().history()).isEmpty();
    assertThat(trained.learned().epochs())
        .isEqualTo(folds.stream().mapToInt(CrossValidationResult.Fold::epochs).sum());
  }

  @Test
  void numbersOutOfFoldAreScoredInTheirUnits() {
    TrainingResult.Trained trained = trained(plan(numbers(150), folds(3)), 2, new Heard());

    Evaluation.Regression outOfFold =
        (Evaluation.Regression) trained.learned().evaluations().get("outOfFold");
    double squares = 0;
    for (BaggingResult.Fold fold : result(trained).folds()) {
      double rmse = Objects.requireNonNull(fold.result().metrics().get("rmse"));
      squares += fold.result().rows() * rmse * rmse;
    }
    double rmse = Math.sqrt(squares / 150);
    assertThat(Objects.requireNonNull(outOfFold).rmse()).isCloseTo(rmse, within(1e-4 * rmse));
  }

  /// With the encoders of its rows: those of all rows would make other inputs.
  @Test
  void aNetworkIsWhatATrainingOnItsRowsWouldBe() {
    TrainingData.Rows data = numbers(90);
    Predictor together = trained(plan(data, folds(3)), 2, new Heard()).predictor();
    Folds folds = Folds.of(data.unencoded(), IntStream.range(0, 90).toArray(), 3, 4);

    for (int fold = 0; fold < 3; fold++) {
      Split split = folds.split(fold);
      TrainingPlan alone =
          TrainingPlan.of(
              some(data, split.training()),
              some(data, split.validation()),
              FitSpec.of(NETWORK, folds(3).bagging(null).spec()));
      Predictor one = trained(alone, 1, new Heard()).predictor();
      assertThat(parameters(together, fold)).isEqualTo(parameters(one, 0));
    }
  }

  private static float[] parameters(Predictor predictor, int network) {
    return predictor.members().get(network).scorer().network().parameters().values();
  }

  private static TrainingData some(TrainingData.Rows data, int[] rows) {
    String[] lines = new String[rows.length + 1];
    lines[0] = "x,colour,group,kind,price";
    Table all = data.table();
    for (int i = 0; i < rows.length; i++) {
      int row = rows[i];
      lines[i + 1] =
          all.columns().stream()
              .map(
                  column ->
                      column.type() == ColumnType.NUMERIC
                          ? Double.toString(column.cell(row))
                          : ((CategoricalColumn) column)
                              .categories()
                              .get((int) column.cell(row))
                              .text())
              .collect(Collectors.joining(","));
    }
    return new TrainingData.Rows(Tables.csv(lines), data.schema());
  }

  @Test
  void doesNotDependOnTheNumberOfThreads() {
    TrainingPlan plan = plan(classes(120), folds(5).testFraction(0.2));
    TrainingResult.Trained one = trained(plan, 1, new Heard());
    assertThat(one.learned().evaluations()).containsOnlyKeys("outOfFold", "test");
    for (int threads : List.of(2, 4)) {
      TrainingResult.Trained other = trained(plan, threads, new Heard());
      assertThat(other.learned()).isEqualTo(one.learned());
      for (int network = 0; network < 5; network++) {
        assertThat(parameters(other.predictor(), network))
            .isEqualTo(parameters(one.predictor(), network));
      }
    }
  }

  @Test
  void rowsOfAGroupAreInOneFold() {
    TrainingData.Rows rows = classes(140);
    TrainingData grouped =
        new TrainingData.Rows(rows.table(), rows.schema(), new SplitSpec.Group("group"));

    TrainingResult.Trained trained = trained(plan(grouped, folds(7).epochs(2)), 1, new Heard());

    assertThat(result(trained).folds()).extracting(fold -> fold.result().rows()).containsOnly(20);
    refused(
        () -> plan(grouped, folds(8)),
        "/training/bagging/folds",
        "must be at most the 7 groups of 'group', was 8");
  }

  @Test
  void whatDoesNotGoWithBaggingIsRefused() {
    TrainingData.Rows rows = classes(140);
    refused(
        () -> folds(3).crossValidation(new CrossValidationSpec(3)).spec(),
        "/bagging",
        "does not go with crossValidation: the folds of bagging are measured too, and served");
    refused(
        () -> folds(3).validationFraction(0.2).spec(),
        "/validationFraction",
        "must be left out or 0 with bagging, whose folds are validated on, was 0.2");
    refused(
        () -> plan(classes(140), folds(3).maxSeconds(5.0)),
        "/training/maxSeconds",
        "does not go with bagging, whose folds are trained side by side");
    refused(
        () ->
            plan(
                new TrainingData.Rows(rows.table(), rows.schema(), new SplitSpec.Order("x")),
                folds(3)),
        "/training/bagging",
        "does not go with data.split.order, which is 'x': later rows would train for earlier ones");
    refused(
        () -> TrainingPlan.of(rows, rows, FitSpec.of(NETWORK, folds(3).spec())),
        "/training/bagging",
        "must be left out where validation rows are given apart, was 3 folds");
    refused(
        () -> plan(classes(4), folds(5)),
        "/training/bagging/folds",
        "must be at most the 4 training rows, was 5");
  }

  @Test
  void theMemoryOfAllNetworksIsCounted() {
    TrainingPlan one = plan(classes(150), folds(3).bagging(null));
    TrainingPlan five = plan(classes(150), folds(5));

    assertThat(five.modelBytes()).isGreaterThan(4 * one.parameters() * 4);
    assertThat(five.checkpointBytes(1) - one.checkpointBytes(1))
        .isGreaterThan(4 * one.parameters() * 4);
  }
}
