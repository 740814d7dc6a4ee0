package dev.backprop.engine.table;

import org.jspecify.annotations.Nullable;

/// Cells that are texts, each of which is kept once.
record TextCells(Dictionary dictionary, CellsBuilder codes) {

  TextCells(Meter meter) {
    this(new Dictionary(meter), new CellsBuilder(meter));
  }

  /// Adds the text of a row, which comes after all rows that have a text. The rows between have
  /// none.
  void add(int row, String text) {
    add(row, dictionary.add(text));
  }

  void add(int row, int code) {
    codes.addMissing(row - codes.size());
    codes.add(code);
  }

  /// The text of a row, null if it has none.
  @Nullable String text(int row) {
    double code = row < codes.size() ? codes.get(row) : Double.NaN;
    return Double.isNaN(code) ? null : dictionary.text((int) code);
  }

  /// Tells the meter that this memory is given up.
  void release() {
    dictionary.release();
    codes.release();
  }
}
