package dev.backprop.engine.training;

import dev.backprop.engine.data.Batches;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.optim.LearningRateSchedule;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Target;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The steps that one shard makes between two meetings with the others (local SGD, Stich 2019). It
/// keeps nothing: parameters and moments come from outside and go back there.
public final class LocalSteps {

  private final Network network;
  private final Batches batches;
  private final Step step;
  private final LearningRateSchedule schedule;

  /// Null if every row weighs the same.
  private final @Nullable RowWeights weights;

  /// @param network holds the parameters to begin with, and then those that came of the steps
  /// @param spec resolved, with mini-batches, and a seed of the shard's own
  /// @param training rows of the shard, at least one
  public LocalSteps(Network network, Target target, TrainingSpec spec, Part training, Team team) {
    this.network = network;
    this.weights = RowWeights.of(training, target, spec.classWeights());
    int batch = Math.min(spec.resolvedBatchSize(), training.rows().length);
    this.batches = new Batches(training.rows(), batch, network.spec().smallestBatch(), spec.seed());
    this.step =
        new Step(network, training.examples(), weights, null, batches.largest(), spec, team);
    this.schedule =
        new LearningRateSchedule(
            spec.schedule(), spec.optimizer().learningRate(), spec.epochs(), batches.perEpoch());
  }

  /// Makes the steps of a round.
  ///
  /// @param epoch from 1
  /// @param round of the epoch, from 0
  /// @param rounds of an epoch; if there are more than batches, some rounds make no step
  /// @param moments of the optimizer to go on with; null to begin with none
  /// @return the moments to go on with
  public Learned run(int epoch, int round, int rounds, @Nullable Snapshot moments) {
    if (moments != null) {
      moments.copy().restore(step::exchange);
    }
    int[] order = batches.order(epoch);
    double lossSum = 0;
    double weight = 0;
    int end = first(round + 1, rounds);
    for (int batch = first(round, rounds); batch < end && Double.isFinite(lossSum); batch++) {
      step.begin(schedule.rate(epoch - 1, batch), schedule.progress(epoch - 1, batch));
      lossSum += step.run(order, epoch, batches.from(batch), batches.size(batch), false);
      weight += weight(order, batches.from(batch), batches.size(batch));
    }
    return new Learned(
        network.parameters().values(),
        Snapshot.of(List.of(), step::exchange),
        lossSum,
        weight,
        schedule.rate(epoch - 1, 0));
  }

  private double weight(int[] order, int from, int n) {
    return weights == null ? n : weights.sum(Arrays.copyOfRange(order, from, from + n));
  }

  private int first(int round, int rounds) {
    return (int) ((long) round * batches.perEpoch() / rounds);
  }

  /// What came of a round.
  ///
  /// @param values the parameters, and the running statistics behind them
  /// @param moments of the optimizer
  /// @param lossSum over the rows of the steps, each weighing what the training says; no number if
  ///   it diverged
  /// @param weight of those rows together
  /// @param learningRate of the first step of the epoch
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Learned(
      float[] values, Snapshot moments, double lossSum, double weight, double learningRate)
      implements Serializable {}
}
