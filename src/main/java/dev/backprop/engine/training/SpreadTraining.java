package dev.backprop.engine.training;

import dev.backprop.engine.optim.State;
import dev.backprop.engine.scoring.PartialScore;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A training whose rows are spread over shards, seen from where they meet. In a round, every shard
/// makes steps of its own from the same parameters on, see [LocalSteps]. Then the parameters become
/// the mean of what the shards came to, or go further in that direction.
///
/// With g = θ - mean, what Nesterov's momentum does is (Douillard et al. 2023):
///
///     v <- 0.9 v + g      θ <- θ - 0.7 (g + 0.9 v)
///
/// Running statistics become their mean in either case. All sums are of doubles, in the order of the
/// shards.
public final class SpreadTraining {

  private static final double RATE = 0.7;
  private static final double MOMENTUM = 0.9;

  /// How the parameters become those that all go on from.
  public enum Outer {
    MEAN,
    NESTEROV
  }

  /// When the shards meet, and how.
  ///
  /// @param perEpoch rounds of an epoch, at least 1
  /// @param moments whether the moments of the optimizer become their mean; else every round begins
  ///   with none
  public record Rounds(int perEpoch, Outer outer, boolean moments) {

    /// So many rounds and no more.
    public static final int MOST_PER_EPOCH = 1000;

    public Rounds {
      if (perEpoch < 1 || perEpoch > MOST_PER_EPOCH) {
        throw new IllegalArgumentException(
            "must be from 1 to %d rounds an epoch, were %d".formatted(MOST_PER_EPOCH, perEpoch));
      }
    }
  }

  private final TrainingSpec spec;
  private final Rounds rounds;
  private final int learned;
  private final float[] values;
  private final float[] velocity;
  private final @Nullable EarlyStopping earlyStopping;
  private final List<EpochReport> history = new ArrayList<>();

  private @Nullable Snapshot moments;
  private int done;
  private boolean ended;

  // Of the epoch under way.
  private double lossSum;
  private double weight;
  private double learningRate;
  private double seconds;

  private TrainingOutcome.@Nullable Diverged diverged;

  /// @param values the parameters to begin with, and running statistics behind them; copied
  /// @param learned how many of them are parameters
  /// @param spec resolved
  public SpreadTraining(float[] values, int learned, TrainingSpec spec, Rounds rounds) {
    this.spec = spec;
    this.rounds = rounds;
    this.learned = learned;
    this.values = values.clone();
    this.velocity = new float[rounds.outer() == Outer.NESTEROV ? learned : 0];
    this.earlyStopping = EarlyStopping.of(spec, values.length, rounds.perEpoch());
  }

  /// The parameters that the next round begins with; once it is over, those to be served.
  public float[] values() {
    return values;
  }

  /// The moments that the next round begins with; null for none.
  public @Nullable Snapshot moments() {
    return moments;
  }

  /// How many rounds have ended.
  public int done() {
    return done;
  }

  /// The epoch of the next round, from 1.
  public int epoch() {
    return done / rounds.perEpoch() + 1;
  }

  /// The next round within its epoch, from 0.
  public int round() {
    return done % rounds.perEpoch();
  }

  /// Whether no round is left. The parameters may have to be looked at still.
  public boolean isLast() {
    return done == spec.epochs() * rounds.perEpoch();
  }

  /// Whether it is over, well or not.
  public boolean isOver() {
    return ended || diverged != null;
  }

  /// The mean over the rows of the epoch under way, or of the one that has just ended.
  public double trainLoss() {
    return weight > 0 || history.isEmpty()
        ? lossSum / Math.max(weight, Double.MIN_NORMAL)
        : history.getLast().trainLoss();
  }

  /// The epochs that have ended, oldest first.
  public List<EpochReport> history() {
    return List.copyOf(history);
  }

  /// Looks at the parameters. To be called before every round and after the last one.
  ///
  /// @param score of the parameters on the validation rows; null if there are none
  /// @param selected the figure that selects; null if the training names none
  /// @param tookSeconds the round before
  public void look(
      @Nullable PartialScore score, EpochReport.@Nullable Selected selected, double tookSeconds) {
    seconds += tookSeconds;
    if (done == 0) {
      return; // what was drawn is served by nobody
    }
    if (score != null && !Double.isFinite(score.loss())) {
      diverged = new TrainingOutcome.Diverged(lookedAt(), "the validation loss is not finite");
      return;
    }
    EpochReport report = report(score, selected);
    boolean worse = earlyStopping != null && earlyStopping.onEpoch(numbered(report, done), values);
    ended = worse || isLast();
    if (ended || done % rounds.perEpoch() == 0) {
      history.add(report);
      lossSum = 0;
      weight = 0;
      seconds = 0;
    }
    if (ended && earlyStopping != null) {
      earlyStopping.restore(values);
    }
  }

  /// The epoch of the round that has ended.
  private int lookedAt() {
    return (done - 1) / rounds.perEpoch() + 1;
  }

