package dev.backprop.engine.table;

/// Watches over the memory of what is being read.
@FunctionalInterface
public interface ByteBudget {

  /// Called ahead of the growth in steps of some 64 KB at most, and once at the end.
  ///
  /// @param bytes what is held now, in total; may also be less than at the call before
  /// @throws RuntimeException to refuse; reading ends with it
  void holds(long bytes);

  /// A budget without bounds, for callers that bounded the input already.
  static ByteBudget unbounded() {
    return bytes -> {};
  }
}
