package dev.backprop.engine.drift;

import java.util.List;

/// Whether rows and answers are like those of training.
///
/// @param rows that were counted
/// @param columns in the order of the features
public record Drift(long rows, List<ColumnDrift> columns, List<ColumnDrift> answers) {

  /// Nearer than this no column has drifted, however many rows there are.
  public static final double LEAST = 0.1;

  /// @param distance of the shares in the bins, from 0 to 1: the square root of the Jensen-Shannon
  ///   divergence, base 2
  /// @param threshold from which on the column has drifted: [#LEAST], or what noise gives at so
  ///   many rows if that is more
  /// @param missingInTraining share of cells that were missing, as `missing` is now
  /// @param unseen share of categories that the data of the training did not have
  /// @param shares that are compared
  public record ColumnDrift(
      String name,
      double distance,
      double threshold,
      double missingInTraining,
      double missing,
      double unseen,
      Shares shares) {

    public boolean drifted() {
      return distance >= LEAST && distance > threshold;
    }
  }

  /// Shares of rows in the bins of a column.
  ///
  /// @param bins whose shares they are
  public record Shares(ColumnReference bins, List<Double> training, List<Double> now) {}

  public Drift {
    columns = List.copyOf(columns);
    answers = List.copyOf(answers);
  }

  /// The greatest distance of a column or an answer.
  public double greatest() {
    double greatest = 0;
    for (ColumnDrift column : columns) {
      greatest = Math.max(greatest, column.distance());
    }
    for (ColumnDrift answer : answers) {
      greatest = Math.max(greatest, answer.distance());
    }
    return greatest;
  }
}
