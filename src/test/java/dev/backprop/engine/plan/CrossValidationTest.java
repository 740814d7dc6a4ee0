package dev.backprop.engine.plan;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Signal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrossValidationTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
  private static final EarlyStoppingSpec PATIENCE = new EarlyStoppingSpec.Patience(3, 0, null);

  private static final NetworkSpec NETWORK =
      NetworkSpec.of(
          List.of(Defaults.fill(LayerSpec.Dense.class, 16), new LayerSpec.Dropout(0.2)),
          null,
          null);

  private static TrainingSpecs folds(int folds) {
    return unvalidated().validationFraction(null).crossValidation(new CrossValidationSpec(folds));
  }

  /// Without folds, on all rows.
  private static TrainingSpecs unvalidated() {
    return TrainingSpecs.training()
        .epochs(40)
        .batchSize(8)
        .seed(4)
        .validationFraction(0.0)
        .testFraction(0.0)
        .optimizer(Defaults.fill(OptimizerSpec.Adam.class, 0.03))
        .earlyStopping(PATIENCE);
  }

  /// Two noisy clusters with a colour; the last rows have larger numbers than the others.
  private static TrainingData.Rows rows(int n) {
    return rows(n, IntStream.range(0, n).toArray());
  }

  /// Some of them, by the schema of all.
  private static TrainingData.Rows rows(int n, int[] some) {
    Table all = table(n, IntStream.range(0, n).toArray());
    List<Schema.Field> fields = new ArrayList<>();
    for (Column column : all.columns()) {
      fields.add(
          Schema.Field.of(
              column, column.name().equals("y") ? Schema.Role.TARGET : Schema.Role.FEATURE));
    }
    Schema schema = new Schema(fields, new Target.Classes("y", fields.getLast().categories()));
    return new TrainingData.Rows(table(n, some), schema);
  }

  private static Table table(int n, int[] some) {
    SplittableRandom random = new SplittableRandom(12);
    double[] noise = random.doubles(n).toArray();
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i : some) {
      table.number(table.column("x"), i % 2 + 2 * noise[i] + (i > n - 5 ? 3 : 0));
      table.string(table.column("colour"), i % 3 == 0 ? "red" : "blue");
      table.string(table.column("y"), i % 2 == 0 ? "no" : "yes");
      table.endRow();
    }
    return table.build();
  }

  /// What a run said, folds in the order of their numbers.
  private static final class Heard implements Supervisor {
    final List<EpochReport> history = Collections.synchronizedList(new ArrayList<>());
    final List<CrossValidationResult.Fold> folds = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger[] epochs = new AtomicInteger[20];
    BooleanSupplier cancelled = () -> false;

    Heard() {
      Arrays.setAll(epochs, _ -> new AtomicInteger());
    }

    @Override
    public Signal signal() {
      return cancelled.getAsBoolean() ? Signal.CANCEL : Signal.GO_ON;
    }

    @Override
    public void onEpoch(EpochReport report) {
      history.add(report);
    }

    @Override
    public void onFoldEpoch(int fold, EpochReport report) {
      assertThat(report.epoch()).isEqualTo(epochs[fold - 1].incrementAndGet());
      assertThat(report.validationLoss()).isNotNull();
    }

    @Override
    public void onFold(CrossValidationResult.Fold fold) {
      folds.add(fold);
    }
  }

  private static TrainingResult run(TrainingPlan plan, int threads, Supervisor listener) {
    try (Team team = new Team(threads)) {
      return plan.run(KernelSelection.select(null).kernels(), team, CLOCK, listener, null);
    }
  }

  private static TrainingResult.Trained trained(TrainingPlan plan, Heard heard) {
    return (TrainingResult.Trained) run(plan, 2, heard);
  }

  private static CrossValidationResult result(TrainingResult.Trained trained) {
    return Objects.requireNonNull(trained.learned().crossValidation());
  }

  private static float[] parameters(TrainingResult.Trained trained) {
    return trained.predictor().scorer().network().parameters().values();
  }

  private static TrainingPlan plan(TrainingData data, TrainingSpecs training) {
    return TrainingPlan.of(data, null, FitSpec.of(NETWORK, training.spec()));
  }

  @Test
  void doesNotDependOnTheNumberOfThreads() {
    TrainingPlan plan = plan(rows(90), folds(5));
    Heard alone = new Heard();
    TrainingResult.Trained one = (TrainingResult.Trained) run(plan, 1, alone);
    for (int threads : List.of(2, 4, 8)) {
      Heard heard = new Heard();
      TrainingResult.Trained other = (TrainingResult.Trained) run(plan, threads, heard);
      assertThat(other.learned().crossValidation())
          .as("%d threads", threads)
          .isEqualTo(one.learned().crossValidation());
      assertThat(parameters(other)).as("%d threads", threads).isEqualTo(parameters(one));
      assertThat(heard.history).isEqualTo(alone.history);
      heard.folds.sort(Comparator.comparingInt(CrossValidationResult.Fold::fold));
      assertThat(heard.folds).isEqualTo(result(one).folds());
      for (CrossValidationResult.Fold fold : heard.folds) {
        assertThat(heard.epochs[fold.fold() - 1]).hasValue(fold.epochs());
      }
    }
  }

  @Test
  void saysIfTheRowsOfAFoldEndedItsTraining() {
    TrainingData data = rows(60);
    assertThat(result(trained(plan(data, folds(3)), new Heard())).selectedOn()).isTrue();
    TrainingSpecs unstopped = folds(3).epochs(5).earlyStopping(new EarlyStoppingSpec.None());
    assertThat(result(trained(plan(data, unstopped), new Heard())).selectedOn()).isNull();
  }

  /// With encoders of its own: those of all rows would make other inputs.
  @Test
  void aFoldIsWhatATrainingOnTheOthersWouldBe() {
    int n = 61;
    TrainingData data = rows(n);
    CrossValidationResult result = result(trained(plan(data, folds(4)), new Heard()));
    Folds folds = Folds.of(data.unencoded(), IntStream.range(0, n).toArray(), 4, 4);

    for (int fold = 0; fold < 4; fold++) {
      Split split = folds.split(fold);
      TrainingPlan alone =
          TrainingPlan.of(
              rows(n, split.training()),
              rows(n, split.validation()),
              FitSpec.of(NETWORK, unvalidated().spec()));
      TrainingResult.Trained trained = trained(alone, new Heard());
      Evaluation evaluation =
          Objects.requireNonNull(trained.learned().evaluations().get("validation"));
      Map<String, Double> figures = new LinkedHashMap<>(evaluation.figures());
      // Of a model more is told than of a fold.
      figures.keySet().retainAll(List.of("loss", "accuracy", "logLoss", "auc"));
      assertThat(result.folds().get(fold))
          .isEqualTo(
              new CrossValidationResult.Fold(
                  fold + 1,
                  split.validation().length,
                  trained.learned().epochs(),
                  trained.learned().bestEpoch(),
                  figures));
      assertThat(evaluation.figures()).containsKeys("loss", "accuracy", "logLoss", "auc");
    }
  }

  @Test
  void theModelLearnsFromAllRowsForAsLongAsTheFoldsFoundBest() {
    TrainingData data = rows(60);
    Heard heard = new Heard();
    TrainingResult.Trained model = trained(plan(data, folds(3)), heard);
    CrossValidationResult result = result(model);
    assertThat(result.folds())
        .extracting(CrossValidationResult.Fold::fold)
        .containsExactly(1, 2, 3);
    assertThat(result.folds()).extracting(CrossValidationResult.Fold::rows).containsOnly(20);
    int[] best =
        result.folds().stream().mapToInt(CrossValidationResult.Fold::bestEpoch).sorted().toArray();
    assertThat(best[0]).isLessThan(best[2]);
    assertThat(model.learned().epochs()).isEqualTo(best[1]);
    assertThat(model.learned().bestEpoch()).isEqualTo(best[1]);
    assertThat(model.learned().stoppedEarly()).isFalse();
    assertThat(model.learned().evaluations()).containsOnlyKeys("training");
    assertThat(model.learned().warnings()).isEmpty();
    Feature.Numeric x =
        (Feature.Numeric)
            Objects.requireNonNull(model.predictor().features()).features().getFirst();
    assertThat(x.max()).isGreaterThan(3);

    Heard plain = new Heard();
    TrainingResult.Trained again =
        trained(plan(data, unvalidated().epochs(best[1]).earlyStopping(null)), plain);
    assertThat(parameters(model)).isEqualTo(parameters(again));
    assertThat(heard.history).isEqualTo(plain.history);
  }

  @Test
  void theLastFitFollowsTheScheduleOfTheFolds() {
    TrainingData data = rows(60);
    ScheduleSpec cosine = new ScheduleSpec.Cosine(2, 0.1);
    Heard heard = new Heard();
    TrainingResult.Trained model = trained(plan(data, folds(3).schedule(cosine)), heard);
    assertThat(model.learned().epochs()).isBetween(2, 39);
    Heard whole = new Heard();
    trained(plan(data, unvalidated().schedule(cosine).earlyStopping(null)), whole);
    assertThat(whole.history).startsWith(heard.history.toArray(EpochReport[]::new));
    assertThat(heard.history).hasSize(model.learned().epochs());
  }

  @Test
  void withoutEarlyStoppingEveryEpochRuns() {
    TrainingResult.Trained model =
        trained(
            plan(rows(30), folds(2).epochs(4).earlyStopping(new EarlyStoppingSpec.None())),
            new Heard());
    assertThat(result(model).folds())
        .allSatisfy(
            fold -> {
              assertThat(fold.epochs()).isEqualTo(4);
              assertThat(fold.bestEpoch()).isEqualTo(4);
            });
    assertThat(model.learned().epochs()).isEqualTo(4);
  }

  @Test
  void testRowsAreInNoFold() {
    TrainingPlan plan = plan(rows(80), folds(3).epochs(10).testFraction(0.25).earlyStopping(null));
    assertThat(plan.rows().test()).isEqualTo(20);
    assertThat(plan.rows().training()).isEqualTo(60);
    assertThat(plan.rows().validation()).isZero();
    TrainingResult.Trained model = trained(plan, new Heard());
    assertThat(result(model).folds().stream().mapToInt(CrossValidationResult.Fold::rows).sum())
        .isEqualTo(60);
    assertThat(model.learned().evaluations()).containsOnlyKeys("test");
    assertThat(Objects.requireNonNull(model.learned().evaluations().get("test")).rows())
        .isEqualTo(20);
  }

  /// Steps that overflow within some epochs.
  private static TrainingPlan diverging() {
    double[][] inputs = new double[12][1];
    double[][] targets = new double[12][1];
    for (int i = 0; i < 12; i++) {
      inputs[i][0] = 3 + i;
      targets[i][0] = i % 3;
    }
    return TrainingPlan.of(
        new TrainingData.Bare(new BareExamples(DenseRows.of(inputs), DenseRows.of(targets))),
        null,
        FitSpec.of(
            NetworkSpec.of(List.of(), null, null),
            TrainingSpecs.training()
                .epochs(500)
                .batchSize(4)
                .seed(1)
                .optimizer(new OptimizerSpec.Sgd(1, 0, false))
                .earlyStopping(new EarlyStoppingSpec.None())
                .crossValidation(new CrossValidationSpec(4))
                .spec()));
  }

  @Test
  void theFirstFoldThatDivergesIsNamedOnAnyNumberOfThreads() {
    for (int threads : List.of(1, 2, 4)) {
      Heard heard = new Heard();
      TrainingResult.Diverged diverged = (TrainingResult.Diverged) run(diverging(), threads, heard);
      assertThat(diverged.fold()).isEqualTo(1);
      assertThat(diverged.epoch()).isEqualTo(heard.epochs[0].get() + 1);
      assertThat(diverged.detail()).contains("not finite");
      assertThat(heard.history).isEmpty();
      assertThat(heard.folds).isEmpty();
    }
  }

  @Test
  void cancellingEndsFoldsAndTheLastFit() {
    TrainingPlan plan = plan(rows(60), folds(3));
    AtomicInteger asked = new AtomicInteger();
    Heard heard = new Heard();
    heard.cancelled = () -> asked.incrementAndGet() > 30;
    assertThat(run(plan, 2, heard)).isInstanceOf(TrainingResult.Cancelled.class);
    assertThat(heard.history).isEmpty();

    Heard last = new Heard();
    last.cancelled = () -> !last.history.isEmpty();
    TrainingResult late = run(plan, 2, last);
    assertThat(late).isEqualTo(new TrainingResult.Cancelled(2));
    assertThat(last.folds).hasSize(3);
  }

  @Test
  void saysWhichClassesAreThinnerThanTheFolds() {
    TrainingData data = rows(12, new int[] {0, 1, 2, 3, 4, 6, 8, 10});
    List<String> warnings = trained(plan(data, folds(3)), new Heard()).learned().warnings();
    assertThat(warnings)
        .containsExactly(
            "class 'yes' has 2 rows, fewer than the 3 folds: some are measured without it");
  }

  @Test
  void foldsAreAtMostTheTrainingRows() {
    assertThat(plan(rows(20), folds(20)).rows().training()).isEqualTo(20);
    refused(
        () -> plan(rows(19), folds(20)),
        "/training/crossValidation/folds",
        "must be at most the 19 training rows, was 20");
    refused(
        () -> TrainingPlan.of(rows(20), rows(20), FitSpec.of(NETWORK, folds(5).spec())),
        "/training/crossValidation",
        "must be left out where validation rows are given apart, was 5 folds");
  }

  @Test
  void aFoldWhoseRowsWeighNothingIsRefused() {
    TrainingData data =
        new TrainingData.Bare(
            new BareExamples(
                DenseRows.of(new double[][] {{0}, {1}, {2}, {3}}),
                DenseRows.of(new double[][] {{0}, {1}, {2}, {3}}),
                DenseRows.of(new double[][] {{1, 1, 0, 1}})));
    TrainingSpec leaveOneOut =
        TrainingSpecs.training().epochs(5).crossValidation(new CrossValidationSpec(4)).spec();
    refused(
        () -> TrainingPlan.of(data, null, FitSpec.of(NETWORK, leaveOneOut)),
        "/data/weights",
        "must be above 0 in at least 1 of the 1 validation rows, is in 0");
  }

  @Test
  void goesWithNoWarmStart() {
    TrainingPlan plan = plan(rows(60), folds(3));
    TrainingResult.Trained model = trained(plan, new Heard());
    refused(
        () -> plan.startingFrom(model.predictor()),
        "/training/crossValidation",
        "does not go with a warm start: the model may have learned from the rows of a fold");
  }

  @Test
  void memoryIsThatOfTheFoldsThatAreFittedSideBySide() {
    TrainingPlan plan = plan(rows(60), folds(3));
    long one = plan.estimatedBytes(1);
    // Once only: what judges the model, and what it knows of its columns.
    long once = 8_000;
    assertThat(plan.estimatedBytes(2)).isGreaterThan(2 * (one - once)).isLessThan(2 * one);
    assertThat(plan.estimatedBytes(8)).isEqualTo(plan.estimatedBytes(3));
    assertThat(plan.atOnce(2)).isEqualTo(2);
    TrainingPlan plain = plan(rows(60), unvalidated().earlyStopping(null));
    assertThat(plain.estimatedBytes(8)).isEqualTo(plain.estimatedBytes(1));
    assertThat(plain.atOnce(8)).isEqualTo(1);
  }
}
