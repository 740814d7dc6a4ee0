package dev.backprop.engine.table;

import java.io.IOException;

/// Thrown if a newer version of the service has written something that this one cannot read.
public final class NewerFormatException extends IOException {

  private final int known;
  private final int found;

  /// @param known the newest number that this version reads
  /// @param found the number that was found in the data
  public NewerFormatException(int known, int found) {
    super("must be of a format up to %d, is of %d".formatted(known, found));
    this.known = known;
    this.found = found;
  }

  public int known() {
    return known;
  }

  public int found() {
    return found;
  }
}
