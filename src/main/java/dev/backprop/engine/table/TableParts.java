package dev.backprop.engine.table;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The rows of a table, part by part, in their order. All parts but the last have [#ROWS] rows.
public interface TableParts extends AutoCloseable {

  /// A whole number of the blocks in which rows are scored.
  int ROWS = TableCodec.GROUP;

  /// The next part, null after the last one.
  ///
  /// @throws IOException if the parts are stored, and are no table
  @Nullable Table next() throws IOException;

  @Override
  void close();

  /// The parts of a table in memory, which share its cells.
  static TableParts of(Table table) {
    return new TableParts() {
      private int first;

      @Override
      public @Nullable Table next() {
        int count = Math.min(ROWS, table.rows() - first);
        if (count <= 0) {
          return null;
        }
        Table part = table.part(first, count);
        first += count;
        return part;
      }

      @Override
      public void close() {}
    };
  }
}
