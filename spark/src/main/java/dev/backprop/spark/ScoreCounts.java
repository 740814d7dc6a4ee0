package dev.backprop.spark;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/// What is counted over all rows of all tasks.
///
/// @param unseen cells with a category that the model has not seen
/// @param outside cells outside the range of the training data
record ScoreCounts(
    LongAccumulator rows, LongAccumulator invalid, LongAccumulator unseen, LongAccumulator outside)
    implements Serializable {

  static ScoreCounts of(SparkContext spark) {
    return new ScoreCounts(
        spark.longAccumulator("rows"),
        spark.longAccumulator("invalid rows"),
        spark.longAccumulator("unseen categories"),
        spark.longAccumulator("cells out of range"));
  }

  /// Counts a block of rows.
  ///
  /// @param cells that have read them, and nothing else since the last block
  void add(long more, RowCells cells) {
    rows.add(more);
    unseen.add(cells.takeUnseen());
    outside.add(cells.takeOutside());
  }

  /// Counts a row that cannot be answered.
  void invalidRow() {
    invalid.add(1);
  }
}
