package dev.backprop.spark;

import dev.backprop.engine.data.CellBlock;
import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.table.CellReader;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.DatePart;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.Schema;
import dev.backprop.platform.artifact.ModelDraft;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/// Reads rows of Spark as the cells of a model. Owned by one thread.
final class RowCells {

  /// Of texts of a column whose meaning is remembered.
  static final int MAX_REMEMBERED = 10_000;

  private static final double MICROS = 1e6;

  private final List<FeatureCells> features;
  private final int[] places;
  private final int width;
  private final double[] cells;
  private long unseen;
  private long outside;

  /// @param places of the model's columns in a row, see [ModelColumns#names]; -1 for one that is
  ///   absent, whose cells are missing
  RowCells(ModelDraft model, int[] places) {
    this.places = places;
    Predictor predictor = model.predictor();
    this.width = predictor.cells();
    this.cells = new double[width];
    this.features = new ArrayList<>();
    Schema schema = model.schema();
    FeatureEncoder encoder = predictor.features();
    if (schema != null && encoder != null) {
      List<Schema.Field> fields = schema.features();
      for (int f = 0; f < fields.size(); f++) {
        features.add(new FeatureCells(encoder, f, CellReader.of(fields.get(f), schema.missing())));
      }
    }
  }

  /// Cells of a row.
  int width() {
    return width;
  }

  /// How many cells since the last call have a category that the model has not seen.
  long takeUnseen() {
    long taken = unseen;
    unseen = 0;
    return taken;
  }

  /// How many cells since the last call are outside the range of the training data.
  long takeOutside() {
    long taken = outside;
    outside = 0;
    return taken;
  }

  /// Reads a row.
  ///
  /// @return its cells, in an array that the next row gets too
  /// @throws InvalidDataException if the model cannot answer such a row
  double[] read(Row row) {
    if (features.isEmpty()) {
      return numbers(row.get(places[0]));
    }
    for (int f = 0; f < cells.length; f++) {
      Object value = places[f] < 0 ? null : row.get(places[f]);
      cells[f] = features.get(f).cell(value);
    }
    return cells;
  }

  /// Reads a row into a block.
  void read(Row row, CellBlock block, int at) {
    put(read(row), block, at);
  }

  static void put(double[] cells, CellBlock block, int at) {
    for (int f = 0; f < cells.length; f++) {
      block.column(f)[at] = cells[f];
    }
  }

  /// Those of each feature; empty for bare numbers.
  List<FeatureCells> features() {
    return features;
  }

  /// Reads the array of bare numbers.
  double[] numbers(@Nullable Object value) {
    List<?> numbers = value == null ? List.of() : ModelColumns.list(value);
    if (numbers.size() != width) {
      throw fault("must be %d numbers, had %d".formatted(width, numbers.size()));
    }
    for (int i = 0; i < width; i++) {
      double number = numbers.get(i) instanceof Number given ? given.doubleValue() : Double.NaN;
      if (!(Math.abs(number) <= Float.MAX_VALUE)) {
        throw fault(
            "number %d must be within ±%s, was %s".formatted(i, Float.MAX_VALUE, numbers.get(i)));
      }
      cells[i] = number;
    }
    return cells;
  }

  private static InvalidDataException fault(String detail) {
    return new InvalidDataException(
        InvalidDataException.Fault.OUT_OF_RANGE, ModelColumns.INPUTS, -1, detail);
  }

  /// Reads the cells of a feature.
  final class FeatureCells {

    private final Feature feature;
    private final CellReader reader;

    /// What texts of categories mean.
    private final Map<String, Double> remembered = new HashMap<>();

    /// Of a column of truth values, what false and true are to the network; else empty.
    private final double[] truths;

    FeatureCells(FeatureEncoder encoder, int place, CellReader reader) {
      this.feature = encoder.features().get(place);
      this.reader = reader;
      this.truths =
          feature instanceof Feature.Categorical categorical
                  && categorical.type() == ColumnType.BOOLEAN
              ? new double[] {encoder.category(place, "false"), encoder.category(place, "true")}
              : new double[0];
    }

    double cell(@Nullable Object value) {
      return checked(value == null ? Double.NaN : meant(value));
    }

    /// Checks and counts a cell.
    ///
    /// @param cell as the reader of cells has it; NaN if it is missing
    /// @return as the network has it
    double checked(double cell) {
      if (Double.isNaN(cell)) {
        if (!feature.nullable()) {
          throw new InvalidDataException(
              InvalidDataException.Fault.NO_VALUE, feature.name(), -1, "must have a value");
        }
        return cell;
      }
      return switch (feature) {
        case Feature.Numeric numeric -> within(numeric, cell, cell);
        case Feature.Date date -> within(date.elapsed(), cell / DatePart.SECONDS_A_DAY, cell);
        case Feature.Categorical _ -> {
          double index = truths.length == 0 ? cell : truths[(int) cell];
          unseen += index == CellReader.UNSEEN ? 1 : 0;
          yield index;
        }
      };
    }

    private double within(Feature.Numeric range, double value, double cell) {
      outside += value < range.min() || value > range.max() ? 1 : 0;
      return cell;
    }

    /// What a value means that is none of those below.
    double meant(Object value) {
      return switch (value) {
        case Double number -> number(number);
        case String text -> text(text);
        case Integer number -> integer(number);
        case Long number -> integer(number);
        case Short number -> integer(number);
        case Byte number -> integer(number);
        case Boolean truth -> truth(truth);
        case Float number ->
            feature instanceof Feature.Numeric ? number(number) : text(number.toString());
        case BigDecimal number ->
            feature instanceof Feature.Numeric
                ? number(number.doubleValue())
                : text(number.toPlainString());
        case Date date -> local(date.toLocalDate().atStartOfDay());
        case LocalDate date -> local(date.atStartOfDay());
        case LocalDateTime date -> local(date);
        case Timestamp moment -> instant(moment.toInstant());
        case Instant moment -> instant(moment);
        default -> text(value.toString());
      };
    }

    /// What is not finite means what its word means.
    double number(double number) {
      return Double.isFinite(number) ? reader.number(number) : reader.text(Double.toString(number));
    }

    double integer(long number) {
      return feature instanceof Feature.Numeric
          ? reader.number((double) number)
          : text(Long.toString(number));
    }

    double text(String text) {
      if (!isCategorical()) {
        return reader.text(text);
      }
      Double known = remembered.get(text);
      if (known == null) {
        known = reader.text(text);
        if (remembered.size() < MAX_REMEMBERED) {
          remembered.put(text, known);
        }
      }
      return known;
    }

    double truth(boolean truth) {
      return reader.bool(truth);
    }

    /// Whether few texts come again and again.
    boolean isCategorical() {
      return feature instanceof Feature.Categorical;
    }

    private double local(LocalDateTime date) {
      return feature instanceof Feature.Date
          ? reader.local(seconds(date.toInstant(ZoneOffset.UTC)))
          : text(date.toString());
    }

    private double instant(Instant moment) {
      return feature instanceof Feature.Date
          ? reader.instant(seconds(moment))
          : text(moment.toString());
    }

    /// With the fraction that Spark keeps: to the microsecond.
    private static double seconds(Instant moment) {
      int micros = moment.getNano() / 1000;
      return (double) moment.getEpochSecond() + micros / MICROS;
    }
  }
}