  private EpochReport report(
      @Nullable PartialScore score, EpochReport.@Nullable Selected selected) {
    return new EpochReport(
        lookedAt(),
        trainLoss(),
        score == null ? null : Double.valueOf(score.loss()),
        score == null ? null : score.weightedLoss(),
        score == null ? null : score.accuracy(),
        score == null ? null : score.rmse(),
        selected,
        null,
        learningRate,
        seconds);
  }

  private static EpochReport numbered(EpochReport of, int round) {
    return new EpochReport(
        round,
        of.trainLoss(),
        of.validationLoss(),
        of.weightedValidationLoss(),
        of.validationAccuracy(),
        of.validationRmse(),
        of.selected(),
        null,
        of.learningRate(),
        of.seconds());
  }

  /// Ends a round.
  ///
  /// @param shards what they came to, in their order
  public void meet(List<LocalSteps.Learned> shards) {
    for (LocalSteps.Learned shard : shards) {
      lossSum += shard.lossSum();
      weight += shard.weight();
    }
    if (!Double.isFinite(lossSum)) {
      diverged = new TrainingOutcome.Diverged(epoch(), "the training loss is not finite");
      return;
    }
    learningRate = shards.getFirst().learningRate();
    for (int i = 0; i < values.length; i++) {
      double sum = 0;
      for (LocalSteps.Learned shard : shards) {
        sum += shard.values()[i];
      }
      values[i] = next(i, sum / shards.size());
      if (!Float.isFinite(values[i])) {
        diverged = new TrainingOutcome.Diverged(epoch(), "a parameter is not finite");
        return;
      }
    }
    moments = rounds.moments() ? mean(shards) : null;
    done++;
  }

  private float next(int i, double mean) {
    if (velocity.length == 0 || i >= learned) {
      return (float) mean;
    }
    double g = values[i] - mean;
    velocity[i] = (float) (MOMENTUM * velocity[i] + g);
    return (float) (values[i] - RATE * (g + MOMENTUM * velocity[i]));
  }

  /// Numbers that stand alone, such as the count of steps, are those of the first shard.
  private static Snapshot mean(List<LocalSteps.Learned> shards) {
    Snapshot first = shards.getFirst().moments();
    List<float[]> arrays = new ArrayList<>();
    for (int a = 0; a < first.arrays().size(); a++) {
      float[] mean = new float[first.arrays().get(a).length];
      for (int i = 0; i < mean.length; i++) {
        double sum = 0;
        for (LocalSteps.Learned shard : shards) {
          sum += shard.moments().arrays().get(a)[i];
        }
        mean[i] = (float) (sum / shards.size());
      }
      arrays.add(mean);
    }
    return new Snapshot(List.of(), first.numbers(), arrays);
  }

  /// How it ended, once it is over; the parameters are those that go with it.
  public TrainingOutcome outcome() {
    if (diverged != null) {
      return diverged;
    }
    int best =
        earlyStopping == null
            ? history.size()
            : Math.ceilDiv(earlyStopping.bestEpoch(), rounds.perEpoch());
    return new TrainingOutcome.Completed(
        history(), best, isLast() ? Ending.COMPLETE : Ending.STOPPED_EARLY, List.of());
  }

  /// The round whose parameters are served, from 1; once it is over.
  public int bestRound() {
    return earlyStopping == null ? done : earlyStopping.bestEpoch();
  }

  /// A copy of its state between two rounds.
  public Snapshot save() {
    return Snapshot.of(history, this::exchange);
  }

  /// Goes on from a state of the same training.
  ///
  /// @throws InvalidCheckpointException if it is another training's
  public void restore(Snapshot saved) {
    history.clear();
    history.addAll(saved.history());
    saved.copy().restore(this::exchange);
  }

  private void exchange(State state) {
    done = state.integer(done, 0, spec.epochs() * rounds.perEpoch());
    state.floats(values);
    state.floats(velocity);
    if (earlyStopping != null) {
      earlyStopping.exchange(state);
    }
    lossSum = state.number(lossSum);
    weight = state.number(weight);
    learningRate = state.number(learningRate);
    seconds = state.number(seconds);
    int arrays = state.integer(moments == null ? -1 : moments.arrays().size(), -1, 100);
    int numbers = state.integer(moments == null ? 0 : moments.numbers().length, 0, 100);
    if (arrays >= 0) {
      exchangeMoments(state, arrays, numbers);
    }
  }

  private void exchangeMoments(State state, int arrays, int numbers) {
    Snapshot known = moments;
    long[] singles = known == null ? new long[numbers] : known.numbers().clone();
    for (int n = 0; n < numbers; n++) {
      singles[n] = state.integer(singles[n], Long.MIN_VALUE, Long.MAX_VALUE);
    }
    List<float[]> all = new ArrayList<>();
    for (int a = 0; a < arrays; a++) {
      float[] array =
          known == null
              ? new float[learned]
              : Arrays.copyOf(known.arrays().get(a), known.arrays().get(a).length);
      state.floats(array);
      all.add(array);
    }
    moments = new Snapshot(List.of(), singles, all);
  }
}
