package dev.backprop.engine.training;

import dev.backprop.engine.optim.Lbfgs;
import dev.backprop.engine.optim.State;
import dev.backprop.engine.spec.OptimizerSpec;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes one iteration of L-BFGS an epoch. The loss that it reports is that after its step.
final class LbfgsLearner implements Learner {

  private final FullBatch batch;
  private final Lbfgs lbfgs;
  private final OptimizerSpec.Lbfgs spec;

  /// @param lbfgs minimizes the loss over that batch
  LbfgsLearner(FullBatch batch, Lbfgs lbfgs, OptimizerSpec.Lbfgs spec) {
    this.batch = batch;
    this.lbfgs = lbfgs;
    this.spec = spec;
  }

  @Override
  public @Nullable Lesson step(int epoch, Supplier<Signal> signals) {
    batch.until(signals);
    return switch (lbfgs.iterate()) {
      case INTERRUPTED -> null;
      case MOVED -> new Lesson.Learned(lbfgs.loss(), lbfgs.stepLength());
      case CONVERGED -> new Lesson.Learned(lbfgs.loss(), lbfgs.stepLength(), true, null);
      case STALLED -> stalled(epoch, "lowers the loss any more, as far as floats can tell");
      case NO_FINITE_STEP -> stalled(epoch, "was found that leads to a finite loss");
      case NOT_FINITE -> new Lesson.Diverged("the training loss or its gradient is not finite");
    };
  }

  @Override
  public void exchange(State state) {
    lbfgs.exchange(state);
  }

  private Lesson stalled(int epoch, String what) {
    return new Lesson.Learned(
        lbfgs.loss(),
        lbfgs.stepLength(),
        false,
        String.format(
            Locale.ROOT,
            "lbfgs ended in epoch %d without having converged: no step %s; the largest element of the gradient is %.3g, the tolerance %s",
            epoch,
            what,
            lbfgs.gradientNorm(),
            spec.tolerance()));
  }
}
