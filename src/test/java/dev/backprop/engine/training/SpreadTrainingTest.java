package dev.backprop.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.InputLayout;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.plan.SpreadCheckpoint;
import dev.backprop.engine.plan.TrainingRows;
import dev.backprop.engine.scoring.AnsweredRows;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Judging;
import dev.backprop.engine.scoring.PartialScore;
import dev.backprop.engine.scoring.RecordedAnswers;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.SpecCopy;
import dev.backprop.engine.spec.Task;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.SpreadTraining.Outer;
import dev.backprop.engine.training.SpreadTraining.Rounds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTrainingTest {

  private static final int ROWS = 400;
  private static final Examples EXAMPLES = TrainingRows.sines(ROWS, 3);
  private static final Target TARGET = new Target.Bare(1);
  private static final int[] HELD_OUT = IntStream.range(300, ROWS).toArray();
  private static final NetworkSpec NETWORK =
      NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 8)), null, null)
          .resolve(Task.BARE);

  private static TrainingSpec spec(int epochs) {
    return SpecCopy.of(TrainingSpec.defaults())
        .with("epochs", epochs)
        .with("batchSize", 10)
        .with("optimizer", new OptimizerSpec.Adam(0.01, 0.9, 0.999, 1e-8))
        .spec()
        .resolve(0.25, 300, 100);
  }

  private static Network network() {
    return Network.initialize(NETWORK, InputLayout.numbers(3), 1, new int[0], 5, new JavaKernels());
  }

  private static int[] rows(int shard, int shards) {
    return IntStream.range(0, 300).filter(row -> row % shards == shard).toArray();
  }

  private static Network with(float[] values) {
    return Network.of(NETWORK, InputLayout.numbers(3), 1, values.clone(), new JavaKernels());
  }

  private static Scorer scorer(Network network) {
    return new Scorer(network, TargetEncoder.bare(1), new Baseline(new double[] {0}));
  }

  private static PartialScore score(float[] values, TrainingSpec spec, int[] rows) {
    Scorer scorer = scorer(with(values));
    return ShardScores.of(scorer, spec, new Part(EXAMPLES, rows), scorer.workspace());
  }

  private static PartialScore score(float[] values, TrainingSpec spec) {
    return score(values, spec, HELD_OUT);
  }

  private static void round(SpreadTraining training, TrainingSpec spec, Rounds rounds, int shards) {
    List<LocalSteps.Learned> learned = new ArrayList<>();
    for (int s = 0; s < shards; s++) {
      learned.add(
          new LocalSteps(
                  with(training.values()),
                  TARGET,
                  spec,
                  new Part(EXAMPLES, rows(s, shards)),
                  Team.ALONE)
              .run(training.epoch(), training.round(), rounds.perEpoch(), training.moments()));
    }
    training.meet(learned);
  }

  private static SpreadTraining begin(TrainingSpec spec, Rounds rounds) {
    Network drawn = network();
    return new SpreadTraining(drawn.parameters().values(), drawn.parameters().size(), spec, rounds);
  }

  private static SpreadTraining run(TrainingSpec spec, Rounds rounds, int shards) {
    SpreadTraining training = begin(spec, rounds);
    finish(training, spec, rounds, shards);
    return training;
  }

  private static void finish(
      SpreadTraining training, TrainingSpec spec, Rounds rounds, int shards) {
    for (int r = training.done(); r <= spec.epochs() * rounds.perEpoch(); r++) {
      training.look(score(training.values(), spec), null, 1);
      if (training.isOver()) {
        return;
      }
      round(training, spec, rounds, shards);
    }
  }

  /// One shard that meets nobody but itself makes the steps of a training on one machine.
  @Test
  void oneShardTrainsAsOneMachineDoes() {
    TrainingSpec spec = spec(3);
    Network alone = network();
    TrainingOutcome.Completed outcome =
        (TrainingOutcome.Completed)
            new Trainer(
                    alone,
                    scorer(alone),
                    spec,
                    new Part(EXAMPLES, rows(0, 1)),
                    new Part(EXAMPLES, HELD_OUT),
                    Team.ALONE,
                    InstantSource.system())
                .train(3, null, _ -> {});
    SpreadTraining spread = run(spec, new Rounds(3, Outer.MEAN, true), 1);
    assertThat(spread.values()).isEqualTo(alone.parameters().values());
    TrainingOutcome.Completed spreadOutcome = (TrainingOutcome.Completed) spread.outcome();
    assertThat(spreadOutcome.bestEpoch()).isEqualTo(outcome.bestEpoch());
    assertThat(spreadOutcome.history()).hasSize(3);
    for (int e = 0; e < 3; e++) {
      EpochReport one = outcome.history().get(e);
      EpochReport other = spreadOutcome.history().get(e);
      assertThat(other.trainLoss()).isCloseTo(one.trainLoss(), within(1e-12));
      assertThat(other.validationLoss()).isEqualTo(one.validationLoss());
      assertThat(other.validationRmse()).isCloseTo(one.validationRmse(), within(1e-12));
    }
  }

  @Test
  void shardsLearnTogether() {
    TrainingSpec spec = spec(10);
    double before = score(begin(spec, new Rounds(2, Outer.MEAN, true)).values(), spec).loss();
    for (Outer outer : Outer.values()) {
      for (boolean moments : new boolean[] {true, false}) {
        SpreadTraining training = run(spec, new Rounds(2, outer, moments), 3);
        assertThat(score(training.values(), spec).loss()).isLessThan(before / 4);
        assertThat(training.history()).hasSize(10);
      }
    }
  }

  /// Of one number: mean 2 after 5, so that g = 3, v = 3 and θ = 5 - 0.7 (3 + 2.7).
  @Test
  void nesterovGoesFurtherThanTheMean() {
    SpreadTraining training =
        new SpreadTraining(new float[] {5, 8}, 1, spec(1), new Rounds(4, Outer.NESTEROV, false));
    Snapshot none = new Snapshot(List.of(), new long[0], List.of());
    training.meet(
        List.of(
            new LocalSteps.Learned(new float[] {1, 2}, none, 1, 1, 0.1),
            new LocalSteps.Learned(new float[] {3, 4}, none, 1, 1, 0.1)));
    // The second is a running statistic.
    assertThat(training.values()).containsExactly((float) (5 - 0.7 * (3 + 0.9 * 3)), 3);
  }

  @Test
  void goesOnToTheSameBits() throws IOException {
    TrainingSpec spec = spec(4);
    Rounds rounds = new Rounds(2, Outer.NESTEROV, true);
    SpreadTraining whole = run(spec, rounds, 2);
    SpreadTraining first = begin(spec, rounds);
    for (int r = 0; r < 3; r++) {
      first.look(score(first.values(), spec), null, 1);
      round(first, spec, rounds, 2);
    }
    SpreadCheckpoint form = new SpreadCheckpoint("a", 4, 1_000);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    form.write(first.save(), bytes);
    SpreadTraining second = begin(spec, rounds);
    second.restore(form.read(new ByteArrayInputStream(bytes.toByteArray())));
    assertThat(second.done()).isEqualTo(3);
    finish(second, spec, rounds, 2);
    assertThat(second.values()).isEqualTo(whole.values());
    assertThat(second.history()).isEqualTo(whole.history());
    assertThat(second.bestRound()).isEqualTo(whole.bestRound());
  }

  @Test
  void patienceIsInEpochs() {
    TrainingSpec spec =
        SpecCopy.of(spec(50))
            .with("earlyStopping", new EarlyStoppingSpec.Patience(2, 0, null))
            .spec();
    SpreadTraining training =
        new SpreadTraining(new float[] {0}, 1, spec, new Rounds(3, Outer.MEAN, false));
    Snapshot none = new Snapshot(List.of(), new long[0], List.of());
    int rounds = 0;
    while (rounds < 20) {
      PartialScore score = new PartialScore(1, 1, rounds == 2 ? 1 : 2, null, null, null, 0);
      training.look(score, null, 1);
      if (training.isOver()) {
        break;
      }
      rounds++;
      training.meet(List.of(new LocalSteps.Learned(new float[] {rounds}, none, 1, 1, 0.1)));
    }
    assertThat(rounds).isEqualTo(2 + 2 * 3);
    assertThat(training.values()).containsExactly(2);
    assertThat(training.bestRound()).isEqualTo(2);
    TrainingOutcome.Completed outcome = (TrainingOutcome.Completed) training.outcome();
    assertThat(outcome.bestEpoch()).isEqualTo(1);
    assertThat(outcome.ending()).isEqualTo(Ending.STOPPED_EARLY);
    // The third epoch ended in its second round.
    assertThat(outcome.history()).hasSize(3);
  }

  @Test
  void whatIsNotFiniteEndsIt() {
    Snapshot none = new Snapshot(List.of(), new long[0], List.of());
    SpreadTraining training =
        new SpreadTraining(new float[] {0}, 1, spec(2), new Rounds(1, Outer.MEAN, false));
    training.meet(List.of(new LocalSteps.Learned(new float[] {1}, none, Double.NaN, 1, 0.1)));
    assertThat(training.isOver()).isTrue();
    assertThat(training.outcome())
        .isEqualTo(new TrainingOutcome.Diverged(1, "the training loss is not finite"));
  }

  /// Merged scores and recorded answers of shards are those of all rows.
  @Test
  void partsAreScoredAsTheWhole() {
    TrainingSpec spec = spec(1);
    Network network = network();
    Scorer scorer = scorer(network);
    Evaluation.Regression all =
        (Evaluation.Regression) scorer.evaluate(EXAMPLES, HELD_OUT, scorer.workspace());
    int[] some = IntStream.range(300, 330).toArray();
    int[] others = IntStream.range(330, ROWS).toArray();
    float[] values = network.parameters().values();
    PartialScore merged =
        PartialScore.merged(
            List.of(
                score(values, spec, some),
                score(values, spec, new int[0]),
                score(values, spec, others)));
    Objects.requireNonNull(merged);
    assertThat(merged.rows()).isEqualTo(100);
    assertThat(merged.loss()).isCloseTo(all.loss(), within(1e-12));
    assertThat(merged.rmse()).isCloseTo(all.rmse(), within(1e-12));
    assertThat(PartialScore.merged(List.of(score(values, spec, new int[0])))).isNull();
    AnsweredRows recorded =
        AnsweredRows.of(
            scorer,
            List.of(
                RecordedAnswers.of(scorer, EXAMPLES, some, scorer.workspace()),
                RecordedAnswers.of(scorer, EXAMPLES, others, scorer.workspace())));
    Evaluation.Regression told = (Evaluation.Regression) recorded.evaluate((Judging) null);
    assertThat(told.rmse()).isCloseTo(all.rmse(), within(1e-12));
    assertThat(told.mae()).isCloseTo(all.mae(), within(1e-12));
  }
}
