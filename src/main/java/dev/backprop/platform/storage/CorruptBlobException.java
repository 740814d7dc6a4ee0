package dev.backprop.platform.storage;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A large value or a document is not what was written.
public final class CorruptBlobException extends IOException {

  CorruptBlobException(String message) {
    super(message);
  }

  /// @param what it is, in words
  /// @param computed the checksum of what was read, see [Checksum]
  /// @param checksum the one that it was written with; null if there is none
  /// @throws CorruptBlobException if they differ
  public static void check(String what, long computed, @Nullable Long checksum)
      throws CorruptBlobException {
    if (checksum != null && checksum != computed) {
      throw new CorruptBlobException(
          "%s must have the checksum %08x, has %08x".formatted(what, checksum, computed));
    }
  }
}
