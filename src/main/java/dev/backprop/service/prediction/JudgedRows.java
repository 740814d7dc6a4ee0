package dev.backprop.service.prediction;

import dev.backprop.engine.data.TargetScale;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import dev.backprop.service.model.ModelVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Rows of columns beside what a version answers to them.
///
/// @param part its rows have targets
record JudgedRows(PredictionRows part, ModelVersion version) {

  /// About what a row takes beside its texts, and each of its cells.
  private static final long ROW_BYTES = 300;

  private static final long CELL_BYTES = 120;

  private Target target() {
    return version.predictor().scorer().target();
  }

  private PredictionRows.Labelled labelled() {
    return Objects.requireNonNull(part.labelled());
  }

  /// The class of a row.
  int actual(int row) {
    return part.rows().labelled().stratum(row);
  }

  /// A number of a row, or 0 or 1 for a label of it.
  private double number(int row, String name) {
    return labelled().table().required(name).cell(row);
  }

  /// Whether an answer is not that of the row. Numbers always are somewhat off.
  boolean isWrong(int row, Prediction prediction) {
    return switch (prediction) {
      case Prediction.ClassPrediction of -> of.index() != actual(row);
      case Prediction.MultiLabelPrediction of -> wrongLabels(row, of) > 0;
      case Prediction.NumberPrediction _, Prediction.QuantilePrediction _ -> true;
      case Prediction.Outputs _ -> throw bare();
    };
  }

  private long wrongLabels(int row, Prediction.MultiLabelPrediction of) {
    return IntStream.range(0, of.names().size())
        .filter(j -> of.holds(j) != (number(row, of.names().get(j)) == 1))
        .count();
  }

  /// The larger, the worse: of classes the probability of the one that is answered, of labels how
  /// many are wrong, of several numbers the sum of their errors in deviations of the training part.
  double howWrong(int row, Prediction prediction) {
    return switch (prediction) {
      case Prediction.ClassPrediction of -> of.probabilities()[of.index()];
      case Prediction.MultiLabelPrediction of -> wrongLabels(row, of);
      case Prediction.QuantilePrediction of ->
          Math.abs(of.value() - number(row, target().names().getFirst()));
      case Prediction.NumberPrediction of -> {
        List<TargetScale> scales = version.predictor().scorer().targetEncoder().scales();
        double sum = 0;
        for (int j = 0; j < of.values().length; j++) {
          sum += Math.abs(of.values()[j] - number(row, of.names().get(j))) / scales.get(j).std();
        }
        yield sum;
      }
      case Prediction.Outputs _ -> throw bare();
    };
  }

  private static IllegalStateException bare() {
    return new IllegalStateException("bare numbers have no columns");
  }

  /// @param number of the row among those of all parts, from 1
  FoundRows.Item item(int number, int row, Prediction prediction) {
    return switch (prediction) {
      case Prediction.ClassPrediction of ->
          new FoundRows.Item(
              number,
              of.classes().get(actual(row)),
              of.label(),
              // The digits that it has and no more.
              Double.valueOf(Float.toString((float) of.probabilities()[of.index()])),
              null,
              cells(row));
      case Prediction.MultiLabelPrediction of ->
          new FoundRows.Item(
              number,
              byName(j -> of.target().classes().get((int) number(row, of.names().get(j)))),
              byName(of::label),
              null,
              null,
              cells(row));
      case Prediction.QuantilePrediction of -> numbers(number, row, _ -> of.value());
      case Prediction.NumberPrediction of -> numbers(number, row, j -> of.values()[j]);
      case Prediction.Outputs _ -> throw bare();
    };
  }

  private FoundRows.Item numbers(int number, int row, IntFunction<Double> answer) {
    List<String> names = target().names();
    IntFunction<Double> actual = j -> number(row, names.get(j));
    return new FoundRows.Item(
        number,
        oneOrAll(actual),
        oneOrAll(answer),
        null,
        oneOrAll(j -> answer.apply(j) - actual.apply(j)),
        cells(row));
  }

  private Object oneOrAll(IntFunction<Double> number) {
    return target().names().size() == 1 ? (Object) number.apply(0) : byName(number);
  }

  private <T> Map<String, T> byName(IntFunction<T> value) {
    Map<String, T> map = new LinkedHashMap<>();
    List<String> names = target().names();
    for (int j = 0; j < names.size(); j++) {
      map.put(names.get(j), value.apply(j));
    }
    return map;
  }

  private Map<String, @Nullable Object> cells(int row) {
    Map<String, @Nullable Object> cells = new LinkedHashMap<>();
    for (Column column : shown().columns()) {
      if (!target().names().contains(column.name())) {
        cells.put(column.name(), column.json(row));
      }
    }
    return cells;
  }

  private Table shown() {
    return labelled().shown();
  }

  /// About how many bytes the item of a row takes.
  long bytes(int row) {
    long bytes = ROW_BYTES;
    for (Column column : shown().columns()) {
      bytes += CELL_BYTES;
      if (column.json(row) instanceof String text) {
        bytes += 2L * text.length();
      }
    }
    return bytes;
  }
}
