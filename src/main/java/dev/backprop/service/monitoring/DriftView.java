package dev.backprop.service.monitoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.drift.Drift;
import dev.backprop.service.model.ModelVersion;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether a version is asked the rows that it was trained for.
///
/// @param rows that were counted, of all processes
/// @param columns in the order of the features
/// @param prediction the answers; of several the one that is furthest away
/// @param predictions all of several answers; left out if there is one
record DriftView(
    String model,
    int version,
    long rows,
    List<ColumnView> columns,
    ColumnView prediction,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<ColumnView> predictions) {

  /// @param distance of the shares in the bins, from 0 to 1
  /// @param threshold 0.1, or what noise gives at so many rows if that is more
  /// @param unseen share of categories that the training data did not have
  /// @param drifted whether the distance is 0.1 or more, and above the threshold
  record ColumnView(
      String column,
      double distance,
      double threshold,
      MissingView missing,
      double unseen,
      boolean drifted) {

    static ColumnView of(Drift.ColumnDrift drift) {
      return new ColumnView(
          drift.name(),
          drift.distance(),
          drift.threshold(),
          new MissingView(drift.missingInTraining(), drift.missing()),
          drift.unseen(),
          drift.drifted());
    }
  }

  /// Shares of cells that are missing.
  record MissingView(double training, double now) {}

  static DriftView of(ModelVersion version, Drift drift) {
    List<ColumnView> answers = drift.answers().stream().map(ColumnView::of).toList();
    return new DriftView(
        version.name(),
        version.version(),
        drift.rows(),
        drift.columns().stream().map(ColumnView::of).toList(),
        answers.stream().max(Comparator.comparingDouble(ColumnView::distance)).orElseThrow(),
        answers.size() == 1 ? null : answers);
  }
}
