package dev.backprop.engine.training;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.linalg.Cut;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.optim.State;
import dev.backprop.engine.optim.WeightAverage;
import dev.backprop.engine.spec.TrainingSpec;
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
  double run(int[] order, int epoch, int from, int n) {
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
      update.run(learningRate, decayFactor);
    }
    return loss;
  }

  void exchange(State state) {
    update.exchange(state);
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
