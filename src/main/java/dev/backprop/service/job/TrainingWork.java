package dev.backprop.service.job;

import org.jspecify.annotations.Nullable;

/// What a training does when its turn has come, and what it holds until its end.
interface TrainingWork {

  /// Does it, on a worker's thread.
  ///
  /// @param job to report epochs to, and to ask before every batch whether to stop
  /// @return null if it was suspended, with a checkpoint to go on from
  @Nullable JobEnd run(TrainingJob job);

  /// Lets go of the data, the room reserved for the model and everything else it held; called once,
  /// whether it has run or not.
  void release();
}
