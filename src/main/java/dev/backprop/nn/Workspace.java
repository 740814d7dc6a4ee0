package dev.backprop.nn;

import dev.backprop.linalg.Matrix;

/// The scratch of one thread for one network: everything that a batch touches.
public final class Workspace {

  Workspace() {}

  /// The encoded inputs, rows x inputs.
  public Matrix x() {
    throw new UnsupportedOperationException();
  }

  /// The encoded targets, rows x outputs.
  public Matrix y() {
    throw new UnsupportedOperationException();
  }

  /// z(L), rows x outputs.
  public Matrix logits() {
    throw new UnsupportedOperationException();
  }

  /// a(L), rows x outputs.
  public Matrix outputs() {
    throw new UnsupportedOperationException();
  }

  /// Takes that many rows into use everywhere.
  public void rows(int n) {
    throw new UnsupportedOperationException();
  }
}
