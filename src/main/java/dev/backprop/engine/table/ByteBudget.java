package dev.backprop.engine.table;

/// Bounds the memory of what is being read.
@FunctionalInterface
public interface ByteBudget {

  /// Called before memory grows, in steps of some 64 KB at most, and once at the end.
  ///
  /// @param bytes how much is held now, in total; this may be less than at the call before
  /// @throws RuntimeException to refuse the growth; reading then ends with this exception
  void holds(long bytes);

  /// A budget without bounds, for callers that bounded the input already.
  static ByteBudget unbounded() {
    return bytes -> {};
  }
}
