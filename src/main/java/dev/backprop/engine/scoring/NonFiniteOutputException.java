package dev.backprop.engine.scoring;

/// The network's answer to a row overflowed: possible only for bare numbers, which are used as
/// given, or for parameters near the end of the float range.
public final class NonFiniteOutputException extends RuntimeException {

  private final int row;

  public NonFiniteOutputException(int row) {
    super("the network's output for row " + row + " is not finite");
    this.row = row;
  }

  /// The row, counted from 0 within the rows that were predicted.
  public int row() {
    return row;
  }

  NonFiniteOutputException shiftedBy(int rows) {
    return new NonFiniteOutputException(row + rows);
  }
}
