package dev.backprop.engine.training;

import dev.backprop.engine.linalg.Cut;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.optim.GradientClipping;
import dev.backprop.engine.optim.MaxNorm;
import dev.backprop.engine.optim.Optimizer;
import dev.backprop.engine.optim.State;
import dev.backprop.engine.optim.WeightAverage;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Moves the parameters by a gradient, in slices that threads share: clips it, lets the optimizer
/// update, bounds the norms, averages.
final class Update {

  /// A gradient that is finished slice by slice, just before it is used.
  interface Gradient {

    Parameters sum();

    /// Finishes the parameters `begin … end - 1` of it.
    void addUp(int begin, int end);
  }

  private final Parameters parameters;
  private final Gradient gradient;
  private final Optimizer optimizer;
  private final Team team;
  private final @Nullable Double clipNorm;
  private final @Nullable MaxNorm maxNorm;
  private final @Nullable WeightAverage average;

  private final int slices;
  private final double[] squares;
  private float factor;

  // Made once: a step allocates nothing.
  private final IntConsumer slice = this::slice;
  private final IntConsumer sum = this::sum;
  private final IntConsumer clippedUpdate = this::clippedUpdate;
  private final IntConsumer averaging = this::average;
  private final IntConsumer projection;

  /// @param gradient by which every update moves
  /// @param average of the parameters; null for none
  /// @param training resolved
  Update(
      Parameters parameters,
      Gradient gradient,
      @Nullable WeightAverage average,
      TrainingSpec training,
      Team team) {
    this.parameters = parameters;
    this.gradient = gradient;
    this.optimizer = Optimizer.of(training.optimizer(), training.regularization(), parameters);
    this.team = team;
    this.clipNorm = training.clipNorm();
    this.maxNorm = training.maxNorm() == null ? null : new MaxNorm(training.maxNorm(), parameters);
    this.average = average;
    this.projection = maxNorm == null ? _ -> {} : maxNorm::project;
    slices = Cut.slices(parameters.size());
    squares = new double[slices];
  }

  /// One step of the optimizer.
  ///
  /// @param decayFactor on a decay that is decoupled from the gradient
  void run(double learningRate, double decayFactor) {
    optimizer.begin(learningRate, decayFactor);
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
  }

  void exchange(State state) {
    optimizer.exchange(state);
    if (average != null) {
      average.exchange(state);
    }
  }

  private int start(int k) {
    return Cut.start(k, slices, parameters.size());
  }

  private void slice(int k) {
    gradient.addUp(start(k), start(k + 1));
    update(start(k), start(k + 1));
  }

  private void sum(int k) {
    gradient.addUp(start(k), start(k + 1));
    squares[k] = GradientClipping.sumOfSquares(gradient.sum().values(), start(k), start(k + 1));
  }

  private void clippedUpdate(int k) {
    GradientClipping.scale(gradient.sum().values(), start(k), start(k + 1), factor);
    update(start(k), start(k + 1));
  }

  private void update(int begin, int end) {
    optimizer.update(parameters, gradient.sum(), begin, end);
    // What is still to be projected is averaged after that.
    if (average != null && maxNorm == null) {
      average.update(begin, end);
    }
  }

  private void average(int k) {
    if (average != null) {
      average.update(start(k), start(k + 1));
    }
  }
}
