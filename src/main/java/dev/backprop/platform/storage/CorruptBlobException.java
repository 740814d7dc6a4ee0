package dev.backprop.platform.storage;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A large value or a document is not what was written.
public final class CorruptBlobException extends IOException {

  CorruptBlobException(String message) {
    super(message);
  }

  /// @param what it is, in words
  /// @param checksum that the text was written with, see [Checksum]; null if there is none
  /// @throws CorruptBlobException if it is another
  public static void check(String what, String text, @Nullable Long checksum)
      throws CorruptBlobException {
    long computed = Checksum.of(text);
    if (checksum != null && checksum != computed) {
      throw new CorruptBlobException(
          "%s must have the checksum %08x, has %08x".formatted(what, checksum, computed));
    }
  }
}
