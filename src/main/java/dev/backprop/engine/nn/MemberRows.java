package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Matrix;

/// The rows of each member in one matrix, as matrices. Two sets of them are kept, since the last
/// batch of an epoch is shorter than the others: so a step allocates nothing.
final class MemberRows {

  private Matrix[] recent;
  private Matrix[] former;

  MemberRows(int members) {
    recent = new Matrix[members];
    former = new Matrix[members];
  }

  /// As many for each member.
  ///
  /// @param all always the same matrix, with any number of rows in use
  Matrix[] of(Matrix all) {
    int n = all.rows() / recent.length;
    if (!holds(recent, n)) {
      Matrix[] swapped = recent;
      recent = former;
      former = swapped;
      if (!holds(recent, n)) {
        for (int m = 0; m < recent.length; m++) {
          recent[m] = all.view(m * n, n);
        }
      }
    }
    return recent;
  }

  @SuppressWarnings("NullAway") // null until they are made
  private static boolean holds(Matrix[] rows, int n) {
    return rows[0] != null && rows[0].rows() == n;
  }
}
