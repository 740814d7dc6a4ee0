package dev.backprop.engine.optim;

import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.RegularizationSpec;

/// Turns gradients into updates of the parameters, step by step; holds the moments that it needs.
public abstract sealed class Optimizer
    permits Sgd, Adam, RmsProp, Nadam, AdaGrad, AdaDelta, Lion, Rprop {

  private final Penalty penalty;

  /// What a parameter moves by in the step under way, times what the rule says.
  float rate;

  /// On the decay in the step under way.
  double decayFactor = 1;

  Optimizer(Penalty penalty) {
    this.penalty = penalty;
  }

  /// An optimizer before its first step; of every kind but [Lbfgs].
  ///
  /// @param layout parameters of the layout that it will update
  public static Optimizer of(
      OptimizerSpec spec, RegularizationSpec regularization, Parameters layout) {
    Penalty penalty = new Penalty(regularization);
    int parameters = layout.size();
    return switch (spec) {
      case OptimizerSpec.Sgd sgd -> new Sgd(sgd, penalty, parameters);
      case OptimizerSpec.Adam adam ->
          new Adam(adam.beta1(), adam.beta2(), adam.epsilon(), 0, penalty, parameters);
      case OptimizerSpec.AdamW adamW ->
          new Adam(
              adamW.beta1(),
              adamW.beta2(),
              adamW.epsilon(),
              adamW.weightDecay(),
              penalty,
              parameters);
      case OptimizerSpec.RmsProp rmsProp -> new RmsProp(rmsProp, penalty, parameters);
      case OptimizerSpec.Nadam nadam -> new Nadam(nadam, penalty, parameters);
      case OptimizerSpec.AdaGrad adaGrad -> new AdaGrad(adaGrad, penalty, parameters);
      case OptimizerSpec.AdaDelta adaDelta -> new AdaDelta(adaDelta, penalty, parameters);
      case OptimizerSpec.Lion lion -> new Lion(lion, penalty, parameters);
      case OptimizerSpec.Rprop rprop -> new Rprop(rprop, penalty, layout);
      case OptimizerSpec.Lbfgs _ ->
          throw new IllegalArgumentException("lbfgs searches along lines: it is an Lbfgs");
    };
  }

  /// Floats of state that such an optimizer keeps for each parameter.
  public static int stateFloats(OptimizerSpec spec) {
    return switch (spec) {
      case OptimizerSpec.Sgd sgd -> sgd.momentum() > 0 ? 1 : 0;
      case OptimizerSpec.AdaGrad _, OptimizerSpec.Lion _ -> 1;
      case OptimizerSpec.Adam _,
          OptimizerSpec.AdamW _,
          OptimizerSpec.Nadam _,
          OptimizerSpec.AdaDelta _,
          OptimizerSpec.Rprop _ ->
          2;
      case OptimizerSpec.RmsProp rmsProp -> rmsProp.momentum() > 0 ? 2 : 1;
      case OptimizerSpec.Lbfgs lbfgs -> Lbfgs.stateFloats(lbfgs);
    };
  }

  /// One step on the calling thread.
  void step(Parameters parameters, Parameters gradient, double learningRate) {
    begin(learningRate);
    update(parameters, gradient, 0, parameters.size());
  }

  /// Begins a step.
  ///
  /// @param learningRate of this step
  /// @param ofDecay a factor on the decay of weights that is decoupled from their gradients
  public void begin(double learningRate, double ofDecay) {
    decayFactor = ofDecay;
    begin(learningRate);
  }

  /// The same with the decay that there was before, at first the whole one.
  ///
  /// @param learningRate of this step
  public void begin(double learningRate) {
    rate = (float) learningRate;
  }

  /// The step that has begun, for the parameters `from … to - 1`: adds the gradient of the penalty
  /// to that of the loss, and moves the parameters. Ranges that do not overlap may be updated by
  /// several threads; together they are the same step in any cut.
  ///
  /// @param gradient of the loss; may be changed in that range
  public void update(Parameters parameters, Parameters gradient, int from, int to) {
    if (parameters.oneRate()) {
      updateAlike(parameters, gradient, from, to, 1);
      return;
    }
    for (Parameters.View view : parameters.views()) {
      int begin = Math.max(from, view.offset());
      int end = Math.min(to, view.end());
      if (begin < end) {
        updateAlike(parameters, gradient, begin, end, (float) view.rateFactor());
      }
    }
  }

  /// The same for parameters that have the learning rate of the step times `rateFactor`.
  private void updateAlike(
      Parameters parameters, Parameters gradient, int from, int to, float rateFactor) {
    penalty.addTo(gradient, parameters, from, to);
    decay(parameters, from, to);
    update(parameters.values(), gradient.values(), from, to, rateFactor);
  }

  /// Shrinks weights before they are moved, if the decay is decoupled.
  void decay(Parameters parameters, int from, int to) {}

  /// Moves the parameters w, given the gradient g with that of the penalty.
  abstract void update(float[] w, float[] g, int from, int to, float rateFactor);

  /// Takes out or puts back all that the next steps depend on, between two steps.
  public abstract void exchange(State state);
}
