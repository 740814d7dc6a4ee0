package dev.backprop.engine.training;

import dev.backprop.engine.optim.State;
import org.jspecify.annotations.Nullable;

/// Learns from the training rows, an epoch at a time.
sealed interface Learner permits MiniBatchLearner, FullBatchLearner, LbfgsLearner {

  /// One epoch, or the rest of it where the state put back is of its middle.
  ///
  /// @param epoch from 1
  /// @param gate passed before every step
  Lesson learn(int epoch, Gate gate);

  /// Takes out or puts back all that the next steps depend on beside the parameters, between two
  /// steps.
  void exchange(State state);

  /// How it went.
  sealed interface Lesson {

    /// The parameters have moved, or need not.
    ///
    /// @param trainLoss mean over the training rows, without penalty
    /// @param learningRate at the first step
    /// @param converged whether more epochs would change nothing that counts
    /// @param stalled why more epochs can change nothing; null where they can
    record Learned(
        double trainLoss, double learningRate, boolean converged, @Nullable String stalled)
        implements Lesson {

      Learned(double trainLoss, double learningRate) {
        this(trainLoss, learningRate, false, null);
      }

      boolean isLast() {
        return converged || stalled != null;
      }
    }

    /// The gate was closed.
    ///
    /// @param suspended whether the state has been kept
    record Ended(boolean suspended) implements Lesson {

      static Ended by(Gate.Answer answer) {
        return new Ended(answer == Gate.Answer.SUSPEND);
      }
    }

    /// @param detail what was not finite
    record Diverged(String detail) implements Lesson {

      static final Diverged LOSS = new Diverged("the training loss is not finite");
    }
  }
}
