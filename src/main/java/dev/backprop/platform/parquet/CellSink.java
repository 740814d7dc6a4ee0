package dev.backprop.platform.parquet;

import org.jspecify.annotations.Nullable;

/// Makes cells of the values of a column, batch by batch.
interface CellSink {

  /// Takes the dictionary of a chunk.
  void dictionary(PageBytes page, int size);

  int dictionarySize();

  /// Takes the values of a page, which are no names of a dictionary's.
  void begin(Encoding encoding, PageBytes page);

  /// Makes cells of the next values of the page.
  void values(int n);

  /// Makes cells of entries of the dictionary.
  ///
  /// @param places each below the size of the dictionary
  void named(int[] places, int n);

  /// Gives the cells to the table.
  ///
  /// @param levels 1 for each row that has a value, 0 for one that has none; null if all have one
  /// @param given how many have one
  void give(int @Nullable [] levels, int rows, int given);

  /// Gives up the dictionary.
  void forget();
}
