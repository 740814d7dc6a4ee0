package dev.backprop.engine.optim;

import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.RegularizationSpec;
import java.util.function.IntConsumer;

/// Limited-memory BFGS (Nocedal and Wright 2006, algorithm 7.5), minimizing f, a loss with its
/// penalty:
///
///     w (n)   parameters, w0 those before the step in hand
///     g (n)   gradient of f at w, g0 that at w0; 0 for parts whose learning rate factor is 0
///     d (n)   direction -H g, of which [LbfgsHistory] holds the H
///     t       step length, w = w0 + t d, found by a [WolfeLineSearch] that tries 1 first; without
///             a history 1/‖g‖₁ where that is less, as PyTorch does
///
/// It has converged if max |g_i| is at most the tolerance. It has, too, if a step has changed f by
/// less than the other one, relative to the largest of |f| before, |f| after and 1.
///
/// The next iteration depends on w and the history alone: f and g at w are evaluated again by an
/// object that begins there, to the same bits.
public final class Lbfgs {

  /// What an iteration came to.
  public enum Progress {
    /// A step was made.
    MOVED,
    /// The same, or none was needed, and none will be.
    CONVERGED,
    /// No step lowers f any more, as far as floats can tell. The parameters have not moved.
    STALLED,
    /// No step was found at which f is finite. The parameters have not moved.
    NO_FINITE_STEP,
    /// An evaluation was broken off. The parameters have not moved, and the same iteration can be
    /// made again.
    INTERRUPTED,
    /// f or its gradient is not finite at the start.
    NOT_FINITE
  }

  private final OptimizerSpec.Lbfgs spec;
  private final Penalty penalty;
  private final Parameters parameters;
  private final Objective objective;
  private final Team team;
  private final Vectors vectors;
  private final LbfgsHistory history;
  private final WolfeLineSearch lineSearch;

  private final Parameters g;
  private final float[] w0;
  private final float[] g0;
  private final float[] d;

  private boolean evaluated;
  private double loss;
  private double f;
  private double f0;
  private double stepLength;

  private final double[] penalties;

  // Made once: an iteration allocates nothing.
  private final IntConsumer penalize = this::penalize;

  /// @param parameters that move, from their values now
  /// @param objective the loss without penalty
  public Lbfgs(
      OptimizerSpec.Lbfgs spec,
      RegularizationSpec regularization,
      Parameters parameters,
      Objective objective,
      Team team) {
    this.spec = spec;
    this.penalty = new Penalty(regularization);
    this.parameters = parameters;
    this.objective = objective;
    this.team = team;
    int n = parameters.size();
    vectors = new Vectors(n, team);
    history = new LbfgsHistory(spec.history(), n, vectors);
    lineSearch = new WolfeLineSearch(new Direction(), spec.maxEvaluations());
    g = parameters.like();
    w0 = new float[n];
    g0 = new float[n];
    d = new float[n];
    penalties = new double[vectors.slices()];
  }

  /// Floats for each parameter beside g: the pairs of the history, g0, w0 and d.
  static int stateFloats(OptimizerSpec.Lbfgs spec) {
    return 2 * spec.history() + 3;
  }

  /// One iteration: at most one step.
  public Progress iterate() {
    stepLength = 0;
    if (!evaluated) {
      evaluate();
      if (objective.interrupted()) {
        return Progress.INTERRUPTED;
      }
      evaluated = true;
      if (!Double.isFinite(f) || !Double.isFinite(gradientNorm())) {
        return Progress.NOT_FINITE;
      }
      if (gradientNorm() <= spec.tolerance()) {
        return Progress.CONVERGED;
      }
    }
    System.arraycopy(parameters.values(), 0, w0, 0, w0.length);
    System.arraycopy(g.values(), 0, g0, 0, g0.length);
    f0 = f;
    double loss0 = loss;
    int pairs = history.size();
    boolean found = search();
    if (!found && pairs > 0 && !objective.interrupted()) {
      // What the history makes of the gradient may be wrong; the gradient is not.
      history.clear();
      found = search();
    }
    if (!found || objective.interrupted()) {
      System.arraycopy(w0, 0, parameters.values(), 0, w0.length);
      System.arraycopy(g0, 0, g.values(), 0, g0.length);
      f = f0;
      loss = loss0;
      if (objective.interrupted()) {
        history.restore(pairs);
        return Progress.INTERRUPTED;
      }
      return lineSearch.anyFinite() ? Progress.STALLED : Progress.NO_FINITE_STEP;
    }
    history.add(w0, parameters.values(), g0, g.values());
    return hasConverged() ? Progress.CONVERGED : Progress.MOVED;
  }

  private boolean hasConverged() {
    double size = Math.max(1, Math.max(Math.abs(f0), Math.abs(f)));
    return gradientNorm() <= spec.tolerance() || Math.abs(f0 - f) < spec.changeTolerance() * size;
  }

  /// From w0 along the direction that the history gives.
  ///
  /// @return whether a step was found
  private boolean search() {
    history.direction(g0, d);
    double slope = vectors.dot(g0, d);
    if (!(slope < 0) || Double.isInfinite(slope)) {
      return false;
    }
    double first = history.isEmpty() ? Math.min(1, 1 / vectors.absoluteSum(g0)) : 1;
    stepLength = lineSearch.search(f0, slope, first);
    return stepLength > 0;
  }

  /// Takes out or puts back what the next iterations depend on beside the parameters, between two
  /// iterations.
  public void exchange(State state) {
    history.exchange(state);
  }

  /// The loss at the parameters, without penalty.
  public double loss() {
    return loss;
  }

  /// t of the last iteration; 0 if it made no step.
  public double stepLength() {
    return stepLength;
  }

  /// max |g_i|, of the loss with its penalty, at the parameters.
  public double gradientNorm() {
    return vectors.maximum(g.values());
  }

  /// f and g at w.
  private void evaluate() {
    loss = objective.evaluate(g);
    team.run(vectors.slices(), penalize);
    f = loss;
    for (double part : penalties) {
      f += part;
    }
  }

  private void penalize(int slice) {
    int from = vectors.start(slice);
    int to = vectors.start(slice + 1);
    penalty.addTo(g, parameters, from, to);
    penalties[slice] = penalty.of(parameters, from, to);
    if (!parameters.oneRate()) {
      for (Parameters.View view : parameters.views()) {
        int end = view.rateFactor() == 0 ? Math.min(to, view.end()) : 0;
        for (int i = Math.max(from, view.offset()); i < end; i++) {
          g.values()[i] = 0;
        }
      }
    }
  }

  /// f along d, from w0 on.
  private final class Direction implements WolfeLineSearch.Line {

    @Override
    public void move(double t) {
      vectors.combine(parameters.values(), w0, t, d);
      evaluate();
    }

    @Override
    public double value() {
      return f;
    }

    @Override
    public double slope() {
      return vectors.dot(g.values(), d);
    }
  }
}
