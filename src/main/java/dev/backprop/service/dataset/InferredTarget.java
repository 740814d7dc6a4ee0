package dev.backprop.service.dataset;

import dev.backprop.engine.data.CategoricalColumn;
import dev.backprop.engine.data.Column;
import dev.backprop.engine.data.ColumnType;
import dev.backprop.engine.data.InvalidDataException;
import dev.backprop.engine.data.Label;
import dev.backprop.engine.data.NumericColumn;
import dev.backprop.engine.data.Table;
import dev.backprop.engine.data.Target;
import dev.backprop.engine.data.UnkeptColumn;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.Problem;
import dev.backprop.service.dataset.SchemaRequest.ColumnUse;
import dev.backprop.service.dataset.SchemaRequest.TargetTask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What the target columns ask of the network.
///
/// @param table with the target as categories where it is classes
record InferredTarget(Table table, Target target, List<String> warnings) {

  /// Distinct integers up to which they are taken for classes.
  static final int MAX_INTEGER_CLASSES = 20;

  /// Rows from which on it is told that few integers are not taken for them.
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
    if (use != null && use.ignored()) {
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
    if (column instanceof NumericColumn) {
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
  private static boolean readsAsNumbers(Table table, Column column) {
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

  /// How many rows have each integer; null where a number is none, or where there are more than
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

  /// The least integer that one row has.
  private static String single(Map<Double, Integer> counts) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() == 1)
        .map(entry -> Label.number(entry.getKey()).text())
        .findFirst()
        .orElseThrow();
  }

  private static InferredTarget several(
      Table table,
      List<Column> columns,
      SchemaRequest request,
      String place,
      List<String> warnings) {
    columns.forEach(column -> checkAlike(table, columns.getFirst(), column, place));
    columns.forEach(column -> checkVaries(column, place));
    List<String> names = columns.stream().map(Column::name).toList();
    boolean numeric = columns.getFirst().type() == ColumnType.NUMERIC;
    if (!numeric) {
      checkTask(request, TargetTask.CLASSIFICATION, "several boolean targets", place);
      return new InferredTarget(table, new Target.MultiLabel(names), warnings);
    }
    Column other = columns.stream().filter(column -> !isZeroOrOne(column)).findFirst().orElse(null);
    if (other != null) {
      checkTask(
          request,
          TargetTask.REGRESSION,
          "several numeric targets, unless all are 0 or 1, '%s' has %s"
              .formatted(other.name(), Label.number(other.cell(neitherZeroNorOne(other))).text()),
          place);
      return new InferredTarget(table, new Target.Numbers(names), warnings);
    }
    boolean typed = names.stream().anyMatch(request::types);
    if (request.task() == TargetTask.REGRESSION || (request.task() == null && typed)) {
      return new InferredTarget(table, new Target.Numbers(names), warnings);
    }
    if (request.task() == null) {
      warnings.add(Findings.numbersAsLabels(names));
    }
    columns.forEach(column -> warnings.addAll(column.notes()));
    Table labels = table;
    for (String name : names) {
      labels = labels.numbersOnly(name).retyped(name, ColumnType.BOOLEAN);
    }
    return new InferredTarget(labels, new Target.MultiLabel(names, true), warnings);
  }

  private static void checkTask(
      SchemaRequest request, TargetTask expected, String targets, String place) {
    if (request.task() != null && request.task() != expected) {
      throw DataProblems.invalid(
          place.substring(0, place.lastIndexOf('/')) + "/task",
          "must be %s for %s; was %s".formatted(word(expected), targets, word(request.task())));
    }
  }

  private static boolean isZeroOrOne(Column column) {
    return neitherZeroNorOne(column) < 0;
  }

  /// The first row of a numeric column that has another number, -1 where none has.
  private static int neitherZeroNorOne(Column column) {
    for (int row = 0; row < column.rows(); row++) {
      double cell = column.cell(row);
      if (!Double.isNaN(cell) && cell != 0 && cell != 1) {
        return row;
      }
    }
    return -1;
  }

  /// Several targets are all numeric or all boolean.
  private static void checkAlike(Table table, Column first, Column column, String place) {
    if (column.type() == first.type() && column.type() != ColumnType.CATEGORICAL) {
      return;
    }
    String found = "'%s' is %s".formatted(first.name(), word(first.type()));
    if (column.type() != first.type()) {
      found += " and '%s' is %s".formatted(column.name(), word(column.type()));
    }
    throw DataProblems.invalid(
        place,
        "must be all numeric or all boolean, %s; %s"
            .formatted(found, remedy(table, first, column)));
  }

  /// What makes one of two targets of different types, or of texts, one that goes with the other.
  private static String remedy(Table table, Column first, Column second) {
    boolean anyBoolean = first.type() == ColumnType.BOOLEAN || second.type() == ColumnType.BOOLEAN;
    for (Column column : List.of(first, second)) {
      String name = column.name();
      if (anyBoolean && column instanceof NumericColumn && isZeroOrOne(column)) {
        return "'%s' has only 0 and 1: send %s".formatted(name, Findings.typed(name, "boolean"));
      }
      if (readsAsNumbers(table, column)) {
        return "the texts of '%s' are all numbers: send %s"
            .formatted(name, Findings.typed(name, "numeric"));
      }
      if (column instanceof CategoricalColumn texts
          && texts.type() == ColumnType.CATEGORICAL
          && texts.categories().size() == 2) {
        return "write the two texts of '%s' as false and true, or as 0 and 1".formatted(name);
      }
    }
    return "train a model for each";
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
                    word(column.type()),
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
