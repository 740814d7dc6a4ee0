package dev.backprop.training;

import dev.backprop.data.Examples;
import dev.backprop.linalg.Team;
import dev.backprop.nn.Network;
import dev.backprop.nn.Parameters;
import dev.backprop.nn.Workspace;
import dev.backprop.optim.GradientClipping;
import dev.backprop.optim.MaxNorm;
import dev.backprop.optim.Optimizer;
import dev.backprop.optim.WeightAverage;
import dev.backprop.spec.TrainingSpec;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The steps of a training, one mini-batch each, with the scratch that they need: the batch goes
/// through the network in shards, then the parameters are updated in slices.
final class Step {

  private final Network network;
  private final Examples examples;
  private final Optimizer optimizer;
  private final Team team;
  private final long seed;
  private final @Nullable Double clipNorm;
  private final @Nullable MaxNorm maxNorm;
  private final @Nullable WeightAverage average;

  /// Null where every row weighs the same.
  private final @Nullable RowWeights rowWeights;

  /// Of the rows of the batch, in its order.
  private final double[] weights;

  private final int shards;
  private final Workspace[] workspaces;
  private final Parameters[] gradients;
  private final double[] losses;

  private final int slices;
  private final double[] squares;
  private float factor;

  // What the pieces of the step in hand work on.
  private int[] order = new int[0];
  private int epoch;
  private int from;
  private int rows;
  private int shardsInUse;
  private double weightSum;

  // Made once: a step allocates nothing.
  private final IntConsumer shard = this::shard;
  private final IntConsumer slice = this::slice;
  private final IntConsumer sum = this::sum;
  private final IntConsumer clippedUpdate = this::clippedUpdate;
  private final IntConsumer averaging = this::average;
  private final IntConsumer projection;

  /// @param rowWeights null where every row weighs the same
  /// @param average of the parameters; null for none
  /// @param training resolved
  Step(
      Network network,
      Examples examples,
      @Nullable RowWeights rowWeights,
      @Nullable WeightAverage average,
      TrainingSpec training,
      Team team) {
    this.network = network;
    this.examples = examples;
    this.optimizer =
        Optimizer.of(training.optimizer(), training.regularization(), network.parameters());
    this.team = team;
    this.seed = training.seed();
    this.clipNorm = training.clipNorm();
    this.maxNorm =
        training.maxNorm() == null ? null : new MaxNorm(training.maxNorm(), network.parameters());
    this.average = average;
    this.projection = maxNorm == null ? _ -> {} : maxNorm::project;
    int batch = training.resolvedBatchSize();
    this.rowWeights = rowWeights;
    weights = new double[rowWeights == null ? 0 : batch];
    int parameters = network.parameters().size();
    shards = Cut.shards(batch, parameters);
    workspaces = new Workspace[shards];
    gradients = new Parameters[shards];
    losses = new double[shards];
    for (int s = 0; s < shards; s++) {
      workspaces[s] = network.trainingWorkspace(Math.ceilDiv(batch, shards));
      gradients[s] = network.parameters().like();
    }
    slices = Cut.slices(parameters);
    squares = new double[slices];
  }

  /// Floats that shards hold beside each other, for each parameter.
  static int gradientFloats(int batch, long parameters) {
    return Cut.shards(batch, parameters);
  }

  /// One step; none where all rows of the batch weigh 0.
  ///
  /// @param batchOrder of the epoch's rows, of which the batch is `first … first + n - 1`
  /// @return the sum of the examples' losses, each times its weight; the parameters have not moved
  ///   where it is not finite
  double run(int[] batchOrder, int inEpoch, int first, int n, double learningRate) {
    order = batchOrder;
    epoch = inEpoch;
    from = first;
    rows = n;
    if (rowWeights != null) {
      weigh(rowWeights);
      if (weightSum == 0) {
        return 0;
      }
    }
    // A last, smaller batch has fewer shards.
    shardsInUse = Math.ceilDiv(n, workspaces[0].capacity());
    team.run(shardsInUse, shard);
    double loss = 0;
    for (int s = 0; s < shardsInUse; s++) {
      loss += losses[s];
    }
    if (!Double.isFinite(loss)) {
      return loss;
    }
    optimizer.begin(learningRate);
    if (average != null) {
      average.begin();
    }
    if (clipNorm == null) {
      team.run(slices, slice);
    } else {
      team.run(slices, sum);
      double all = 0;
      for (double part : squares) {
        all += part;
      }
      factor = GradientClipping.factor(all, clipNorm);
      team.run(slices, clippedUpdate);
    }
    if (maxNorm != null) {
      team.run(maxNorm.pieces(), projection);
      if (average != null) {
        team.run(slices, averaging);
      }
    }
    return loss;
  }

  /// In the order of the rows, whatever the shards.
  private void weigh(RowWeights of) {
    weightSum = 0;
    for (int i = 0; i < rows; i++) {
      weights[i] = of.weight(order[from + i]);
      weightSum += weights[i];
    }
  }

  private void shard(int s) {
    int begin = Cut.start(s, shardsInUse, rows);
    int n = Cut.start(s + 1, shardsInUse, rows) - begin;
    Workspace w = workspaces[s];
    w.rows(n);
    examples.encode(order, from + begin, n, w.x(), w.y());
    network.forwardTraining(w, seed, epoch, from + begin);
    if (rowWeights == null) {
      losses[s] = network.loss(w);
      network.backward(w, rows, gradients[s]);
    } else {
      losses[s] = network.loss(w, weights, begin);
      network.backward(w, weights, begin, weightSum, gradients[s]);
    }
  }

  private void slice(int k) {
    int begin = Cut.start(k, slices, gradients[0].size());
    int end = Cut.start(k + 1, slices, gradients[0].size());
    addUp(begin, end);
    update(begin, end);
  }

  private void sum(int k) {
    int begin = Cut.start(k, slices, gradients[0].size());
    int end = Cut.start(k + 1, slices, gradients[0].size());
    addUp(begin, end);
    squares[k] = GradientClipping.sumOfSquares(gradients[0].values(), begin, end);
  }

  private void clippedUpdate(int k) {
    int begin = Cut.start(k, slices, gradients[0].size());
    int end = Cut.start(k + 1, slices, gradients[0].size());
    GradientClipping.scale(gradients[0].values(), begin, end, factor);
    update(begin, end);
  }

  private void update(int begin, int end) {
    optimizer.update(network.parameters(), gradients[0], begin, end);
    // What is still to be projected is averaged after that.
    if (average != null && maxNorm == null) {
      average.update(begin, end);
    }
  }

  private void average(int k) {
    if (average != null) {
      int begin = Cut.start(k, slices, gradients[0].size());
      int end = Cut.start(k + 1, slices, gradients[0].size());
      average.update(begin, end);
    }
  }

  /// The shards' gradients, in their order, in the first one's place.
  private void addUp(int begin, int end) {
    float[] g = gradients[0].values();
    for (int s = 1; s < shardsInUse; s++) {
      float[] other = gradients[s].values();
      for (int i = begin; i < end; i++) {
        g[i] += other[i];
      }
    }
  }
}
