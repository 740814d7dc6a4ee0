package dev.backprop.engine.plan;

import org.jspecify.annotations.Nullable;

/// Lends memory that a training can do without: with it, the training is faster. May be asked by
/// several threads at once.
public interface SpareMemory {

  /// Lends that many bytes until the loan is closed, or called back for somebody who needs them.
  ///
  /// @param callBack gives them up at once. Any thread may call it, once, until the loan has been
  ///   closed
  /// @return null if there are not as many to spare
  default @Nullable Loan lend(long bytes, Runnable callBack) {
    return null;
  }

  /// Memory that is lent.
  interface Loan extends AutoCloseable {

    /// Gives it back, unless it has been called back.
    @Override
    void close();
  }
}
