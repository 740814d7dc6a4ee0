package dev.backprop.engine.plan;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.BaggingSpec;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.TargetTransform;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetVariantsTest {

  private static TrainingSpecs training() {
    return TrainingSpecs.training()
        .epochs(30)
        .batchSize(16)
        .seed(2)
        .optimizer(Defaults.fill(OptimizerSpec.Adam.class, 0.02));
  }

  /// Two columns and a target of their sum.
  private static TrainingData.Rows numbers(int n, DoubleUnaryOperator target) {
    Random random = new Random(3);
    Table table =
        Tables.csv(
            Stream.concat(
                    Stream.of("a,b,kind,y"),
                    IntStream.range(0, n)
                        .mapToObj(
                            i -> {
                              double a = random.nextGaussian();
                              double b = random.nextGaussian();
                              return "%s,%s,%s,%s"
                                  .formatted(
                                      a, b, i % 2 == 0 ? "no" : "yes", target.applyAsDouble(a + b));
                            }))
                .toArray(String[]::new));
    return new TrainingData.Rows(table, Tables.schema(table, new Target.Numbers(List.of("y"))));
  }

  private static EncodingSpec encoding(@Nullable TargetTransform target) {
    return Defaults.fill(EncodingSpec.class, null, null, Map.of(), target);
  }

  private static NetworkSpec network(@Nullable LossSpec loss) {
    return NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 8)), null, loss);
  }

  private static FitSpec auto(TrainingSpecs training) {
    return new FitSpec(encoding(TargetTransform.AUTO), network(null), training.spec());
  }

  private static EnsembleSpec.Member member(@Nullable TargetTransform target) {
    return new EnsembleSpec.Member(encoding(target), network(null), training().spec());
  }

  private static List<TargetTransform> targets(TrainingPlan plan) {
    return plan.spec().members().stream().map(member -> member.encoding().transform()).toList();
  }

  private static CheckpointedRun run(TrainingData data, FitSpec spec) {
    return CheckpointedRun.of(TrainingPlan.of(data, null, spec)).undisturbed();
  }

  private static Choice choice(CheckpointedRun run) {
    return Objects.requireNonNull(run.trained().learned().choice());
  }

  private static TargetTransform taken(CheckpointedRun run) {
    Choice choice = choice(run);
    return Objects.requireNonNull(choice.members().get(choice.member() - 1).target());
  }

  @Test
  void isOneNetworkForEachTransformOfWhichTheBestIsServed() {
    TrainingPlan plan = TrainingPlan.of(numbers(100, x -> x), null, auto(training()));
    assertThat(targets(plan))
        .containsExactly(TargetTransform.NONE, TargetTransform.LOG, TargetTransform.QUANTILE);
    assertThat(Objects.requireNonNull(plan.spec().ensemble()).choose())
        .isEqualTo(EnsembleSpec.Choose.BEST);
    assertThat(TrainingPlan.of(numbers(100, x -> x), null, plan.spec()).spec())
        .isEqualTo(plan.spec());
  }

  @Test
  void thoseOfAMemberStandInItsPlace() {
    EnsembleSpec ensemble =
        new EnsembleSpec(
            List.of(
                member(TargetTransform.QUANTILE),
                member(TargetTransform.AUTO),
                member(TargetTransform.LOG)),
            EnsembleSpec.Choose.GREEDY,
            2);
    TrainingPlan plan =
        TrainingPlan.of(numbers(100, x -> x), null, auto(training()).withEnsemble(ensemble));
    assertThat(targets(plan))
        .containsExactly(
            TargetTransform.QUANTILE,
            TargetTransform.NONE,
            TargetTransform.LOG,
            TargetTransform.QUANTILE,
            TargetTransform.LOG);
    EnsembleSpec decided = Objects.requireNonNull(plan.spec().ensemble());
    assertThat(decided.choose()).isEqualTo(EnsembleSpec.Choose.GREEDY);
    assertThat(decided.candidates()).isEqualTo(4);
  }

  @Test
  void takesTheLogarithmOfASkewedTarget() {
    CheckpointedRun run = run(numbers(300, x -> Math.exp(2 * x)), auto(training()));
    assertThat(taken(run)).isEqualTo(TargetTransform.LOG);
    assertThat(choice(run).members()).hasSize(3).allSatisfy(m -> assertThat(m.score()).isNotNull());
  }

  @Test
  void leavesASymmetricTargetAsItIs() {
    CheckpointedRun run = run(numbers(300, x -> 5 * x), auto(training()));
    assertThat(taken(run)).isEqualTo(TargetTransform.NONE);
  }

  /// The logarithm counts from the least number on.
  @Test
  void triesTheLogarithmOfZeroAndOfNumbersBelow() {
    for (double least : new double[] {0, -7}) {
      CheckpointedRun run =
          run(
              numbers(300, x -> Math.max(0, Math.expm1(1.5 * x)) + least),
              auto(training().bagging(new BaggingSpec(2))));
      assertThat(choice(run).members())
          .extracting(Choice.Compared::target)
          .containsExactly(TargetTransform.NONE, TargetTransform.LOG, TargetTransform.QUANTILE);
    }
  }

  /// The scores are in units of the target, whatever was learned.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsServedIsTheNetworkThatItsSpecTrainsAlone(boolean folds) {
    TrainingData data = numbers(160, x -> Math.exp(2 * x));
    TrainingSpecs training =
        folds
            ? training().bagging(new BaggingSpec(3))
            : training().validationFraction(0.25).testFraction(0.1).selection(Metric.RMSE);
    TrainingPlan plan =
        TrainingPlan.of(data, null, auto(training.maxSeconds(folds ? null : 1000.0)));
    CheckpointedRun run = CheckpointedRun.of(plan).on(2).undisturbed();
    Choice choice = choice(run);
    FitSpec chosen = plan.spec().chosen(choice.member());
    assertThat(chosen.training().maxSeconds()).isNull();
    CheckpointedRun alone = run(data, chosen);

    Learned learned = run.trained().learned();
    Learned known = alone.trained().learned();
    assertThat(parameters(run)).isEqualTo(parameters(alone));
    assertThat(learned.history()).hasSameSizeAs(known.history());
    assertThat(learned.bestEpoch()).isEqualTo(known.bestEpoch());
    assertThat(learned.ending()).isEqualTo(known.ending());
    assertThat(learned.bagging()).isEqualTo(known.bagging());
    assertThat(learned.ensemble()).isNull();
    assertThat(learned.evaluations().keySet()).isEqualTo(known.evaluations().keySet());
    learned
        .evaluations()
        .forEach(
            (part, evaluation) ->
                evaluation
                    .figures()
                    .forEach(
                        (name, figure) ->
                            assertThat(figure)
                                .as(part + " " + name)
                                .isCloseTo(
                                    figure(alone, part, name), within(1e-4 * Math.abs(figure)))));
    Double score = choice.members().get(choice.member() - 1).score();
    assertThat(choice.metric()).isEqualTo(folds ? Metric.LOSS : Metric.RMSE);
    if (!folds) {
      assertThat(score)
          .isCloseTo(
              figure(run, "validation", "rmse"), within(1e-4 * Objects.requireNonNull(score)));
    }
    assertThat(choice.members())
        .allSatisfy(member -> assertThat(member.score()).isGreaterThanOrEqualTo(score));
    Predictor predictor = run.trained().predictor();
    assertThat(predictor.scorer().targetEncoder().scales())
        .isEqualTo(alone.trained().predictor().scorer().targetEncoder().scales());
  }

  /// The figure that selects is none of the usual ones.
  @Test
  void theBestHasTheBestOfTheFigureThatSelects() {
    CheckpointedRun run =
        run(
            numbers(160, x -> 2 + Math.exp(x)),
            auto(training().validationFraction(0.25).selection(Metric.MAPE)));
    Choice choice = choice(run);
    double best = Objects.requireNonNull(choice.members().get(choice.member() - 1).score());
    assertThat(choice.metric()).isEqualTo(Metric.MAPE);
    assertThat(choice.members())
        .hasSizeGreaterThan(1)
        .allSatisfy(
            member -> {
              assertThat(member.score()).isGreaterThanOrEqualTo(best);
              assertThat(member.figures().get("mape")).isEqualTo(member.score());
            });
    assertThat(figure(run, "validation", "mape")).isCloseTo(best, within(1e-4 * best));
  }

  private static double figure(CheckpointedRun run, String part, String name) {
    return Objects.requireNonNull(
        Objects.requireNonNull(run.trained().learned().evaluations().get(part))
            .figures()
            .get(name));
  }

  private static List<String> parameters(CheckpointedRun run) {
    return run.trained().predictor().members().stream()
        .map(member -> Arrays.toString(member.scorer().network().parameters().values()))
        .toList();
  }

  @Test
  void doesNotDependOnThreadsOrSuspensions() {
    TrainingPlan plan =
        TrainingPlan.of(
            numbers(120, x -> Math.exp(x)),
            null,
            auto(training().epochs(4).bagging(new BaggingSpec(2))));
    CheckpointedRun undisturbed = CheckpointedRun.of(plan).undisturbed();
    CheckpointedRun.of(plan).on(3).undisturbed().assertCameToTheSameAs(undisturbed);
    int suspensions = 0;
    CheckpointedRun run = CheckpointedRun.of(plan).suspended(5);
    while (run.result instanceof TrainingResult.Suspended) {
      suspensions++;
      run =
          CheckpointedRun.of(plan)
              .on(1 + suspensions % 2)
              .from(CheckpointedRun.reread(run.saved.getLast(), plan))
              .suspended(suspensions < 4 ? 25 : 200); // to choose takes more than 25
    }
    run.assertCameToTheSameAs(undisturbed);
    assertThat(suspensions).isGreaterThan(2);
  }

  @Test
  void ofEqualMembersTheFirstIsServed() {
    EnsembleSpec alike =
        new EnsembleSpec(
            Collections.nCopies(3, member(TargetTransform.LOG)), EnsembleSpec.Choose.BEST, null);
    CheckpointedRun run = run(numbers(100, x -> x), auto(training()).withEnsemble(alike));
    assertThat(choice(run).member()).isEqualTo(1);
    assertThat(choice(run).members())
        .extracting(Choice.Compared::score)
        .containsOnly(choice(run).members().getFirst().score());
  }

  @Test
  void theBestOfClassesHasTheLeastLogLoss() {
    Table table = numbers(150, x -> x).table();
    TrainingData data =
        new TrainingData.Rows(
            table,
            Tables.schema(
                table, new Target.Classes("kind", List.of(Label.text("no"), Label.text("yes")))));
    EnsembleSpec.Member few =
        new EnsembleSpec.Member(EncodingSpec.DEFAULT, network(null), training().epochs(1).spec());
    EnsembleSpec.Member other =
        new EnsembleSpec.Member(
            EncodingSpec.DEFAULT,
            NetworkSpec.of(List.of(), null, null),
            training().epochs(1).spec());
    EnsembleSpec ensemble = new EnsembleSpec(List.of(few, other), EnsembleSpec.Choose.BEST, null);
    CheckpointedRun run =
        run(
            data,
            new FitSpec(
                EncodingSpec.DEFAULT, network(null), training().epochs(1).spec(), ensemble));
    Choice choice = choice(run);
    assertThat(choice.metric()).isEqualTo(Metric.LOG_LOSS);
    assertThat(choice.members()).allSatisfy(member -> assertThat(member.target()).isNull());
    double best = Objects.requireNonNull(choice.members().get(choice.member() - 1).score());
    assertThat(choice.members())
        .allSatisfy(
            member -> assertThat(member.figures().get("logLoss")).isGreaterThanOrEqualTo(best));
    assertThat(figure(run, "validation", "logLoss")).isCloseTo(best, within(1e-6));
  }

  @Test
  void whatLeavesNothingToChooseIsRefused() {
    TrainingData numbers = numbers(60, x -> x);
    Table table = numbers(60, x -> x).table();
    TrainingData classes =
        new TrainingData.Rows(
            table,
            Tables.schema(
                table, new Target.Classes("kind", List.of(Label.text("no"), Label.text("yes")))));
    refused(
        () -> TrainingPlan.of(classes, null, auto(training())),
        "/encoding/target",
        "must be none unless the target is numeric, was auto");
    refused(
        () ->
            TrainingPlan.of(
                numbers,
                null,
                new FitSpec(
                    encoding(TargetTransform.AUTO),
                    network(new LossSpec.Poisson()),
                    training().spec())),
        "/encoding/target",
        "must be none with the loss poisson, which takes numbers as they are, was auto");
    refused(
        () ->
            TrainingPlan.of(
                numbers, null, auto(training().crossValidation(new CrossValidationSpec(3)))),
        "/training/crossValidation",
        "does not go with the target auto, which is chosen by rows that are held out: bagging chooses by every row");
    refused(
        () -> TrainingPlan.of(numbers, null, auto(training()), encoding(TargetTransform.LOG)),
        "/encoding/target",
        "must be that of the version with warmStart, was auto");
    refused(
        () -> TrainingPlan.of(numbers(30, x -> x), null, auto(training())),
        "/training/validationFraction",
        "must leave validation rows with ensemble or the target auto, unless there is bagging, leaves 0 of 30");
    EnsembleSpec many =
        new EnsembleSpec(
            Collections.nCopies(11, member(TargetTransform.AUTO)),
            EnsembleSpec.Choose.GREEDY,
            null);
    refused(
        () -> TrainingPlan.of(numbers, null, auto(training()).withEnsemble(many)),
        "/ensemble/members",
        "must be at most 32, counting 3 for each whose target is auto, were 33");
  }
}
