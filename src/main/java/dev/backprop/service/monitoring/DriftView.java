package dev.backprop.service.monitoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.TypicalRow;
import dev.backprop.engine.drift.Drift;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import dev.backprop.service.model.ModelVersion;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
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
  /// @param histogram left out unless it is asked for
  record ColumnView(
      String column,
      double distance,
      double threshold,
      MissingView missing,
      double unseen,
      boolean drifted,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable DriftHistogram histogram) {

    static ColumnView of(Drift.ColumnDrift drift, @Nullable DriftHistogram histogram) {
      return new ColumnView(
          drift.name(),
          drift.distance(),
          drift.threshold(),
          new MissingView(drift.missingInTraining(), drift.missing()),
          drift.unseen(),
          drift.drifted(),
          histogram);
    }
  }

  /// Shares of cells that are missing.
  record MissingView(double training, double now) {}

  /// @param histograms whether columns and answers have them
  static DriftView of(ModelVersion version, Drift drift, boolean histograms) {
    List<Feature> features = Objects.requireNonNull(version.predictor().features()).features();
    List<ColumnView> columns =
        views(
            drift.columns(),
            histograms,
            (place, cell) -> TypicalRow.label(features.get(place), cell));
    Target target = version.predictor().scorer().target();
    List<ColumnView> answers =
        views(drift.answers(), histograms, (_, cell) -> DriftHistogram.answer(target, cell));
    return new DriftView(
        version.name(),
        version.version(),
        drift.rows(),
        columns,
        answers.stream().max(Comparator.comparingDouble(ColumnView::distance)).orElseThrow(),
        answers.size() == 1 ? null : answers);
  }

  /// Shows a cell of one of several columns.
  private interface Labels {
    Label of(int place, double cell);
  }

  private static List<ColumnView> views(
      List<Drift.ColumnDrift> of, boolean histograms, Labels labels) {
    return IntStream.range(0, of.size())
        .mapToObj(
            place ->
                ColumnView.of(
                    of.get(place),
                    histograms
                        ? DriftHistogram.of(of.get(place).shares(), cell -> labels.of(place, cell))
                        : null))
        .toList();
  }
}
