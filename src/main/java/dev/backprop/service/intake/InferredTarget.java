package dev.backprop.service.intake;

import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.table.UnkeptColumn;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.Problem;
import dev.backprop.service.dataset.ColumnDescription;
import dev.backprop.service.dataset.DataProblems;
import dev.backprop.service.dataset.Findings;
import dev.backprop.service.intake.SchemaRequest.ColumnUse;
import dev.backprop.service.intake.SchemaRequest.TargetTask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What the network has to predict, inferred from the target columns.
///
/// @param table with the target column as categories if there are classes
record InferredTarget(Table table, Target target, List<String> warnings) {

  /// If a target has no more distinct integers than these, they are taken for classes.
  static final int MAX_INTEGER_CLASSES = 20;

  /// With so many rows or more, a warning tells that few integers are not taken for classes.
  static final int MIN_ROWS_OF_INTEGERS = 50;

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
    List<String> warnings =
        new ArrayList<>(SchemaInference.checkLabelled(table, labelled(table, columns), pointer));
    return names.size() == 1
        ? single(table, columns.getFirst(), request, place, warnings)
        : new SeveralTargets(table, columns, request, pointer).inferred(warnings);
  }

  private static Column column(
      Table table, SchemaRequest request, String name, String place, String pointer) {
    Column column = table.column(name);
    if (column == null) {
      throw DataProblems.invalid(place, "must be a column of the data, '" + name + "' is none");
    }
    ColumnUse use = request.columns().get(name);
    if (use != null && use.ignored()) {
      throw DataProblems.invalid(
          pointer + "/columns/" + Problem.Field.part(name) + "/type",
          "must not be ignore, the column is the target");
    }
    if (use != null && use.type() == ColumnUse.Type.DATE) {
      throw DataProblems.invalid(
          pointer + "/columns/" + Problem.Field.part(name) + "/type",
          "must not be date, the column is the target, and dates are not predicted; type it categorical to predict classes");
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
    String name = column.name();
    Map<Double, Integer> integers =
        request.task() == null && !request.types(name) && column instanceof NumericColumn numeric
            ? fewIntegers(numeric)
            : null;
    boolean integerClasses =
        integers != null && integers.values().stream().allMatch(count -> count >= 2);
    boolean classes =
        request.task() == null
            ? !(column instanceof NumericColumn) || integerClasses
            : request.task() == TargetTask.CLASSIFICATION;
    if (!classes) {
      checkNumbers(table, column, request, place);
      if (integers != null && column.rows() >= MIN_ROWS_OF_INTEGERS) {
        warnings.add(Findings.integersAsNumbers(name, integers.size(), single(integers)));
      }
      return new InferredTarget(table, new Target.Numbers(List.of(name)), warnings);
    }
    Table typed = table;
    if (column instanceof NumericColumn || column instanceof DateColumn) {
      try {
        typed = table.numbersOnly(name).retyped(name, ColumnType.CATEGORICAL);
        warnings.addAll(column.notes());
      } catch (InvalidDataException e) {
        throw DataProblems.inTable(place, e);
      }
    }
    boolean numberTexts =
        request.task() == null && !request.types(name) && readsAsNumbers(table, column);
    CategoricalColumn categorical = (CategoricalColumn) typed.column(name);
    List<Label> labels = classes(categorical, place, numberTexts);
    if (integerClasses) {
      warnings.add(Findings.integersAsClasses(name, labels.size()));
    } else if (numberTexts && column.notes().isEmpty()) {
      warnings.add(Findings.textsAsClasses(name, labels.size()));
    }
    return new InferredTarget(typed, new Target.Classes(name, labels), warnings);
  }

  /// Whether a column of texts could be read as one of numbers.
  static boolean readsAsNumbers(Table table, Column column) {
    if (column.type() != ColumnType.CATEGORICAL) {
      return false;
    }
    try {
      table.retyped(column.name(), ColumnType.NUMERIC);
      return true;
    } catch (InvalidDataException _) {
      return false;
    }
  }

  private static List<Label> classes(
      @Nullable CategoricalColumn column, String place, boolean numberTexts) {
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
          place,
          "must have at most %d classes, has %d%s"
              .formatted(
                  MAX_CLASSES,
                  classes.size(),
                  numberTexts
                      ? "; to predict a number, send " + Findings.typed(column.name(), "numeric")
                      : ""));
    }
    return classes;
  }

  /// How many rows have each integer; null if a number is no integer, or if there are more than
  /// [#MAX_INTEGER_CLASSES].
  private static @Nullable Map<Double, Integer> fewIntegers(NumericColumn column) {
    Map<Double, Integer> counts = new TreeMap<>();
    for (int row = 0; row < column.rows(); row++) {
      double value = column.cell(row);
      if (Double.isNaN(value)) {
        continue;
      }
      if (value != Math.rint(value)) {
        return null;
      }
      counts.merge(value + 0.0, 1, Integer::sum);
      if (counts.size() > MAX_INTEGER_CLASSES) {
        return null;
      }
    }
    return counts;
  }

  /// The smallest integer that only one row has.
  private static String single(Map<Double, Integer> counts) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() == 1)
        .map(entry -> Label.number(entry.getKey()).text())
        .findFirst()
        .orElseThrow();
  }

  private static void checkNumbers(
      Table table, Column column, SchemaRequest request, String place) {
    if (column instanceof NumericColumn) {
      checkVaries(column, place);
      return;
    }
    for (int row = 0; row < column.rows(); row++) {
      Object value = column.json(row);
      if (value != null) {
        throw DataProblems.invalid(
            place,
            "must be numeric for a regression, column '%s' is %s: row %d has '%s'%s"
                .formatted(
                    column.name(),
                    Findings.word(column.type()),
                    row,
                    value instanceof String text ? Excerpt.of(text) : value,
                    toBeNumeric(table, column, request)));
      }
    }
  }

  private static String toBeNumeric(Table table, Column column, SchemaRequest request) {
    if (readsAsNumbers(table, column)) {
      return "; send " + Findings.typed(column.name(), "numeric");
    }
    return request.types(column.name()) ? "; leave out its type" : "";
  }

  static void checkVaries(Column column, String place) {
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
}
