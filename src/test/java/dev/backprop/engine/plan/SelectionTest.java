package dev.backprop.engine.plan;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.ClassWeightsSpec;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.EpochReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The epoch that is served is the best one by the figure that the training names.
class SelectionTest {

  private static final NetworkSpec NETWORK =
      NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 8)), null, null);

  private static TrainingSpecs training() {
    return TrainingSpecs.training()
        .epochs(25)
        .optimizer(Defaults.fill(OptimizerSpec.Adam.class, 0.1))
        .earlyStopping(new EarlyStoppingSpec.None());
  }

  /// Rows of two numbers and so many targets, which follow from them but for some noise.
  private static TrainingData data(int rows, Target target, String... cells) {
    SplittableRandom random = new SplittableRandom(3);
    List<String> names = target.names();
    String[] lines = new String[rows + 1];
    lines[0] = "x,z," + String.join(",", names);
    for (int i = 0; i < rows; i++) {
      double x = random.nextDouble();
      double z = random.nextDouble();
      StringBuilder line = new StringBuilder("%s,%s".formatted(x, z));
      for (int j = 0; j < names.size(); j++) {
        double sum = x + (j + 1) * z + 0.8 * random.nextDouble();
        line.append(',');
        if (cells.length == 0) {
          line.append(sum);
        } else {
          line.append(cells[(int) (sum * cells.length / (2.8 + j))]);
        }
      }
      lines[i + 1] = line.toString();
    }
    Table table = Tables.csv(lines);
    List<Schema.Field> fields =
        IntStream.range(0, table.columns().size())
            .mapToObj(
                c ->
                    Schema.Field.of(
                        table.columns().get(c), c < 2 ? Schema.Role.FEATURE : Schema.Role.TARGET))
            .toList();
    Target known =
        target instanceof Target.Classes(String name, _)
            ? new Target.Classes(name, fields.getLast().categories())
            : target;
    return new TrainingData.Rows(table, new Schema(fields, known));
  }

  private static TrainingData classes(int rows, String... classes) {
    return data(rows, new Target.Classes("y", List.of()), classes);
  }

  private static TrainingData labels() {
    return data(200, new Target.MultiLabel(List.of("a", "b")), "false", "true");
  }

  private static TrainingData numbers() {
    return data(200, new Target.Numbers(List.of("a", "b")));
  }

  private static TrainingData bare(boolean ones) {
    double[][] inputs = new double[200][2];
    double[][] targets = new double[200][1];
    for (int i = 0; i < inputs.length; i++) {
      Arrays.setAll(inputs[i], j -> Math.sin(2 + j));
      inputs[i][0] = Math.cos(i);
      targets[i][0] = ones ? 1 : i % 3 == 0 ? 1 : 0;
    }
    return new TrainingData.Bare(new BareExamples(DenseRows.of(inputs), DenseRows.of(targets)));
  }

  static Stream<Arguments> figures() {
    List<Metric> ofClasses =
        List.of(
            Metric.LOSS,
            Metric.LOG_LOSS,
            Metric.ACCURACY,
            Metric.AUC,
            Metric.F1,
            Metric.PR_AUC,
            Metric.MCC,
            Metric.BALANCED_ACCURACY,
            Metric.BRIER);
    return Stream.of(
            Map.entry(classes(200, "no", "yes"), ofClasses),
            Map.entry(classes(200, "a", "b", "c"), ofClasses),
            Map.entry(
                labels(),
                List.of(Metric.LOSS, Metric.LOG_LOSS, Metric.ACCURACY, Metric.EXACT_MATCH)),
            Map.entry(
                numbers(), List.of(Metric.LOSS, Metric.RMSE, Metric.MAE, Metric.R2, Metric.MAPE)),
            Map.entry(bare(false), ofClasses))
        .flatMap(entry -> entry.getValue().stream().map(m -> Arguments.of(m, entry.getKey())));
  }

  private static TrainingPlan plan(TrainingData data, TrainingSpecs training) {
    return plan(data, training, null);
  }

  /// @param taus of quantiles; null for none
  private static TrainingPlan plan(
      TrainingData data, TrainingSpecs training, @Nullable List<Double> taus) {
    NetworkSpec network =
        taus != null
            ? NetworkSpec.of(NETWORK.layers(), null, new LossSpec.Quantile(null, taus))
            : data instanceof TrainingData.Bare
                ? NetworkSpec.of(
                    NETWORK.layers(),
                    Defaults.fill(OutputSpec.class, new Activation.Sigmoid()),
                    new LossSpec.CrossEntropy())
                : NETWORK;
    return TrainingPlan.of(data, null, FitSpec.of(network, training.spec()));
  }

  private static TrainingResult.Trained train(TrainingPlan plan) {
    return (TrainingResult.Trained)
        plan.run(new JavaKernels(), Team.ALONE, InstantSource.fixed(Instant.EPOCH), _ -> {}, null);
  }

  private static double selected(EpochReport report) {
    return Objects.requireNonNull(report.selected()).value();
  }

  /// With a patience that never runs out and without early stopping.
  @ParameterizedTest
  @MethodSource("figures")
  void theLastOfTheBestEpochsIsServed(Metric metric, TrainingData data) {
    Selection selection = new Selection(metric);
    theLastOfTheBestEpochsIsServed(selection, data, training(), null);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOSS", "RMSE", "MAE", "R2", "MAPE", "PINBALL"})
  void theLastOfTheBestEpochsOfQuantilesIsServed(Metric metric) {
    theLastOfTheBestEpochsIsServed(
        new Selection(metric),
        data(200, new Target.Numbers(List.of("a"))),
        training(),
        List.of(0.1, 0.5, 0.9));
  }

  /// What is answered at the threshold counts; the areas are those of the positive class.
  @ParameterizedTest
  @EnumSource(names = {"ACCURACY", "F1", "PR_AUC", "MCC", "BALANCED_ACCURACY"})
  void thresholdAndPositiveClassCount(Metric metric) {
    TrainingData data = classes(200, "no", "yes");
    TrainingSpecs asked = training().threshold(0.8).positive("no");
    List<EpochReport> at = theLastOfTheBestEpochsIsServed(new Selection(metric), data, asked, null);
    List<EpochReport> usual = train(plan(data, training().selection(metric))).learned().history();
    assertThat(at.stream().map(SelectionTest::selected))
        .isNotEqualTo(usual.stream().map(SelectionTest::selected).toList());
    assertThat(at.stream().map(EpochReport::validationLoss))
        .containsExactlyElementsOf(usual.stream().map(EpochReport::validationLoss).toList());
  }

  /// @return the history
  private static List<EpochReport> theLastOfTheBestEpochsIsServed(
      Selection selection, TrainingData data, TrainingSpecs training, @Nullable List<Double> taus) {
    Metric metric = selection.metric();
    List<EpochReport> told = List.of();
    for (EarlyStoppingSpec stopping :
        List.of(new EarlyStoppingSpec.None(), new EarlyStoppingSpec.Patience(25, 0, null))) {
      TrainingResult.Trained trained =
          train(plan(data, training.earlyStopping(stopping).selection(metric), taus));
      List<EpochReport> history = trained.learned().history();
      EpochReport best =
          history.stream()
              .min(
                  Comparator.<EpochReport>comparingDouble(e -> selection.cost(selected(e)))
                      .thenComparingInt(e -> -e.epoch()))
              .orElseThrow();
      assertThat(history).hasSize(25);
      assertThat(history).allMatch(e -> Objects.requireNonNull(e.selected()).metric() == metric);
      assertThat(trained.learned().bestEpoch()).isEqualTo(best.epoch());
      Evaluation served = Objects.requireNonNull(trained.learned().evaluations().get("validation"));
      assertThat(selection.of(served)).isEqualTo(selected(best));
      told = history;
    }
    return told;
  }

  @Test
  void patienceIsThatOfTheFigure() {
    TrainingResult.Trained trained =
        train(
            plan(
                classes(200, "no", "yes"),
                training()
                    .earlyStopping(new EarlyStoppingSpec.Patience(3, 0, null))
                    .selection(Metric.ACCURACY)));
    List<EpochReport> history = trained.learned().history();
    int last = history.size();
    assertThat(trained.learned().stoppedEarly()).isTrue();
    double before =
        history.subList(0, last - 3).stream().mapToDouble(SelectionTest::selected).max().orElse(0);
    assertThat(history.subList(last - 3, last)).allMatch(e -> selected(e) <= before);
  }

  @Test
  void foldsAreSelectedByItAndTheLastFitHasNone() {
    TrainingPlan plan =
        plan(
            classes(120, "no", "yes"),
            training().selection(Metric.AUC).crossValidation(new CrossValidationSpec(3)));
    TrainingResult.Trained trained = train(plan);
    assertThat(plan.training().selection()).isEqualTo(Metric.AUC);
    assertThat(Objects.requireNonNull(trained.learned().crossValidation()).folds())
        .anyMatch(fold -> fold.bestEpoch() < fold.epochs());
    assertThat(trained.learned().history()).allMatch(e -> e.selected() == null);
  }

  @Test
  void withoutOneHistoriesAreAsBefore() {
    assertThat(train(plan(numbers(), training())).learned().history())
        .allMatch(e -> e.selected() == null);
  }

  /// Neither early stopping nor the loss of the epoch knows the weights of classes then.
  @Test
  void weightsOfClassesDoNotCountInIt() {
    TrainingPlan plan =
        plan(
            classes(200, "no", "yes"),
            training()
                .classWeights(new ClassWeightsSpec.Balanced())
                .earlyStopping(null)
                .selection(Metric.LOSS));
    assertThat(plan.training().earlyStopping()).isEqualTo(EarlyStoppingSpec.Patience.DEFAULT);
    assertThat(train(plan).learned().history())
        .allMatch(e -> Double.valueOf(selected(e)).equals(e.validationLoss()));
  }

  @Test
  void whatTheTargetDoesNotHaveIsRefused() {
    refused(
        () -> plan(numbers(), training().selection(Metric.AUC)),
        "/training/selection",
        "must be one of loss, rmse, mae, r2, mape for this target, was auc");
    refused(
        () -> plan(numbers(), training().selection(Metric.PINBALL)),
        "/training/selection",
        "must be one of loss, rmse, mae, r2, mape for this target, was pinball");
    refused(
        () ->
            plan(
                data(50, new Target.Numbers(List.of("a"))),
                training().selection(Metric.F1),
                List.of(0.1, 0.9)),
        "/training/selection",
        "must be one of loss, rmse, mae, r2, mape, pinball for this target, was f1");
    refused(
        () -> plan(classes(200, "a", "b", "c"), training().selection(Metric.R2)),
        "/training/selection",
        "must be one of loss, log-loss, accuracy, auc, f1, pr-auc, mcc, balanced-accuracy, brier for this target, was r2");
    refused(
        () ->
            TrainingPlan.of(
                new TrainingData.Bare(
                    new BareExamples(
                        DenseRows.of(new double[20][2]), DenseRows.of(new double[20][3]))),
                null,
                FitSpec.of(
                    NetworkSpec.of(
                        List.of(), Defaults.fill(OutputSpec.class, new Activation.Sigmoid()), null),
                    training().selection(Metric.BRIER).spec())),
        "/training/selection",
        "must be one of loss, log-loss, accuracy for this target, was brier");
    refused(
        () -> plan(labels(), training().selection(Metric.RMSE)),
        "/training/selection",
        "must be one of loss, log-loss, accuracy, exact-match for this target, was rmse");
    refused(
        () -> plan(bare(false), training().selection(Metric.MAE)),
        "/training/selection",
        "must be one of loss, log-loss, accuracy, auc, f1, pr-auc, mcc, balanced-accuracy, brier for this target, was mae");
  }

  /// Rows of an input and of a target, of which the last ones validate.
  private static TrainingData after(String... targets) {
    String[] lines = new String[targets.length + 1];
    lines[0] = "x,y";
    for (int i = 0; i < targets.length; i++) {
      lines[i + 1] = "%d,%s".formatted(i, targets[i]);
    }
    Table table = Tables.csv(lines);
    Target target =
        table.required("y") instanceof CategoricalColumn kinds
            ? new Target.Classes("y", kinds.categories())
            : new Target.Numbers(List.of("y"));
    return new TrainingData.Rows(table, Tables.schema(table, target), new SplitSpec.Order("x"));
  }

  private static void refusedRows(TrainingSpecs training, String message, String... targets) {
    refused(
        () -> plan(after(targets), training.validationFraction(0.5)),
        "/training/selection",
        message);
  }

  @Test
  void rowsThatDoNotDefineItWhateverIsAnsweredAreRefused() {
    for (Metric metric : List.of(Metric.AUC, Metric.PR_AUC, Metric.MCC)) {
      TrainingSpecs training = training().selection(metric);
      refusedRows(
          training,
          "%s needs validation rows of both classes, there are 3 of one and 0 of the other"
              .formatted(metric),
          "a",
          "b",
          "b",
          "a",
          "a",
          "a");
      refusedRows(
          training,
          "%s needs validation rows of at least 2 classes, all 3 are of one".formatted(metric),
          "a",
          "b",
          "c",
          "b",
          "b",
          "b");
      assertThat(plan(after("a", "b", "c", "b", "b", "c"), training.validationFraction(0.5)))
          .isNotNull();
    }
    refusedRows(
        training().selection(Metric.F1),
        "f1 needs validation rows of the positive class, 'b', of 3 there are 0",
        "a",
        "b",
        "b",
        "a",
        "a",
        "a");
    refusedRows(
        training().selection(Metric.F1).positive("a"),
        "f1 needs validation rows of the positive class, 'a', of 3 there are 0",
        "a",
        "b",
        "b",
        "b",
        "b",
        "b");
    refusedRows(
        training().selection(Metric.MAPE),
        "mape needs validation rows without a target of 0, 2 of 3 have one",
        "1",
        "2",
        "3",
        "0",
        "1",
        "0");
    refusedRows(
        training().selection(Metric.R2),
        "r2 needs validation rows of at least 2 different targets, there are 1 in 3 rows",
        "1",
        "2",
        "3",
        "7",
        "7",
        "7");
    // Rows that train may have them.
    assertThat(
            plan(
                after("0", "2", "3", "7", "7", "7"),
                training().selection(Metric.MAPE).validationFraction(0.5)))
        .isNotNull();
  }

  @Test
  void rowsThatDoNotDefineItAreRefused() {
    refused(
        () -> plan(numbers(), training().validationFraction(0.0).selection(Metric.RMSE)),
        "/training/selection",
        "needs validation rows to take rmse from, there are 0");
    refused(
        () -> plan(bare(true), training().selection(Metric.AUC)),
        "/training/selection",
        "auc needs validation rows of both classes, there are 0 of one and 40 of the other");
    TrainingData validation = bare(true);
    refused(
        () ->
            TrainingPlan.of(
                bare(false),
                validation,
                FitSpec.of(
                    NetworkSpec.of(
                        List.of(), Defaults.fill(OutputSpec.class, new Activation.Sigmoid()), null),
                    training().selection(Metric.AUC).spec())),
        "/training/selection",
        "auc needs validation rows of both classes, there are 0 of one and 200 of the other");
  }
}
