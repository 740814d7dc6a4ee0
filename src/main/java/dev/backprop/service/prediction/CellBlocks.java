package dev.backprop.service.prediction;

import dev.backprop.engine.data.CellRows;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The cells of rows that are looked at one after another, taken from their table block by block.
final class CellBlocks {

  private static final int ROWS = 64;

  private final PredictionRows rows;
  private @Nullable CellRows block;
  private int first;

  CellBlocks(PredictionRows rows) {
    this.rows = rows;
  }

  /// @param row not before the one that was asked last
  double[] of(int row) {
    CellRows known = block;
    if (known == null || row >= first + known.size()) {
      first = row;
      known = rows.cells().of(IntStream.range(row, Math.min(row + ROWS, rows.size())).toArray());
      block = known;
    }
    return known.row(row - first);
  }
}
