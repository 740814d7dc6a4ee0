package dev.backprop.training;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Learns from the training rows, an epoch at a time.
sealed interface Learner permits MiniBatchLearner, FullBatchLearner, LbfgsLearner {

  /// One epoch.
  ///
  /// @param epoch from 1
  /// @param cancelled asked before every batch or chunk of rows
  Lesson learn(int epoch, BooleanSupplier cancelled);

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

    record Cancelled() implements Lesson {}

    /// @param detail what was not finite
    record Diverged(String detail) implements Lesson {

      static final Diverged LOSS = new Diverged("the training loss is not finite");
    }
  }
}
