package dev.backprop.service.dataset;

import dev.backprop.engine.data.ByteBudget;

/// Memory that a table holds or is going to hold, taken from what all data sets and the tables of
/// all trainings may hold together. It grows while the table is read; whoever ends up without a
/// table closes it.
public interface Reservation extends ByteBudget, AutoCloseable {

  /// Takes or gives back what is missing to that many bytes.
  ///
  /// @throws dev.backprop.platform.problem.ProblemException `repository-full` where they do not fit
  ///   now, `too-large` where they never will; nothing changes then
  @Override
  void holds(long bytes);

  /// The bytes that are taken.
  long bytes();

  /// Gives all back; closing again does nothing.
  @Override
  void close();
}
