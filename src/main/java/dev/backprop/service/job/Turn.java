package dev.backprop.service.job;

import java.time.Duration;

/// What becomes of a training's place in the schedule when a worker has looked after it.
sealed interface Turn {

  /// It has ended.
  record Done() implements Turn {}

  /// It waits, with its old place among those that wait.
  record Back() implements Turn {}

  /// It waits, and nobody looks after it before.
  record Later(Duration pause) implements Turn {}

  /// Another looks after it, or will when this one's silence is noticed.
  record Left() implements Turn {}
}
