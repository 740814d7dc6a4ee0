package dev.backprop.engine.table;

import org.jspecify.annotations.Nullable;

/// Takes the cells of one column, row by row.
sealed interface ColumnSink permits InferredColumn, DeclaredColumn, SkippedColumn, PassedColumn {

  String name();

  /// How many cells it has so far.
  int size();

  /// A cell as CSV has it, without outer blanks.
  void text(char[] chars, int offset, int length);

  /// A JSON string, without outer blanks.
  void string(String value);

  void number(double value);

  /// A JSON integer, which may be no exact double.
  void integer(String digits);

  void bool(boolean value);

  void missing();

  /// Numbers as CSV has them, NaN where one is missing.
  default void numbers(double[] values, int n) {
    for (int i = 0; i < n; i++) {
      if (Double.isNaN(values[i])) {
        missing();
      } else {
        number(values[i]);
      }
    }
  }

  /// Dates, NaN where one is missing.
  default void dates(double[] seconds, int n, DateFormat format) {
    for (int i = 0; i < n; i++) {
      if (Double.isNaN(seconds[i])) {
        missing();
      } else {
        char[] text = format.text(seconds[i]).toCharArray();
        text(text, 0, text.length);
      }
    }
  }

  /// Texts as CSV has them.
  ///
  /// @param places of the texts, -1 where one is missing
  default void texts(TextBlock texts, int[] places, int n) {
    for (int i = 0; i < n; i++) {
      if (places[i] < 0) {
        missing();
      } else {
        text(texts.chars(), texts.start(places[i]), texts.length(places[i]));
      }
    }
  }

  /// Cells of rows that did not name the column.
  void absent(int count);

  /// Whether every row has to name the column.
  boolean required();

  /// The column, or null if it is not kept.
  @Nullable Column build();
}
