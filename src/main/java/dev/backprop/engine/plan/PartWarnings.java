package dev.backprop.engine.plan;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.drift.Apart;
import dev.backprop.engine.drift.Reference;
import dev.backprop.engine.explain.Dependence;
import dev.backprop.engine.spec.SplitSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Tells of columns that are spread otherwise in rows that are held out than in those that train:
/// what is measured on the ones may not hold for the others.
///
/// @param reference the columns of training rows
/// @param features of the model
record PartWarnings(HoldOut holdOut, Reference reference, FeatureEncoder features, long seed) {

  /// Nearer than this nothing is said.
  private static final double LEAST = 0.2;

  /// Columns that are told of one by one.
  private static final int MAX_SAID = 5;

  /// Of more rows so many are drawn, fewer in wide tables.
  private static final int MOST_ROWS = 5_000;

  private static final int FEWEST_ROWS = 1_000;
  private static final int MOST_CELLS = 2_000_000;

  /// @param rows how many the part has
  private record Found(String part, int rows, Apart apart) {}

  List<String> warnings() {
    Map<String, Found> furthest = new LinkedHashMap<>();
    Stream.of(
            found(Judge.VALIDATION, holdOut.of(), holdOut.validating()),
            found(Judge.CALIBRATION, holdOut.of(), holdOut.split().calibration()),
            found(Judge.TEST, holdOut.data(), holdOut.split().test()))
        .flatMap(List::stream)
        .forEach(
            found ->
                furthest.merge(
                    found.apart.column(),
                    found,
                    (one, other) -> other.apart.distance() > one.apart.distance() ? other : one));
    SplitSpec by = holdOut.data().splitBy();
    if (by != null) {
      furthest.remove(by.column());
    }
    List<String> warnings = new ArrayList<>();
    furthest.values().stream()
        .sorted(Comparator.comparingDouble((Found found) -> -found.apart.distance()))
        .limit(MAX_SAID)
        .map(this::warning)
        .forEach(warnings::add);
    if (furthest.size() > MAX_SAID) {
      warnings.add(
          "%d more columns differ between the training part and others"
              .formatted(furthest.size() - MAX_SAID));
    }
    return warnings;
  }

  private List<Found> found(String part, TrainingData data, int[] rows) {
    if (rows.length == 0 || !(data instanceof TrainingData.Rows of)) {
      return List.of();
    }
    int most = Math.clamp(MOST_CELLS / reference.columns().size(), FEWEST_ROWS, MOST_ROWS);
    int[] drawn =
        Arrays.stream(Dependence.sample(rows.length, most, seed)).map(i -> rows[i]).toArray();
    return Apart.of(reference, reference.count(of.table(), features, drawn), LEAST).stream()
        .map(apart -> new Found(part, rows.length, apart))
        .toList();
  }

  private String warning(Found found) {
    return "column '%s' differs between the training part, %d rows, and the %s part, %d rows: their distance is %s, above %s; what is measured on the one may not hold for the other"
        .formatted(
            found.apart.column(),
            holdOut.split().training().length,
            found.part,
            found.rows,
            BaselineWarnings.number(found.apart.distance()),
            BaselineWarnings.number(found.apart.limit()));
  }
}
