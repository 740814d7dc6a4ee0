package dev.backprop.engine.drift;

import java.util.ArrayList;
import java.util.List;

/// A column whose cells in some rows are spread otherwise than in training, by more than chance.
///
/// @param distance as [Drift.ColumnDrift] has it
/// @param limit that it is above
public record Apart(String column, double distance, double limit) {

  /// The columns that are, in the order of the features. Nothing is simulated: so many columns may
  /// be compared.
  ///
  /// @param counts of other rows, with the bins of the reference
  /// @param least distance that is told of
  public static List<Apart> of(Reference reference, Counts counts, double least) {
    List<Apart> apart = new ArrayList<>();
    int first = 0;
    for (ColumnReference column : reference.columns()) {
      long rows = column.rows();
      if (rows > 0 && counts.rows() > 0) {
        double[] then = column.shares();
        double[] now = column.shares(counts.bins(), first, counts.rows());
        double distance = Noise.distance(then, now);
        double limit = Math.max(least, Noise.most(then, now, counts.rows(), rows));
        if (distance > limit) {
          apart.add(new Apart(column.name(), distance, limit));
        }
      }
      first += column.bins();
    }
    return apart;
  }
}
