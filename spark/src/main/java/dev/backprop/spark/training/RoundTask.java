package dev.backprop.spark.training;

import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Workspace;
import dev.backprop.engine.scoring.PartialScore;
import dev.backprop.engine.scoring.RecordedAnswers;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.SpecCopy;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.training.LocalSteps;
import dev.backprop.engine.training.Part;
import dev.backprop.engine.training.ShardScores;
import dev.backprop.engine.training.Snapshot;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// What a shard does in a round: it scores its validation rows with the parameters that come, then
/// trains from them on. It depends on nothing else, so a task that is lost is run again to the same
/// end.
///
/// @param moments null to begin with none
/// @param epoch from 1
/// @param round of the epoch, from 0
/// @param rounds of an epoch
/// @param trains whether it trains after it has scored
/// @param records whether it tells all answers to the rows that are held out
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record RoundTask(
    float[] values,
    @Nullable Snapshot moments,
    int epoch,
    int round,
    int rounds,
    boolean trains,
    boolean records)
    implements Serializable {

  /// What comes of it.
  ///
  /// @param score of the validation rows
  /// @param validation the answers to them; null if they are not asked for
  /// @param test likewise of the rows that test
  /// @param learned null if it does not train
  record Answer(
      int shard,
      PartialScore score,
      @Nullable RecordedAnswers validation,
      @Nullable RecordedAnswers test,
      LocalSteps.@Nullable Learned learned,
      String kernels,
      String cpu)
      implements Serializable {}

  /// @param shard has at least one row that trains
  Answer run(EncodedShard shard, SharedPlan.Live plan) {
    Scorer scorer = plan.scorer(values);
    Workspace workspace = scorer.workspace();
    int[] heldOut = shard.rows(RowParts.VALIDATION);
    PartialScore score =
        ShardScores.of(scorer, plan.training(), new Part(shard, heldOut), workspace);
    return new Answer(
        shard.number(),
        score,
        records ? RecordedAnswers.of(scorer, shard, heldOut, workspace) : null,
        records ? RecordedAnswers.of(scorer, shard, shard.rows(RowParts.TEST), workspace) : null,
        trains ? learn(shard, plan, scorer) : null,
        plan.names(),
        plan.cpu());
  }

  private LocalSteps.Learned learn(EncodedShard shard, SharedPlan.Live plan, Scorer scorer) {
    TrainingSpec own =
        SpecCopy.of(plan.training())
            .with("seed", seed(plan.training().seed(), shard.number()))
            .spec();
    return new LocalSteps(
            scorer.network(),
            scorer.target(),
            own,
            new Part(shard, shard.rows(RowParts.TRAINING)),
            Team.ALONE)
        .run(epoch, round, rounds, moments);
  }

  /// One for each shard, so that shards shuffle and drop out on their own.
  private static long seed(long seed, int shard) {
    long z = seed * 0x9E3779B97F4A7C15L + (shard + 1) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 30)) * 0x94D049BB133111EBL;
    return (z ^ (z >>> 31)) & TrainingSpec.MAX_SEED;
  }
}
