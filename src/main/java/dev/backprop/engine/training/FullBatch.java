package dev.backprop.engine.training;

import dev.backprop.engine.linalg.Cut;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.optim.Objective;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The mean loss over all training rows and its gradient, in chunks of rows whose workspace is
/// bounded. Rows keep their order, so that it is always the same function, to the bit.
final class FullBatch implements Objective {

  private final int[] rows;
  private final int chunks;
  private final Shards shards;

  /// Of the rows; null if all weigh the same.
  private final double @Nullable [] weights;

  private final double weightSum;
  private final Team team;
  private final int slices;
  private Supplier<Signal> signals = () -> Signal.GO_ON;
  private boolean interrupted;

  // What the slices in hand work on.
  private float[] gradient = new float[0];
  private boolean first;

  // Made once: an evaluation allocates nothing.
  private final IntConsumer accumulate = this::accumulate;

  /// @param rowWeights null if every row weighs the same
  /// @param training resolved
  FullBatch(
      Network network,
      Part part,
      @Nullable RowWeights rowWeights,
      TrainingSpec training,
      Team team) {
    rows = part.rows();
    int parameters = network.parameters().size();
    chunks = Cut.chunks(rows.length, network.trainingWorkspaceBytes(1));
    shards =
        new Shards(
            network, part.examples(), Math.ceilDiv(rows.length, chunks), training.seed(), team);
    if (rowWeights == null) {
      weights = null;
      weightSum = rows.length;
    } else {
      weights = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        weights[i] = rowWeights.weight(rows[i]);
      }
      weightSum = rowWeights.sum(rows);
    }
    this.team = team;
    slices = Cut.slices(parameters);
  }

  /// From now on, an evaluation is broken off if one of these signals ends the training.
  void until(Supplier<Signal> asked) {
    signals = asked;
    interrupted = false;
  }

  @Override
  public boolean interrupted() {
    return interrupted;
  }

  /// The mean loss, Σ w L / Σ w.
  @Override
  public double evaluate(Parameters ofAllRows) {
    gradient = ofAllRows.values();
    double loss = 0;
    for (int c = 0; c < chunks; c++) {
      interrupted |= signals.get().ends();
      if (interrupted) {
        return Double.NaN;
      }
      int from = Cut.start(c, chunks, rows.length);
      int n = Cut.start(c + 1, chunks, rows.length) - from;
      loss +=
          weights == null
              ? shards.run(rows, 1, from, n, rows.length)
              : shards.run(rows, 1, from, n, weights, from, weightSum);
      if (!Double.isFinite(loss)) {
        return loss;
      }
      first = c == 0;
      team.run(slices, accumulate);
    }
    return loss / weightSum;
  }

  private void accumulate(int k) {
    float[] sum = gradient;
    int begin = Cut.start(k, slices, sum.length);
    int end = Cut.start(k + 1, slices, sum.length);
    shards.addUp(begin, end);
    float[] g = shards.sum().values();
    if (first) {
      System.arraycopy(g, begin, sum, begin, end - begin);
    } else {
      for (int i = begin; i < end; i++) {
        sum[i] += g[i];
      }
    }
  }
}
