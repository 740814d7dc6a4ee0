package dev.backprop.spark;

import dev.backprop.engine.data.CellBlock;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/// Takes out of a row what is needed of it. Owned by one thread.
///
/// @param <R> how Spark gives rows
interface RowReader<R> {

  /// What the cells are counted by.
  RowCells cells();

  /// Reads the cells of a row into a block.
  ///
  /// @throws dev.backprop.engine.table.InvalidDataException if the model cannot answer such a row
  void read(R row, CellBlock block, int at);

  /// A value that stands before the answer.
  ///
  /// @param column of those that are kept
  @Nullable Object kept(R row, int column);

  /// Reads rows as programs have them.
  ///
  /// @param kept places of the columns that are kept
  static RowReader<Row> ofRows(RowCells cells, int[] kept) {
    return new RowReader<>() {
      @Override
      public RowCells cells() {
        return cells;
      }

      @Override
      public void read(Row row, CellBlock block, int at) {
        cells.read(row, block, at);
      }

      @Override
      public @Nullable Object kept(Row row, int column) {
        return row.get(kept[column]);
      }
    };
  }
}
