package dev.backprop.engine.training;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.linalg.Cut;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.LayerFigures;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.optim.State;
import dev.backprop.engine.optim.WeightAverage;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The steps of a training, one mini-batch each, with the scratch that they need: the batch goes
/// through the network in shards, then the parameters are updated in slices.
final class Step {

  /// Null if every row weighs the same.
  private final @Nullable RowWeights rowWeights;

  /// Of the rows of the batch, in its order.
  private final double[] weights;

  private final TrainingSpec training;
  private final Shards shards;
  private final Update update;

  /// Null if nobody asks for them.
  private final @Nullable WatchedLayers watched;

  // Of the step that has begun.
  private double learningRate;
  private double decayFactor;

  /// @param rowWeights null if every row weighs the same
  /// @param average of the parameters; null for none
  /// @param batch the most rows of a step
  /// @param training resolved
  Step(
      Network network,
      Examples examples,
      @Nullable RowWeights rowWeights,
      @Nullable WeightAverage average,
      int batch,
      TrainingSpec training,
      Team team) {
    this.rowWeights = rowWeights;
    this.training = training;
    weights = new double[rowWeights == null ? 0 : batch];
    watched = WatchedLayers.of(training, network);
    shards = new Shards(network, examples, batch, training.seed(), team);
    Team updating =
        Cut.sharesUpdate(shards.count(), network.parameters().size()) ? team : Team.ALONE;
    update =
        new Update(
            network.parameters().learningBy(training.learningRateFactors()),
            shards,
            average,
            training,
            updating);
  }

  /// Begins a step.
  ///
  /// @param progress the share of the training's steps that come before this one
  void begin(double learningRate, double progress) {
    this.learningRate = learningRate;
    decayFactor = training.decayFactor(progress);
    shards.progress(progress);
  }

  /// The step that has begun; none if all rows of the batch weigh 0.
  ///
  /// @param order of the epoch's rows, of which the batch is `from … from + n - 1`
  /// @return the sum of the examples' losses, each times its weight; the parameters have not moved
  ///   if it is not finite
  ///
  /// @param told whether the figures of the layers are those of this step, if somebody asks for
  ///   them
  double run(int[] order, int epoch, int from, int n, boolean told) {
    double loss;
    if (rowWeights == null) {
      loss = shards.run(order, epoch, from, n, n);
    } else {
      double weightSum = weigh(rowWeights, order, from, n);
      if (weightSum == 0) {
        return 0;
      }
      loss = shards.run(order, epoch, from, n, weights, 0, weightSum);
    }
    if (Double.isFinite(loss)) {
      update(told ? watched : null);
    }
    return loss;
  }

  private void update(@Nullable WatchedLayers watching) {
    if (watching != null) {
      watching.begin();
    }
    update.run(learningRate, decayFactor);
    if (watching != null) {
      watching.end(shards);
    }
  }

  /// The figures of the layers in the epoch, which ends; null if there are none.
  @Nullable List<LayerFigures> layers() {
    return watched == null ? null : watched.take();
  }

  void exchange(State state) {
    update.exchange(state);
    if (watched != null) {
      watched.exchange(state);
    }
  }

  /// In the order of the rows, whatever the shards.
  private double weigh(RowWeights of, int[] order, int from, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      weights[i] = of.weight(order[from + i]);
      sum += weights[i];
    }
    return sum;
  }
}
