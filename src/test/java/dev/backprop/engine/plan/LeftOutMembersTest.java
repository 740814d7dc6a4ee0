package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.spec.BaggingSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Members of an ensemble whose numbers overflow while they learn.
class LeftOutMembersTest {

  private static TrainingSpecs training() {
    return TrainingSpecs.training().epochs(6).batchSize(16).seed(4);
  }

  private static TrainingPlan plan(FitSpec spec) {
    Table table =
        Tables.csv(
            Stream.concat(
                    Stream.of("x,z,price"),
                    IntStream.range(0, 120)
                        .mapToObj(
                            i ->
                                "%s,%s,%s"
                                    .formatted(i * 37 % 101 / 20.0, i % 13, i * 37 % 101 + i % 13)))
                .toArray(String[]::new));
    return TrainingPlan.of(
        new TrainingData.Rows(table, Tables.schema(table, new Target.Numbers(List.of("price")))),
        null,
        spec);
  }

  private static EnsembleResult result(CheckpointedRun run) {
    return Objects.requireNonNull(run.trained().learned().ensemble());
  }

  /// Three members, of which these, from 1, have a learning rate that leads nowhere.
  private static FitSpec diverging(TrainingSpecs training, EnsembleSpec.Choose choose, int... out) {
    List<EnsembleSpec.Member> members = new ArrayList<>();
    for (int m = 1; m <= 3; m++) {
      int number = m;
      OptimizerSpec optimizer =
          IntStream.of(out).anyMatch(one -> one == number)
              ? Defaults.fill(OptimizerSpec.Sgd.class, 1e30)
              : Defaults.fill(OptimizerSpec.Adam.class, 0.02);
      members.add(
          new EnsembleSpec.Member(
              EncodingSpec.DEFAULT,
              NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 4 * m)), null, null),
              training.optimizer(optimizer).spec()));
    }
    EnsembleSpec.Member first = members.getFirst();
    return new FitSpec(
        first.encoding(),
        first.network(),
        first.training(),
        new EnsembleSpec(members, choose, null));
  }

  private static List<String> warnings(CheckpointedRun run) {
    return run.trained().learned().warnings();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMemberThatDivergesIsLeftOut(boolean folds) {
    TrainingSpecs training =
        folds ? training().bagging(new BaggingSpec(3)) : training().validationFraction(0.2);
    for (int out = 1; out <= 3; out++) {
      TrainingPlan plan = plan(diverging(training, EnsembleSpec.Choose.ALL, out));
      CheckpointedRun run = CheckpointedRun.of(plan).undisturbed();
      int diverged = out;
      assertThat(result(run).candidates()).isEqualTo(3);
      assertThat(result(run).members())
          .allSatisfy(
              member -> {
                assertThat(member.weight()).isEqualTo(member.member() == diverged ? 0 : 1);
                assertThat(member.folds()).hasSize(member.member() == diverged ? 0 : folds ? 3 : 1);
              });
      assertThat(run.trained().predictor().members()).hasSize(folds ? 6 : 2);
      assertThat(warnings(run))
          .filteredOn(warning -> warning.contains("diverged"))
          .singleElement()
          .asString()
          .startsWith("fold 1 of member %d diverged in epoch 1: ".formatted(out))
          .endsWith("; the member is left out");
      CheckpointedRun other = CheckpointedRun.of(plan).on(3).undisturbed();
      other.assertCameToTheSameAs(run);
      assertThat(warnings(other)).isEqualTo(warnings(run));
      CheckpointedRun suspended = CheckpointedRun.of(plan).suspended(20);
      CheckpointedRun.of(plan)
          .on(2)
          .from(CheckpointedRun.reread(suspended.saved.getLast(), plan))
          .undisturbed()
          .assertCameToTheSameAs(run);
    }
  }

  @Test
  void theBestOfThoseThatAreLeftIsServed() {
    TrainingPlan plan =
        plan(diverging(training().validationFraction(0.2), EnsembleSpec.Choose.BEST, 1, 2));
    CheckpointedRun run = CheckpointedRun.of(plan).undisturbed();
    Choice choice = Objects.requireNonNull(run.trained().learned().choice());
    assertThat(choice.member()).isEqualTo(3);
    assertThat(choice.members()).hasSize(1);
    assertThat(warnings(run)).filteredOn(warning -> warning.contains("diverged")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aTrainingFailsIfNothingIsLeft(int threads) {
    for (TrainingSpecs training :
        List.of(training().bagging(new BaggingSpec(2)), training().validationFraction(0.2))) {
      TrainingPlan plan = plan(diverging(training, EnsembleSpec.Choose.GREEDY, 1, 2, 3));
      assertThat(CheckpointedRun.of(plan).on(threads).undisturbed().result)
          .isInstanceOfSatisfying(
              TrainingResult.Diverged.class,
              why -> assertThat(why.what()).isEqualTo("fold 1 of member 1"));
    }
  }

  /// Nobody knows how long the others take, and none has ended: the next one begins all the same.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theTimeDoesNotKeepTheNextMemberFromBeginningIfAllBeforeItDiverged(int threads) {
    AtomicLong time = new AtomicLong();
    InstantSource ticking = () -> Instant.ofEpochSecond(time.addAndGet(3));
    for (TrainingSpecs training :
        List.of(training().bagging(new BaggingSpec(3)), training().validationFraction(0.2))) {
      TrainingPlan plan = plan(diverging(training.maxSeconds(1.0), EnsembleSpec.Choose.GREEDY, 1));
      CheckpointedRun run = CheckpointedRun.of(plan).on(threads).by(ticking).undisturbed();
      assertThat(result(run).members())
          .extracting(EnsembleResult.MemberResult::weight)
          .hasSize(2)
          .startsWith(0);
    }
  }
}
