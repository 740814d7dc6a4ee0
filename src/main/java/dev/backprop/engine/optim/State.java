package dev.backprop.engine.optim;

/// What an object has to remember in order to go on as if it had never stopped, taken out of it or
/// put back into it. The object shows its numbers in an order of its own, which is the same both
/// ways. `t = state.integer(t, 0, max)` leaves `t` as it is when it is taken out, and replaces it
/// when it is put back.
public interface State {

  /// All elements of an array.
  void floats(float[] values);

  /// @param min that it can be
  /// @param max that it can be
  long integer(long value, long min, long max);

  /// As [#integer(long, long, long)].
  default int integer(int value, int min, int max) {
    return (int) integer((long) value, min, max);
  }

  /// To the bit.
  double number(double value);
}
