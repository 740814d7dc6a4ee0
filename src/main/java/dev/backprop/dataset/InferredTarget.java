package dev.backprop.dataset;

import dev.backprop.data.CategoricalColumn;
import dev.backprop.data.Column;
import dev.backprop.data.ColumnType;
import dev.backprop.data.InvalidDataException;
import dev.backprop.data.Label;
import dev.backprop.data.NumericColumn;
import dev.backprop.data.Table;
import dev.backprop.data.Target;
import dev.backprop.data.UnkeptColumn;
import dev.backprop.dataset.SchemaRequest.ColumnUse;
import dev.backprop.dataset.SchemaRequest.TargetTask;
import dev.backprop.http.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What the target columns ask of the network.
///
/// @param table with the target as categories where it is classes
record InferredTarget(Table table, Target target, List<String> warnings) {

  /// Distinct integers up to which they are taken for classes.
  static final int MAX_INTEGER_CLASSES = 20;

  static final int MAX_CLASSES = 1000;

  /// @param pointer to the object with the `target`
  static InferredTarget of(Table table, SchemaRequest request, String pointer) {
    List<String> names = request.target();
    if (names.isEmpty()) {
      throw DataProblems.invalid(pointer + "/target", "must name at least 1 column, named 0");
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String place = pointer + "/target" + (names.size() == 1 ? "" : "/" + i);
      columns.add(column(table, request, names.get(i), place, pointer));
      if (new HashSet<>(names.subList(0, i + 1)).size() <= i) {
        throw DataProblems.invalid(place, "must be named once, '" + names.get(i) + "' was twice");
      }
    }
    String place = pointer + "/target";
    List<String> warnings = new ArrayList<>();
    int labelled = labelled(table, columns);
    if (labelled < 2) {
      throw DataProblems.invalid(
          place, "must have a value in at least 2 rows, has one in " + labelled);
    }
    if (labelled < table.rows()) {
      warnings.add("%d rows without a target are left out".formatted(table.rows() - labelled));
    }
    return names.size() == 1
        ? single(table, columns.getFirst(), request, place, warnings)
        : several(table, columns, request, place, warnings);
  }

  private static Column column(
      Table table, SchemaRequest request, String name, String place, String pointer) {
    Column column = table.column(name);
    if (column == null) {
      throw DataProblems.invalid(place, "must be a column of the data, '" + name + "' is none");
    }
    ColumnUse use = request.columns().get(name);
    if (use != null && use.type() == ColumnUse.Type.IGNORE) {
      throw DataProblems.invalid(
          pointer + "/columns/" + Problem.Field.part(name) + "/type",
          "must not be ignore, the column is the target");
    }
    if (column instanceof UnkeptColumn) {
      throw DataProblems.invalid(
          place, "must have at most " + MAX_CLASSES + " classes, '" + name + "' has more");
    }
    return column;
  }

  private static int labelled(Table table, List<Column> columns) {
    return (int)
        IntStream.range(0, table.rows())
            .filter(row -> columns.stream().noneMatch(column -> Double.isNaN(column.cell(row))))
            .count();
  }

  private static InferredTarget single(
      Table table, Column column, SchemaRequest request, String place, List<String> warnings) {
    boolean typedNumeric =
        request.columns().containsKey(column.name()) && column instanceof NumericColumn;
    boolean classes =
        request.task() == null
            ? !(column instanceof NumericColumn numeric)
                || (!typedNumeric && looksLikeClasses(numeric))
            : request.task() == TargetTask.CLASSIFICATION;
    if (!classes) {
      checkNumbers(column, place);
      return new InferredTarget(table, new Target.Numbers(List.of(column.name())), warnings);
    }
    Table typed = table;
    if (column instanceof NumericColumn) {
      try {
        typed = table.retyped(column.name(), ColumnType.CATEGORICAL);
      } catch (InvalidDataException e) {
        throw DataProblems.inTable(place, e);
      }
    }
    CategoricalColumn categorical = (CategoricalColumn) typed.column(column.name());
    return new InferredTarget(
        typed, new Target.Classes(column.name(), classes(categorical, place)), warnings);
  }

  private static List<Label> classes(@Nullable CategoricalColumn column, String place) {
    if (column == null) {
      throw new IllegalStateException("a retyped column is gone");
    }
    int[] counts = ColumnDescription.counts(column);
    List<Label> classes =
        IntStream.range(0, counts.length)
            .filter(code -> counts[code] > 0)
            .mapToObj(column.categories()::get)
            .sorted()
            .toList();
    if (classes.size() < 2) {
      throw DataProblems.invalid(
          place, "must have at least 2 classes, has 1: '%s'".formatted(classes.getFirst()));
    }
    if (classes.size() > MAX_CLASSES) {
      throw DataProblems.invalid(
          place, "must have at most %d classes, has %d".formatted(MAX_CLASSES, classes.size()));
    }
    return classes;
  }

  /// Integers with few distinct values, each in two rows at least.
  private static boolean looksLikeClasses(NumericColumn column) {
    Map<Double, Integer> counts = new HashMap<>();
    for (int row = 0; row < column.rows(); row++) {
      double value = column.cell(row);
      if (Double.isNaN(value)) {
        continue;
      }
      if (value != Math.rint(value)) {
        return false;
      }
      counts.merge(value + 0.0, 1, Integer::sum);
      if (counts.size() > MAX_INTEGER_CLASSES) {
        return false;
      }
    }
    return counts.values().stream().allMatch(count -> count >= 2);
  }

  private static InferredTarget several(
      Table table,
      List<Column> columns,
      SchemaRequest request,
      String place,
      List<String> warnings) {
    ColumnType type = columns.getFirst().type();
    for (Column column : columns) {
      if (column.type() != type || type == ColumnType.CATEGORICAL) {
        throw DataProblems.invalid(
            place,
            "must be all numeric or all boolean, '%s' is %s and '%s' is %s"
                .formatted(
                    columns.getFirst().name(), word(type), column.name(), word(column.type())));
      }
    }
    TargetTask asked =
        type == ColumnType.NUMERIC ? TargetTask.REGRESSION : TargetTask.CLASSIFICATION;
    if (request.task() != null && request.task() != asked) {
      throw DataProblems.invalid(
          place.substring(0, place.lastIndexOf('/')) + "/task",
          "must be %s for several %s targets, was %s"
              .formatted(word(asked), word(type), word(request.task())));
    }
    List<String> names = columns.stream().map(Column::name).toList();
    columns.forEach(column -> checkVaries(column, place));
    return new InferredTarget(
        table,
        type == ColumnType.NUMERIC ? new Target.Numbers(names) : new Target.MultiLabel(names),
        warnings);
  }

  private static void checkNumbers(Column column, String place) {
    if (column instanceof NumericColumn) {
      checkVaries(column, place);
      return;
    }
    for (int row = 0; row < column.rows(); row++) {
      Object value = column.json(row);
      if (value != null) {
        throw DataProblems.invalid(
            place,
            "must be numeric for a regression, column '%s' is %s: row %d has '%s'"
                .formatted(column.name(), word(column.type()), row, value));
      }
    }
  }

  private static void checkVaries(Column column, String place) {
    Object first = null;
    for (int row = 0; row < column.rows(); row++) {
      Object value = column.json(row);
      if (value != null && first != null && !value.equals(first)) {
        return;
      }
      first = first == null ? value : first;
    }
    throw DataProblems.invalid(
        place,
        "must have at least 2 different values, column '%s' has 1: %s"
            .formatted(column.name(), first));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
