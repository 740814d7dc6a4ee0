package dev.backprop.spark;

import dev.backprop.engine.figures.Bounds;
import dev.backprop.engine.scoring.Assured;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;

/// Answers as columns, which have the names that they have in CSV of the service. Probabilities and
/// bare outputs are floats, other numbers are doubles, classes have the type that they had in the
/// training data.
final class AnswerColumns {

  private final List<StructField> fields = new ArrayList<>();
  private final Map<Label, Object> labels = new HashMap<>();

  /// @param assured whether intervals or sets are asked for
  AnswerColumns(Target target, boolean assured) {
    switch (target) {
      case Target.Classes classes -> {
        DataType type = type(classes.classes());
        add("prediction", type);
        classes.classes().forEach(label -> add("probability_" + label.text(), DataTypes.FloatType));
        if (assured) {
          add("set", DataTypes.createArrayType(type, false));
        }
      }
      case Target.Numbers numbers when numbers.outputs() > 1 -> {
        numbers.names().forEach(name -> add(name, DataTypes.DoubleType));
        if (assured) {
          numbers.names().forEach(name -> bounds(name + "_"));
        }
      }
      case Target.Numbers _ -> {
        add("prediction", DataTypes.DoubleType);
        if (assured) {
          bounds("");
        }
      }
      case Target.Quantiles quantiles -> {
        add("prediction", DataTypes.DoubleType);
        quantiles.texts().forEach(tau -> add("quantile_" + tau, DataTypes.DoubleType));
        if (assured) {
          bounds("");
        }
      }
      case Target.MultiLabel multi -> {
        DataType type = type(multi.classes());
        multi.names().forEach(name -> add(name, type));
        multi.names().forEach(name -> add("probability_" + name, DataTypes.FloatType));
      }
      case Target.Bare bare -> {
        for (int j = 0; j < bare.width(); j++) {
          add("output_" + j, DataTypes.FloatType);
        }
      }
    }
  }

  private void add(String name, DataType type) {
    fields.add(DataTypes.createStructField(name, type, true));
  }

  private void bounds(String prefix) {
    add(prefix + "interval_lower", DataTypes.DoubleType);
    add(prefix + "interval_upper", DataTypes.DoubleType);
  }

  /// Whole numbers, numbers or truth values if all labels are such, else texts.
  private DataType type(List<Label> classes) {
    DataType type = commonType(classes);
    for (Label label : classes) {
      Object value =
          type.equals(DataTypes.StringType)
              ? label.text()
              : type.equals(DataTypes.DoubleType)
                  ? (Object) ((Number) label.json()).doubleValue()
                  : label.json();
      labels.put(label, value);
    }
    return type;
  }

  private static DataType commonType(List<Label> classes) {
    if (classes.stream().allMatch(label -> label.json() instanceof Long)) {
      return DataTypes.LongType;
    }
    if (classes.stream()
        .allMatch(label -> label.json() instanceof Long || label.json() instanceof Double)) {
      return DataTypes.DoubleType;
    }
    return classes.stream().allMatch(label -> label.json() instanceof Boolean)
        ? DataTypes.BooleanType
        : DataTypes.StringType;
  }

  /// All may be null: those of a row that cannot be answered are.
  List<StructField> fields() {
    return fields;
  }

  /// Writes an answer.
  ///
  /// @param row gets its values
  /// @param at the place of the first
  /// @return the place behind the last
  int write(Prediction prediction, @Nullable Object[] row, int at) {
    int next = at;
    switch (prediction) {
      case Prediction.ClassPrediction p -> {
        row[next++] = value(p.label());
        next = floats(p.probabilities(), row, next);
      }
      case Prediction.NumberPrediction p -> next = doubles(p.values(), row, next);
      case Prediction.QuantilePrediction p -> {
        row[next++] = p.value();
        next = doubles(p.values(), row, next);
      }
      case Prediction.MultiLabelPrediction p -> {
        for (int j = 0; j < p.names().size(); j++) {
          row[next++] = value(p.label(j));
        }
        next = floats(p.probabilities(), row, next);
      }
      case Prediction.Outputs(double[] values) -> next = floats(values, row, next);
    }
    return next;
  }

  /// Writes an answer and its interval or set.
  void write(Assured assured, @Nullable Object[] row, int at) {
    int next = write(assured.prediction(), row, at);
    switch (assured) {
      case Assured.Classes(_, List<Label> set) ->
          row[next] = set.stream().map(this::value).toArray();
      case Assured.Numbers(_, List<Bounds> intervals) -> {
        for (Bounds bounds : intervals) {
          row[next++] = bounds.low();
          row[next++] = bounds.high();
        }
      }
    }
  }

  private Object value(Label label) {
    return Objects.requireNonNull(labels.get(label));
  }

  private static int floats(double[] values, @Nullable Object[] row, int at) {
    for (int j = 0; j < values.length; j++) {
      row[at + j] = (float) values[j];
    }
    return at + values.length;
  }

  private static int doubles(double[] values, @Nullable Object[] row, int at) {
    for (int j = 0; j < values.length; j++) {
      row[at + j] = values[j];
    }
    return at + values.length;
  }
}
