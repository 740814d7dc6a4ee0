package dev.backprop.service.job;

import org.jspecify.annotations.Nullable;

/// The work of a claimed training, and what it holds until it is released.
interface TrainingWork {

  /// Trains on a worker's thread.
  ///
  /// @param job hears of epochs; is asked before every batch whether to stop
  /// @return null if the training has not ended here: it was suspended, or another process has
  ///   claimed it
  @Nullable JobEnd run(TrainingJob job);

  /// Gives back the data, the room for the model and everything else that it holds. It is called
  /// once, even if the work did not run.
  void release();
}
