package dev.backprop.engine.training;

/// Keeps checkpoints of a training, and says when.
public interface Checkpoints {

  /// What is wanted of a training between two steps.
  enum Wish {
    /// Nothing.
    GO_ON,
    /// A checkpoint; then it goes on.
    SAVE,
    /// A checkpoint; then it ends with [TrainingResult.Suspended]. Once wished, always wished.
    SUSPEND
  }

  /// None are wanted.
  Checkpoints NONE =
      new Checkpoints() {

        @Override
        public Wish wish() {
          return Wish.GO_ON;
        }

        @Override
        public void save(Checkpoint checkpoint) {}
      };

  /// Asked before every step, by all threads that train: must be quick and allocate nothing.
  Wish wish();

  /// Gets a checkpoint, which is a copy: it may be written later, and by another thread. Called on
  /// a thread that trains, by one at a time; what it throws ends the training.
  void save(Checkpoint checkpoint);
}
