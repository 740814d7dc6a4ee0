package dev.backprop.engine.training;

import dev.backprop.engine.nn.LayerFigures;
import dev.backprop.engine.optim.State;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Learns from the training rows, an epoch at a time.
sealed interface Learner permits MiniBatchLearner, FullBatchLearner, LbfgsLearner {

  /// One step.
  ///
  /// @param epoch from 1
  /// @param signals asked within a step that takes long: if one ends the training, the step is
  ///   broken off
  /// @return what the epoch came to; null if it goes on, or if the step was broken off and is to be
  ///   made again
  @Nullable Lesson step(int epoch, Supplier<Signal> signals);

  /// Takes out or puts back all that the next steps depend on beside the parameters, between two
  /// steps.
  void exchange(State state);

  /// What an epoch came to.
  sealed interface Lesson {

    /// The parameters have moved, or need not.
    ///
    /// @param trainLoss mean over the training rows, without penalty
    /// @param learningRate at the first step
    /// @param converged whether more epochs would change nothing that counts
    /// @param stalled why more epochs can change nothing; null if they can
    /// @param layers how they fared in one mini-batch; null if nobody has watched them
    record Learned(
        double trainLoss,
        double learningRate,
        boolean converged,
        @Nullable String stalled,
        @Nullable List<LayerFigures> layers)
        implements Lesson {

      Learned(double trainLoss, double learningRate, boolean converged, @Nullable String stalled) {
        this(trainLoss, learningRate, converged, stalled, null);
      }

      Learned(double trainLoss, double learningRate) {
        this(trainLoss, learningRate, false, null, null);
      }

      Learned with(@Nullable List<LayerFigures> figures) {
        return new Learned(trainLoss, learningRate, converged, stalled, figures);
      }

      boolean isLast() {
        return converged || stalled != null;
      }
    }

    /// @param detail what was not finite
    record Diverged(String detail) implements Lesson {

      static final Diverged LOSS = new Diverged("the training loss is not finite");
    }
  }
}
