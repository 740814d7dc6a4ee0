package dev.backprop.engine.training;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.linalg.Cut;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.LayerFigures;
import dev.backprop.engine.nn.LayerWatch;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.nn.Workspace;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Takes rows through the network, forward and back, in shards that threads share: each has a
/// workspace and a gradient of its own. They meet at the layers that the network names.
final class Shards implements Update.Gradient {

  private final Network network;
  private final Examples examples;
  private final Team team;
  private final long seed;
  private final Workspace[] workspaces;
  private final Parameters[] gradients;
  private final double[] losses;

  // What the shards in hand work on.
  private int[] order = new int[0];
  private int epoch;
  private double progress;
  private int from;
  private int rows;
  private int batchRows;
  private double @Nullable [] weights;
  private int firstWeight;
  private double weightSum;
  private int inUse;
  private int meeting;

  // Made once: a step allocates nothing.
  private final IntConsumer begin = this::begin;
  private final IntConsumer resumeForward = this::resumeForward;
  private final IntConsumer resumeBackward = this::resumeBackward;

  /// @param capacity rows that go through at once
  Shards(Network network, Examples examples, int capacity, long seed, Team team) {
    this.network = network;
    this.examples = examples;
    this.team = team;
    this.seed = seed;
    int shards = Cut.shards(capacity, network.members(), network.parameters().size());
    workspaces = new Workspace[shards];
    gradients = new Parameters[shards];
    losses = new double[shards];
    for (int s = 0; s < shards; s++) {
      workspaces[s] = network.trainingWorkspace(Math.ceilDiv(capacity, shards));
      gradients[s] = network.parameters().like();
    }
  }

  /// How many there are.
  int count() {
    return workspaces.length;
  }

  /// @param share of the training's steps that come before the next one
  void progress(double share) {
    progress = share;
  }

  /// Takes rows through that all weigh the same.
  ///
  /// @param order of the epoch's rows, of which these are `from … from + n - 1`
  /// @param batchRows of the batch that the gradients' mean is over, of which these may be a part
  /// @return the sum of their losses
  double run(int[] order, int epoch, int from, int n, int batchRows) {
    this.batchRows = batchRows;
    weights = null;
    return run(order, epoch, from, n);
  }

  /// Takes rows through whose losses count by their weights.
  ///
  /// @param weights of the rows, that of the first one at `firstWeight`
  /// @param weightSum of the batch that the gradients' mean is over, above 0
  /// @return the sum of their losses, each times its weight
  double run(
      int[] order,
      int epoch,
      int from,
      int n,
      double[] weights,
      int firstWeight,
      double weightSum) {
    this.weights = weights;
    this.firstWeight = firstWeight;
    this.weightSum = weightSum;
    return run(order, epoch, from, n);
  }

  private double run(int[] order, int epoch, int from, int n) {
    this.order = order;
    this.epoch = epoch;
    this.from = from;
    rows = n;
    // A last, smaller batch has fewer shards.
    inUse = Math.ceilDiv(n, workspaces[0].capacity());
    team.run(inUse, begin);
    for (meeting = 0; meeting < network.meetings(); meeting++) {
      network.meetForward(meeting, workspaces, inUse);
      team.run(inUse, resumeForward);
    }
    for (meeting = network.meetings() - 1; meeting >= 0; meeting--) {
      network.meetBackward(meeting, workspaces, inUse);
      team.run(inUse, resumeBackward);
    }
    double loss = 0;
    for (int s = 0; s < inUse; s++) {
      loss += losses[s];
    }
    return loss;
  }

  /// Index of the first row of a shard among those in hand.
  private int start(int s) {
    return Cut.start(s, inUse, rows);
  }

  private void begin(int s) {
    int n = start(s + 1) - start(s);
    Workspace w = workspaces[s];
    w.rows(n);
    w.progress(progress);
    examples.encode(order, from + start(s), n, w.x(), w.y());
    network.forwardTraining(w, seed, epoch, from + start(s));
    if (network.meetings() == 0) {
      turn(s);
    }
  }

  private void resumeForward(int s) {
    network.resumeForward(workspaces[s], meeting, seed, epoch, from + start(s));
    if (meeting == network.meetings() - 1) {
      turn(s);
    }
  }

  /// From the outputs back to the last meeting.
  private void turn(int s) {
    Workspace w = workspaces[s];
    double[] weighted = weights;
    if (weighted == null) {
      losses[s] = network.loss(w);
      network.backward(w, batchRows, gradients[s]);
    } else {
      int first = firstWeight + start(s);
      losses[s] = network.loss(w, weighted, first);
      network.backward(w, weighted, first, weightSum, gradients[s]);
    }
  }

  private void resumeBackward(int s) {
    network.resumeBackward(workspaces[s], meeting, gradients[s]);
  }

  /// The figures of the layers of the rows in hand.
  List<LayerFigures> figures(LayerWatch watch) {
    return watch.end(workspaces, inUse);
  }

  /// That of the first shard, in which [#addUp] leaves those of all.
  @Override
  public Parameters sum() {
    return gradients[0];
  }

  /// Adds the shards' gradients up, in their order, in the first one's place: the parameters `begin
  /// … end - 1` of them.
  @Override
  public void addUp(int begin, int end) {
    float[] g = gradients[0].values();
    for (int s = 1; s < inUse; s++) {
      float[] other = gradients[s].values();
      for (int i = begin; i < end; i++) {
        g[i] += other[i];
      }
    }
  }
}
