package dev.backprop.platform.storage;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Tells what is stored from what a failing disk has made of it: CRC-32C, as a number of 32 bits.
public final class Checksum {

  private Checksum() {}

  /// Of a text.
  public static long of(String text) {
    CRC32C checksum = new CRC32C();
    checksum.update(text.getBytes(StandardCharsets.UTF_8));
    return checksum.getValue();
  }

  /// Of a chunk of a value: that of another place is another.
  ///
  /// @param id of the value
  static long of(String id, int number, byte[] content) {
    CRC32C checksum = new CRC32C();
    checksum.update((id + '/' + number + '/').getBytes(StandardCharsets.UTF_8));
    checksum.update(content);
    return checksum.getValue();
  }
}
