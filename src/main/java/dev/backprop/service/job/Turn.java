package dev.backprop.service.job;

import java.time.Duration;

/// What happens to a training's place in the schedule after its turn.
sealed interface Turn {

  /// The training has ended.
  record Done() implements Turn {}

  /// The training waits, and keeps its place.
  record Back() implements Turn {}

  /// The training waits, and its turn does not come before the pause is over.
  record Later(Duration pause) implements Turn {}

  /// The training is another process's. If none has it yet, one takes it when the heartbeats of
  /// this one are missed.
  record Left() implements Turn {}
}
