package dev.backprop.engine.figures;

import java.util.List;

/// What a model answered to some rows, kept so that its figures can be had of other weights of the
/// rows. Of many rows some are kept, spread evenly over all: intervals do not need more, and memory
/// stays bounded.
public interface Sample {

  /// Rows that are kept at most.
  int MOST_ROWS = 50_000;

  /// Numbers of all rows that are kept at most to rank by: 2 MB. Two hundred draws take a second.
  int MOST_NUMBERS = 1 << 19;

  /// Names of the figures.
  List<String> names();

  /// The figures in the order of their names; not a number if it is not defined.
  ///
  /// @param weights of the kept rows, together above 0
  double[] figures(double[] weights);

  /// Weights of the kept rows.
  double[] weights();

  /// How many rows are kept.
  ///
  /// @param rows there are
  /// @param width numbers of a row to rank by, at least 1
  static int kept(int rows, int width) {
    return Math.min(rows, Math.max(1, Math.min(MOST_ROWS, MOST_NUMBERS / width)));
  }

  /// Whether a row is one of those.
  ///
  /// @param row from 0
  /// @param kept of `rows`
  static boolean keeps(long row, long rows, long kept) {
    return (row + 1) * kept / rows > row * kept / rows;
  }
}
