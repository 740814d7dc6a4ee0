package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.spec.BaggingSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.Ending;
import dev.backprop.engine.training.EpochReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Trainings that are asked to begin nothing further.
class FinishTest {

  private static final NetworkSpec NETWORK =
      NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 8)), null, null);

  private static TrainingSpecs training() {
    return TrainingSpecs.training()
        .epochs(12)
        .batchSize(16)
        .seed(4)
        .optimizer(Defaults.fill(OptimizerSpec.Adam.class, 0.02))
        .earlyStopping(new EarlyStoppingSpec.Patience(12, 0, null));
  }

  private static TrainingData data() {
    Table table =
        Tables.csv(
            Stream.concat(
                    Stream.of("x,kind"),
                    IntStream.range(0, 120)
                        .mapToObj(i -> "%s,%s".formatted(i * 37 % 101, i % 2 == 0 ? "a" : "b")))
                .toArray(String[]::new));
    Target target = new Target.Classes("kind", List.of(Label.text("a"), Label.text("b")));
    return new TrainingData.Rows(table, Tables.schema(table, target));
  }

  /// Asks to finish in an epoch of a fit.
  ///
  /// @param task number of the fit, 0 if there is one
  /// @param epoch after which it finishes, 0 from the begin on
  private static final class Finisher implements Supervisor {

    private final int task;
    private final int epoch;
    private boolean finishes;

    Finisher(int task, int epoch) {
      this.task = task;
      this.epoch = epoch;
      finishes = epoch == 0;
    }

    @Override
    public boolean finishes() {
      return finishes;
    }

    @Override
    public void onEpoch(EpochReport report) {
      onFoldEpoch(0, report);
    }

    @Override
    public void onFoldEpoch(int fold, EpochReport report) {
      finishes |= fold == task && report.epoch() == epoch;
    }
  }

  private static Learned finished(TrainingSpecs training, int task, int epoch) {
    return finished(FitSpec.of(NETWORK, training.spec()), task, epoch);
  }

  private static Learned finished(FitSpec spec, int task, int epoch) {
    TrainingResult result =
        TrainingPlan.of(data(), null, spec)
            .run(
                new JavaKernels(),
                Team.ALONE,
                InstantSource.fixed(Instant.EPOCH),
                new Finisher(task, epoch),
                null);
    assertThat(result).isInstanceOf(TrainingResult.Trained.class);
    TrainingResult.Trained trained = (TrainingResult.Trained) result;
    assertThat(trained.predictor().members()).hasSize(networks(trained.learned()));
    return trained.learned();
  }

  private static int networks(Learned learned) {
    return learned.ensemble() != null
        ? learned.ensemble().served().folds().size()
        : learned.bagging() != null ? learned.bagging().folds().size() : 1;
  }

  @Test
  void oneFitEndsAsIfItsTimeWereOver() {
    Learned learned = finished(training(), 0, 5);
    assertThat(learned.epochs()).isEqualTo(5);
    assertThat(learned.ending()).isEqualTo(Ending.STOPPED_BY_TIME);
    assertThat(learned.bestEpoch()).isBetween(1, 5);
  }

  @Test
  void theFirstEpochAlwaysRuns() {
    assertThat(finished(training(), 0, 0).epochs()).isEqualTo(1);
    Learned bagged = finished(training().bagging(new BaggingSpec(3)), 0, 0);
    assertThat(bagging(bagged)).extracting(fold -> fold.history().size()).containsExactly(1);
  }

  private static List<BaggingResult.Fold> bagging(Learned learned) {
    return Objects.requireNonNull(learned.bagging()).folds();
  }

  @Test
  void foldsThatHaveNotBegunAreLeftOut() {
    Learned learned = finished(training().bagging(new BaggingSpec(4)), 2, 3);
    assertThat(bagging(learned)).extracting(fold -> fold.result().fold()).containsExactly(1, 2);
    assertThat(bagging(learned)).extracting(fold -> fold.history().size()).containsExactly(12, 3);
    assertThat(learned.ending()).isEqualTo(Ending.STOPPED_BY_TIME);
    // Their rows alone tell how good the networks are.
    assertThat(Objects.requireNonNull(learned.evaluations().get("outOfFold")).rows()).isEqualTo(60);
    assertThat(learned.warnings())
        .contains(
            "the training was finished when 2 of its 4 folds had begun: no network answers for the others");
  }

  /// Fold 2 of 4 was under way when the training was interrupted.
  @Test
  void whatWasUnderWayGoesOnToTheEndOfItsEpoch() {
    TrainingPlan plan =
        TrainingPlan.of(
            data(), null, FitSpec.of(NETWORK, training().bagging(new BaggingSpec(4)).spec()));
    Checkpoint interrupted = CheckpointedRun.of(plan).suspended(100).saved.getLast();
    TrainingResult result =
        plan.run(
            new JavaKernels(),
            Team.ALONE,
            InstantSource.fixed(Instant.EPOCH),
            new Finisher(0, 0),
            interrupted);
    assertThat(result).isInstanceOf(TrainingResult.Trained.class);
    Learned learned = ((TrainingResult.Trained) result).learned();
    assertThat(bagging(learned)).extracting(fold -> fold.result().fold()).containsExactly(1, 2);
    assertThat(bagging(learned).getFirst().history()).hasSize(12);
    assertThat(bagging(learned).getLast().history()).hasSizeBetween(2, 11);
  }

  private static FitSpec ensemble(TrainingSpecs training) {
    FitSpec one = FitSpec.of(NETWORK, training.spec());
    EnsembleSpec.Member member =
        new EnsembleSpec.Member(one.encoding(), one.network(), one.training());
    return new FitSpec(
        one.encoding(),
        one.network(),
        one.training(),
        new EnsembleSpec(List.of(member, member, member), EnsembleSpec.Choose.ALL, null));
  }

  private static List<EnsembleResult.MemberResult> members(Learned learned) {
    return Objects.requireNonNull(learned.ensemble()).members();
  }

  @Test
  void aFurtherCandidateThatIsNotCompleteIsDropped() {
    // Fit 5 is that of the second candidate to the second of three folds.
    Learned learned = finished(ensemble(training().bagging(new BaggingSpec(3))), 5, 2);
    assertThat(members(learned)).extracting(EnsembleResult.MemberResult::member).containsExactly(1);
    assertThat(members(learned).getFirst().folds()).hasSize(3);
    assertThat(Objects.requireNonNull(learned.ensemble()).candidates()).isEqualTo(1);
    assertThat(learned.warnings()).noneMatch(warning -> warning.contains("finished"));
  }

  @Test
  void candidatesThatHaveEndedAreServed() {
    FitSpec heldOut = ensemble(training().validationFraction(0.2));
    assertThat(members(finished(heldOut, 3, 4)))
        .extracting(EnsembleResult.MemberResult::member)
        .containsExactly(1, 2);
    Learned first = finished(heldOut, 1, 4);
    assertThat(members(first)).extracting(EnsembleResult.MemberResult::member).containsExactly(1);
    assertThat(first.ending()).isEqualTo(Ending.STOPPED_BY_TIME);
  }

  @Test
  void whatIsFinishedWithItsLastEpochIsComplete() {
    assertThat(finished(training(), 0, 12).ending()).isEqualTo(Ending.COMPLETE);
  }
}
