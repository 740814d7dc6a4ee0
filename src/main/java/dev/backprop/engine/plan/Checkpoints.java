package dev.backprop.engine.plan;

import dev.backprop.engine.training.Signal;

/// Says when a training hands over a checkpoint, and keeps it.
public interface Checkpoints {

  /// None are wanted.
  Checkpoints NONE =
      new Checkpoints() {

        @Override
        public Signal signal() {
          return Signal.GO_ON;
        }

        @Override
        public void save(Checkpoint checkpoint) {}
      };

  /// Asked before every step, and within a step that takes long, by all threads that train: must be
  /// quick and allocate nothing. A signal that ends the training is not taken back.
  Signal signal();

  /// Gets a checkpoint. It is a copy: it may be written later, and by another thread. Called on a
  /// thread that trains, by one at a time; what it throws ends the training.
  void save(Checkpoint checkpoint);
}
