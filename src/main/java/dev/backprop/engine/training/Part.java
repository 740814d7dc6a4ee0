package dev.backprop.engine.training;

import dev.backprop.engine.data.Examples;

/// Examples, and the rows of them that play one part in a training: to learn from, to validate on,
/// to test on.
///
/// @param rows may be empty
@SuppressWarnings("ArrayRecordComponent") // an index of millions of rows; held, never compared
public record Part(Examples examples, int[] rows) {

  public boolean isEmpty() {
    return rows.length == 0;
  }
}
