package dev.backprop.engine.plan;

import dev.backprop.engine.training.SpreadTraining.Outer;
import dev.backprop.engine.training.SpreadTraining.Rounds;
import org.jspecify.annotations.Nullable;

/// How a training is spread if nothing else is asked for. It follows from rows, shards, epochs and
/// parameters, and from nothing that is measured while it runs. So the same training comes to the
/// same bits on every cluster.
///
/// Shards that average what they came to go ahead as far as one of them does. Larger steps make up
/// for it, or momentum, if there are enough rounds for it. What holds was found by trials on four
/// data sets: it is a start and no law.
///
/// @param rate what the usual learning rate is multiplied by, of a spec that names none
public record SpreadRule(Rounds rounds, double rate) {

  private static final long MANY_ROWS = 500_000;
  private static final long MANY_ROWS_OF_A_SHARD = 1_000_000;
  private static final int MANY_ROUNDS = 30;
  private static final int PER_EPOCH = 4;
  private static final int PER_LONG_EPOCH = 10;

  /// From so many shards on, momentum alone does not make up for the mean.
  private static final int MANY_SHARDS = 5;

  /// From so many parameters on, moments are not worth what it takes to send them.
  private static final long MANY_PARAMETERS = 1_000_000;

  /// What a training is, as far as it counts.
  ///
  /// @param trainingRows of all shards
  /// @param shards at least 1
  public record Size(long trainingRows, int shards, long parameters, int epochs) {}

  /// @param perEpoch rounds of an epoch; null for the rule's
  /// @param outer null for the rule's
  public static SpreadRule of(Size size, @Nullable Integer perEpoch, @Nullable Outer outer) {
    int each =
        perEpoch != null
            ? perEpoch
            : size.trainingRows / size.shards >= MANY_ROWS_OF_A_SHARD ? PER_LONG_EPOCH : PER_EPOCH;
    Outer how =
        outer != null
            ? outer
            : size.trainingRows >= MANY_ROWS && (long) each * size.epochs >= MANY_ROUNDS
                ? Outer.NESTEROV
                : Outer.MEAN;
    double rate =
        size.shards == 1
            ? 1
            : switch (how) {
              case NESTEROV -> size.shards >= MANY_SHARDS ? 2 : 1;
              case MEAN -> 3;
            };
    return new SpreadRule(new Rounds(each, how, size.parameters < MANY_PARAMETERS), rate);
  }
}
