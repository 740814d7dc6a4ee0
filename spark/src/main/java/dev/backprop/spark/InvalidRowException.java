package dev.backprop.spark;

import org.jspecify.annotations.Nullable;

/// A row that a model cannot answer, with its place: the file, the column and the value.
public final class InvalidRowException extends RuntimeException {

  private static final long serialVersionUID = 1;

  InvalidRowException(String message) {
    super(message);
  }

  /// The first such exception among the causes of another; null if there is none.
  static @Nullable InvalidRowException in(@Nullable Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidRowException found) {
        return found;
      }
    }
    return null;
  }
}
