package dev.backprop.nn;

import dev.backprop.linalg.Matrix;

/// Everything that a batch touches on its way through a network, but for the weights. Owned by one
/// thread; made by [Network#workspace(int)] or [Network#trainingWorkspace(int)] and of use to that
/// network and any other of the same spec and widths.
public final class Workspace {

  /// The inputs, rows x inputs: written by the caller, who also says with [#rows(int)] or
  /// [Matrix#rows(int)] how many there are.
  public Matrix x() {
    throw new UnsupportedOperationException();
  }

  /// The targets, rows x outputs: written by the caller before a loss or a backward pass.
  public Matrix y() {
    throw new UnsupportedOperationException();
  }

  /// z(L), the output layer before its activation.
  public Matrix logits() {
    throw new UnsupportedOperationException();
  }

  /// a(L), the outputs.
  public Matrix outputs() {
    throw new UnsupportedOperationException();
  }

  /// The most rows that fit.
  public int capacity() {
    throw new UnsupportedOperationException();
  }

  /// Sets the number of examples in every matrix.
  public void rows(int n) {
    throw new UnsupportedOperationException("rows " + n);
  }
}
