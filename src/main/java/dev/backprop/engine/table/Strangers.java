package dev.backprop.engine.table;

import java.util.List;

/// The few texts in a column of numbers, with their rows.
///
/// @param texts distinct
/// @param rows ascending
/// @param codes for each of the rows the index of its text
@SuppressWarnings("ArrayRecordComponent") // never handed out
record Strangers(List<String> texts, int[] rows, byte[] codes) {

  static final Strangers NONE = new Strangers(List.of(), new int[0], new byte[0]);

  /// Distinct texts that a column of numbers may have.
  static final int MAX_TEXTS = 3;

  /// Cells from which on a few texts do not make categories of a column of numbers.
  static final int MIN_CELLS = 50;

  Strangers {
    texts = List.copyOf(texts);
  }

  /// Whether a column is one of numbers, all but a few cells.
  ///
  /// @param cells that are not missing
  static boolean areFew(int numbers, int cells, int distinctTexts) {
    return cells >= MIN_CELLS && distinctTexts <= MAX_TEXTS && 100L * numbers >= 98L * cells;
  }

  long bytes() {
    return texts.isEmpty() ? 0 : 200 + 5L * rows.length;
  }
}
