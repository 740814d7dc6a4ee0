package dev.backprop.engine.plan;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Member;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.BaggingSpec;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.TargetTransform;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.Signal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnsembleTest {

  private static TrainingSpecs training() {
    return TrainingSpecs.training()
        .epochs(12)
        .batchSize(16)
        .seed(4)
        .optimizer(Defaults.fill(OptimizerSpec.Adam.class, 0.02))
        .earlyStopping(new EarlyStoppingSpec.Patience(3, 0, null));
  }

  private static Table table(int n) {
    return Tables.csv(
        Stream.concat(
                Stream.of("x,colour,kind,price"),
                IntStream.range(0, n)
                    .mapToObj(
                        i ->
                            "%s,%s,%s,%s"
                                .formatted(
                                    i * 37 % 101 / 20.0,
                                    i % 3 == 0 ? "red" : "blue",
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

  private static EncodingSpec encoding(NumberEncodingSpec numbers, @Nullable TargetTransform y) {
    return Defaults.fill(EncodingSpec.class, numbers, null, Map.of(), y);
  }

  private static NetworkSpec network(int units, @Nullable LossSpec loss) {
    return NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, units)), null, loss);
  }

  /// Of different inputs, widths, trainings, and of numbers scales.
  private static EnsembleSpec ensemble(TrainingSpecs training, boolean logarithm) {
    return new EnsembleSpec(
        List.of(
            new EnsembleSpec.Member(EncodingSpec.DEFAULT, network(8, null), training.spec()),
            new EnsembleSpec.Member(
                encoding(
                    new NumberEncodingSpec.PiecewiseLinear(8),
                    logarithm ? TargetTransform.LOG : null),
                network(12, null),
                training.epochs(9).spec()),
            new EnsembleSpec.Member(
                encoding(new NumberEncodingSpec.Robust(), null),
                network(3, null),
                training.epochs(2).spec())),
        EnsembleSpec.Choose.GREEDY,
        null);
  }

  private static FitSpec spec(TrainingSpecs training, boolean logarithm) {
    EnsembleSpec ensemble = ensemble(training, logarithm);
    EnsembleSpec.Member first = ensemble.members().getFirst();
    return new FitSpec(first.encoding(), first.network(), first.training(), ensemble);
  }

  private static FitSpec with(FitSpec spec, EnsembleSpec ensemble) {
    return new FitSpec(spec.encoding(), spec.network(), spec.training(), ensemble);
  }

  private static TrainingPlan plan(TrainingData data, FitSpec spec) {
    return TrainingPlan.of(data, null, spec);
  }

  private static EnsembleResult result(CheckpointedRun run) {
    return Objects.requireNonNull(run.trained().learned().ensemble());
  }

  private static Evaluation evaluation(CheckpointedRun run, String part) {
    return Objects.requireNonNull(run.trained().learned().evaluations().get(part));
  }

  @Test
  void membersOfDifferentKindsAreChosenByTheirAnswersOutOfFold() {
    for (TrainingData data : List.of(classes(150), numbers(150))) {
      boolean logarithm = data.target() instanceof Target.Numbers;
      TrainingPlan plan = plan(data, spec(training().bagging(new BaggingSpec(3)), logarithm));
      CheckpointedRun run = CheckpointedRun.of(plan).undisturbed();

      EnsembleResult result = result(run);
      assertThat(result.candidates()).isEqualTo(3);
      assertThat(result.members())
          .extracting(EnsembleResult.MemberResult::member)
          .containsExactly(1, 2, 3);
      assertThat(result.members().get(1).folds())
          .extracting(fold -> fold.result().member() + "." + fold.result().fold())
          .containsExactly("2.1", "2.2", "2.3");
      List<Member> members = run.trained().predictor().members();
      assertThat(members.stream().mapToInt(Member::weight).sum())
          .isEqualTo(
              3 * result.members().stream().mapToInt(EnsembleResult.MemberResult::weight).sum());
      assertThat(run.trained().learned().evaluations()).containsOnlyKeys("outOfFold");
      assertThat(evaluation(run, "outOfFold").rows()).isEqualTo(150);
      assertThat(run.trained().learned().epochs())
          .isEqualTo(
              result.members().stream()
                  .flatMap(member -> member.folds().stream())
                  .mapToInt(fold -> fold.result().epochs())
                  .sum());
      for (int member = 0; member < 3; member++) {
        assertThat(evaluation(run, "outOfFold").loss())
            .isLessThanOrEqualTo(alone(data, plan.spec(), member) + 1e-6);
      }
    }
  }

  /// The out-of-fold loss of all folds of one member, in the scale of the first.
  private static double alone(TrainingData data, FitSpec spec, int member) {
    EnsembleSpec all = Objects.requireNonNull(spec.ensemble());
    EnsembleSpec two =
        new EnsembleSpec(
            List.of(all.members().getFirst(), all.members().get(member)),
            EnsembleSpec.Choose.ALL,
            null);
    CheckpointedRun both = CheckpointedRun.of(plan(data, with(spec, two))).undisturbed();
    Predictor predictor = both.trained().predictor();
    List<Member> own = predictor.members().subList(3, 6);
    Predictor single =
        Predictor.of(
            predictor.features(),
            predictor.scorer().targetEncoder(),
            predictor.scorer().baseline(),
            own);
    List<int[]> folds =
        IntStream.range(0, 3)
            .mapToObj(fold -> data.folds(data.split(0, 0, 4), 3, 4).split(fold).validation())
            .toList();
    return single.evaluateApart(data.rows(single), folds).loss();
  }

  @Test
  void membersAreChosenByTheRowsThatAreHeldOut() {
    TrainingData data = numbers(150);
    CheckpointedRun run =
        CheckpointedRun.of(
                plan(data, spec(training().validationFraction(0.2).testFraction(0.1), true)))
            .undisturbed();
    assertThat(run.trained().learned().evaluations()).containsOnlyKeys("validation", "test");
    assertThat(evaluation(run, "validation").rows()).isEqualTo(30);
    assertThat(result(run).members()).allSatisfy(member -> assertThat(member.folds()).hasSize(1));
  }

  /// Its inputs are others than those of the first.
  @Test
  void aMemberThatIsServedAloneAnswersByItsOwnEncoders() {
    TrainingSpecs training = training().validationFraction(0.2);
    EnsembleSpec ensemble = ensemble(training, false);
    EnsembleSpec.Member second = ensemble.members().get(1);
    EnsembleSpec.Member untrained =
        new EnsembleSpec.Member(
            EncodingSpec.DEFAULT,
            network(8, null),
            training.epochs(1).optimizer(Defaults.fill(OptimizerSpec.Adam.class, 1e-9)).spec());
    FitSpec spec = spec(training, false);
    EnsembleSpec two =
        new EnsembleSpec(List.of(untrained, second), EnsembleSpec.Choose.GREEDY, null);
    CheckpointedRun run = CheckpointedRun.of(plan(numbers(150), with(spec, two))).undisturbed();
    assertThat(result(run).members()).extracting(EnsembleResult.MemberResult::weight).startsWith(0);
    CheckpointedRun alone =
        CheckpointedRun.of(
                plan(
                    numbers(150),
                    new FitSpec(second.encoding(), second.network(), second.training())))
            .undisturbed();
    assertThat(evaluation(run, "validation").figures().get("rmse"))
        .isCloseTo(evaluation(alone, "validation").figures().get("rmse"), within(1e-3));
  }

  @Test
  void rowsThatAreGivenApartChooseToo() {
    CheckpointedRun run =
        CheckpointedRun.of(TrainingPlan.of(numbers(120), numbers(40), spec(training(), false)))
            .undisturbed();
    assertThat(evaluation(run, "validation").rows()).isEqualTo(40);
  }

  @Test
  void allMembersAreServedIfNoneIsChosen() {
    FitSpec spec = spec(training().validationFraction(0.2), true);
    EnsembleSpec ensemble = Objects.requireNonNull(spec.ensemble());
    EnsembleSpec all = new EnsembleSpec(ensemble.members(), EnsembleSpec.Choose.ALL, null);
    CheckpointedRun run = CheckpointedRun.of(plan(numbers(150), with(spec, all))).undisturbed();
    assertThat(run.trained().predictor().members())
        .extracting(Member::weight)
        .containsExactly(1, 1, 1);
    assertThat(result(run).members())
        .extracting(EnsembleResult.MemberResult::weight)
        .containsOnly(1);
  }

  /// As many numbers enter both, and their layers are the same behind the cosines of one.
  @Test
  void membersOfOneNetworkTakeNumbersInTheirOwnWay() {
    TrainingSpecs training = training().bagging(new BaggingSpec(3));
    List<EnsembleSpec.Member> members =
        Stream.of(new NumberEncodingSpec.Robust(), new NumberEncodingSpec.Periodic(4, 0.1))
            .map(
                numbers ->
                    new EnsembleSpec.Member(
                        encoding(numbers, null), network(8, null), training.spec()))
            .toList();
    EnsembleSpec all = new EnsembleSpec(members, EnsembleSpec.Choose.ALL, null);
    CheckpointedRun run =
        CheckpointedRun.of(plan(numbers(150), with(spec(training, false), all))).undisturbed();
    assertThat(run.trained().predictor().members()).hasSize(6);
    assertThat(evaluation(run, "outOfFold").figures().get("r2")).isGreaterThan(0.5);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void doesNotDependOnThreadsOrSuspensions(boolean folds) {
    TrainingSpecs training = folds ? training().bagging(new BaggingSpec(3)) : training();
    TrainingPlan plan = plan(numbers(120), spec(training.epochs(4), true));
    CheckpointedRun undisturbed = CheckpointedRun.of(plan).undisturbed();
    for (int threads : List.of(2, 4)) {
      CheckpointedRun.of(plan).on(threads).undisturbed().assertCameToTheSameAs(undisturbed);
    }
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

  /// The last questions are asked between the rounds in which members are chosen.
  @Test
  void canBeCancelledWhileMembersAreChosen() {
    TrainingPlan plan = plan(numbers(120), spec(training().epochs(4), true));
    int all = CheckpointedRun.of(plan).undisturbed().asked();
    for (int before : List.of(1, 20, GreedySelection.ROUNDS * 3)) {
      CheckpointedRun cancelled =
          CheckpointedRun.of(plan)
              .run(asked -> asked > all - before ? Signal.CANCEL : Signal.GO_ON);
      assertThat(cancelled.result).isInstanceOf(TrainingResult.Cancelled.class);
    }
  }

  @Test
  void theClockDecidesOnlyHowManyMembersAreTrained() {
    TrainingSpecs training = training().validationFraction(0.2).maxSeconds(100.0);
    FitSpec spec = spec(training, true);
    EnsembleSpec ensemble = Objects.requireNonNull(spec.ensemble());
    AtomicLong time = new AtomicLong();
    InstantSource ticking = () -> Instant.ofEpochSecond(time.addAndGet(3));
    CheckpointedRun limited =
        CheckpointedRun.of(plan(numbers(150), spec)).by(ticking).undisturbed();
    int ran = result(limited).candidates();
    assertThat(ran).isBetween(1, 2);

    CheckpointedRun named =
        CheckpointedRun.of(plan(numbers(150), with(spec, ensemble.withCandidates(ran))))
            .undisturbed();
    assertThat(result(named).candidates()).isEqualTo(ran);
    List<Member> members = named.trained().predictor().members();
    assertThat(members).hasSameSizeAs(limited.trained().predictor().members());
    for (int m = 0; m < members.size(); m++) {
      assertThat(parameters(members.get(m)))
          .isEqualTo(parameters(limited.trained().predictor().members().get(m)));
    }
    assertThat(named.trained().learned().evaluations())
        .isEqualTo(limited.trained().learned().evaluations());
  }

  private static float[] parameters(Member member) {
    return member.scorer().network().parameters().values();
  }

  @Test
  void oneMemberIsOneFitThatItsTimeDoesNotCut() {
    FitSpec spec = spec(training().validationFraction(0.2).maxSeconds(1.0), true);
    EnsembleSpec.Member second = Objects.requireNonNull(spec.ensemble()).members().get(1);
    EnsembleSpec one = new EnsembleSpec(List.of(second), EnsembleSpec.Choose.GREEDY, null);
    AtomicLong time = new AtomicLong();
    InstantSource ticking = () -> Instant.ofEpochSecond(time.addAndGet(3));
    CheckpointedRun run =
        CheckpointedRun.of(plan(numbers(150), with(spec, one))).by(ticking).undisturbed();
    CheckpointedRun plain =
        CheckpointedRun.of(
                plan(
                    numbers(150),
                    new FitSpec(
                        second.encoding(), second.network(), second.training().within(null))))
            .undisturbed();
    assertThat(run.trained().learned().ensemble()).isNull();
    assertThat(parameters(run.trained().predictor().members().getFirst()))
        .isEqualTo(parameters(plain.trained().predictor().members().getFirst()));
  }

  @Test
  void whatDoesNotGoWithAnEnsembleIsRefused() {
    FitSpec folds = spec(training(), false);
    refused(
        () ->
            plan(
                classes(90),
                new FitSpec(
                    folds.encoding(),
                    folds.network(),
                    training().crossValidation(new CrossValidationSpec(3)).spec(),
                    folds.ensemble())),
        "/training/crossValidation",
        "does not go with ensemble: bagging validates on every row, and serves the networks");
    refused(
        () ->
            plan(
                classes(90),
                new FitSpec(
                    folds.encoding(),
                    folds.network(),
                    training().seed(7).spec(),
                    folds.ensemble())),
        "/ensemble/members/0/training/seed",
        "must be left out or that of the request's training, 7, was 4");
    refused(
        () ->
            plan(classes(90), spec(training().validationFraction(0.0).earlyStopping(null), false)),
        "/training/validationFraction",
        "must leave validation rows with ensemble or the target auto, unless there is bagging, leaves 0 of 90");
    refused(
        () -> plan(classes(90), spec(training(), true)),
        "/ensemble/members/1/encoding/target",
        "must be none unless the target is numeric, was log");
    EnsembleSpec ensemble = ensemble(training(), false);
    EnsembleSpec.Member last = ensemble.members().getLast();
    EnsembleSpec others =
        new EnsembleSpec(
            List.of(
                last,
                new EnsembleSpec.Member(
                    last.encoding(), network(3, new LossSpec.AbsoluteError()), last.training())),
            EnsembleSpec.Choose.GREEDY,
            null);
    refused(
        () -> plan(numbers(90), with(folds, others)),
        "/ensemble/members/1/network/loss",
        "must be that of the first member, SquaredError[], was AbsoluteError[]");
    refused(
        () -> new EnsembleSpec(List.of(last), EnsembleSpec.Choose.GREEDY, 2),
        "/candidates",
        "must be at most 1, was 2");
    refused(
        () -> new EnsembleSpec(List.of(), EnsembleSpec.Choose.GREEDY, null),
        "/members",
        "must be from 1 to 32, were 0");
  }

  @Test
  void theMemoryOfAllMembersIsCounted() {
    FitSpec spec = spec(training().bagging(new BaggingSpec(3)), false);
    TrainingPlan all = plan(classes(150), spec);
    TrainingPlan one = plan(classes(150), spec.members().get(0));
    assertThat(all.modelBytes()).isGreaterThan(one.modelBytes());
    assertThat(all.estimatedBytes(1)).isGreaterThan(one.estimatedBytes(1));
    assertThat(all.checkpointBytes(1)).isGreaterThan(one.checkpointBytes(1));
  }
}
