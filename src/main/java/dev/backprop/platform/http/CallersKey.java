package dev.backprop.platform.http;

import java.security.Principal;
import org.jspecify.annotations.Nullable;

/// An `Idempotency-Key` together with the caller to whom it belongs. Two callers may choose the
/// same key.
final class CallersKey {

  /// No key has a blank, so the last one ends the caller's name.
  private static final char END = ' ';

  private CallersKey() {}

  /// @param caller null, or without a name, for whoever came without a key of the API: then it is
  ///   the key as it was sent, as in former versions
  static String of(@Nullable Principal caller, String key) {
    String name = caller == null ? "" : caller.getName();
    return name.isEmpty() ? key : name + END + key;
  }

  /// The name of the caller; empty if it has none.
  static String caller(String callersKey) {
    return callersKey.substring(0, Math.max(0, callersKey.lastIndexOf(END)));
  }
}
