package dev.backprop.engine.plan;

/// Lends memory that a training can do without: with it, the training is faster. May be asked by
/// several threads at once.
public interface SpareMemory {

  /// Lends that many bytes, or says false.
  default boolean lend(long bytes) {
    return false;
  }

  /// Takes back what it has lent.
  default void takeBack(long bytes) {}
}
