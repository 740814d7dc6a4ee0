package dev.backprop.service.intake;

import dev.backprop.engine.data.ExampleWeights;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Schema.Role;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.DataProblems;
import dev.backprop.service.dataset.Findings;
import dev.backprop.service.intake.SchemaRequest.ColumnUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Decides from all rows what every column is for. It finds the features and their types, what the
/// target asks of the network, and the columns from which nothing can be learned.
public final class SchemaInference {

  private final SchemaRequest request;
  private final String pointer;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  private SchemaInference(SchemaRequest request, String pointer) {
    this.request = request;
    this.pointer = pointer;
  }

  /// @param pointer to the object that has the data, its `target` and its `columns`, such as
  ///   `/data`
  /// @param rowsPointer points to what gave the rows, such as `/data/rows`
  /// @throws ProblemException if the data do not fit the request, or if nothing can be learned from
  ///   them
  public static InferredSchema infer(
      Table table, SchemaRequest request, String pointer, String rowsPointer) {
    try {
      InferredSchema inferred = new SchemaInference(request, pointer).infer(table, rowsPointer);
      return inferred.warned(RequestAdvice.of(inferred, request));
    } catch (ProblemException e) {
      throw DataProblems.advised(e, table).advised(RequestAdvice.of(e, table, request));
    }
  }

  private InferredSchema infer(Table table, String rowsPointer) {
    checkRows(table, rowsPointer);
    checkColumns(table);
    Table typed = typed(table);
    InferredTarget inferred = InferredTarget.of(typed, request, pointer);
    checkRange(inferred.table(), inferred.target(), pointer);
    checkWeight(inferred.table(), request, pointer);
    warnings.addAll(
        SplitColumn.check(inferred.table(), request.split(), request.target(), pointer));
    List<Schema.Field> fields = new ArrayList<>();
    for (Column column : inferred.table().columns()) {
      Schema.Field field = field(column);
      // The texts that counted as missing while classes were a column of numbers.
      fields.add(
          field.role() == Role.TARGET && typed.column(field.name()) instanceof NumericColumn numbers
              ? field.missing(numbers)
              : field);
    }
    if (fields.stream().noneMatch(field -> field.role() == Role.FEATURE)) {
      throw DataProblems.invalid(
          rowsPointer,
          "must have a column to learn from, has none"
              + (leftOut.isEmpty() ? "" : ": " + String.join(", ", leftOut)));
    }
    String numbered = Findings.numbered(numberedFeatures(inferred.table(), fields));
    if (numbered != null) {
      warnings.add(numbered);
    }
    warnings.addAll(inferred.warnings());
    for (int c = 0; c < fields.size(); c++) {
      Schema.Field field = fields.get(c);
      // If a column is left out although the request says its type, its notes may say why.
      boolean asked = field.role() == Role.DROPPED && request.types(field.name());
      if (asked
          || field.role() == Role.FEATURE
          || field.role() == Role.TARGET
          || field.role() == Role.WEIGHT) {
        warnings.addAll(inferred.table().columns().get(c).notes());
      }
    }
    return new InferredSchema(
        inferred.table(), new Schema(fields, inferred.target()), request.task() == null, warnings);
  }

  /// The features that seem to number the rows, without those that the request calls numeric.
  private List<Column> numberedFeatures(Table table, List<Schema.Field> fields) {
    return fields.stream()
        .filter(field -> field.role() == Role.FEATURE && !request.types(field.name()))
        .map(field -> Objects.requireNonNull(table.column(field.name())))
        .filter(Findings::isNumbered)
        .toList();
  }

  static void checkRows(Table table, String rowsPointer) {
    if (table.rows() < 2) {
      throw DataProblems.invalid(rowsPointer, "must have at least 2 rows, had " + table.rows());
    }
  }

  /// @param place the pointer to what the request says of the column
  static Column checkColumn(Table table, String name, String place) {
    Column column = table.column(name);
    if (column == null) {
      throw DataProblems.invalid(place, "must be a column of the data, is none");
    }
    return column;
  }

  /// @param labelled how many rows have every target
  /// @param pointer to the object with the `target`
  /// @return warnings
  static List<String> checkLabelled(Table table, int labelled, String pointer) {
    if (labelled < 2) {
      throw DataProblems.invalid(
          pointer + "/target", "must have a value in at least 2 rows, has one in " + labelled);
    }
    return labelled < table.rows()
        ? List.of("%d rows without a target are left out".formatted(table.rows() - labelled))
        : List.of();
  }

  /// Checks that the request names only columns that exist, and that what it says of them is
  /// allowed.
  private void checkColumns(Table table) {
    request
        .columns()
        .forEach(
            (name, use) -> {
              String place = pointer + "/columns/" + Problem.Field.part(name);
              checkNullable(place + "/nullable", checkColumn(table, name, place), use, request);
            });
  }

  /// The request may say only of features whether they are nullable. It may not call a feature with
  /// missing cells not nullable.
  static void checkNullable(String place, Column column, ColumnUse use, SchemaRequest request) {
    if (use.nullable() == null) {
      return;
    }
    String name = column.name();
    if (request.target().contains(name)) {
      throw DataProblems.invalid(
          place,
          "must be left out, '%s' is a target: rows without one are left out".formatted(name));
    }
    if (name.equals(request.weight())) {
      throw DataProblems.invalid(
          place, "must be left out, '%s' is the weight, which no row may lack".formatted(name));
    }
    if (use.ignored()) {
      throw DataProblems.invalid(
          place, "must be left out, '%s' is ignored and may always be missing".formatted(name));
    }
    if (SplitColumn.isOnlyThat(name, request)) {
      throw DataProblems.invalid(
          place,
          "must be left out unless there is a type: '%s' parts the rows and is no feature"
              .formatted(name));
    }
    if (!use.nullable() && column.missing() > 0) {
      throw DataProblems.invalid(
          place,
          "must be true or left out, '%s' has no value in %d of %d rows"
              .formatted(name, column.missing(), column.rows()));
    }
  }

  /// The table with the types that the request says.
  private Table typed(Table table) {
    Table typed = table;
    for (Map.Entry<String, ColumnUse> entry : request.columns().entrySet()) {
      String name = entry.getKey();
      String place = pointer + "/columns/" + Problem.Field.part(name);
      ColumnType type = type(entry.getValue());
      if (type == null) {
        continue;
      }
      try {
        typed = typed.retyped(name, type);
      } catch (InvalidDataException e) {
        throw DataProblems.inTable(place + "/type", e);
      }
    }
    return SplitColumn.withAllTexts(typed, request);
  }

  private static @Nullable ColumnType type(ColumnUse use) {
    return switch (use.type()) {
      case NUMERIC -> ColumnType.NUMERIC;
      case CATEGORICAL -> ColumnType.CATEGORICAL;
      case BOOLEAN -> ColumnType.BOOLEAN;
      case DATE -> ColumnType.DATE;
      case IGNORE -> null;
      case null -> null;
    };
  }

  /// @param pointer to the object with the `target`
  static void checkRange(Table table, Target target, String pointer) {
    try {
      TargetEncoder.check(table, target);
    } catch (InvalidDataException e) {
      throw DataProblems.inTable(pointer + "/target", e);
    }
  }

  /// @param table has the target columns
  static void checkWeight(Table table, SchemaRequest request, String pointer) {
    String name = request.weight();
    if (name == null) {
      return;
    }
    String place = pointer + "/weight";
    Column column = table.column(name);
    if (column == null) {
      throw DataProblems.invalid(place, "must be a column of the data, '" + name + "' is none");
    }
    if (request.target().contains(name)) {
      throw DataProblems.invalid(place, "must not be a target, '" + name + "' is one");
    }
    ColumnUse use = request.columns().get(name);
    if (use != null && use.ignored()) {
      throw DataProblems.invalid(
          pointer + "/columns/" + Problem.Field.part(name) + "/type",
          "must not be ignore, the column is the weight");
    }
    if (!(column instanceof NumericColumn)) {
      throw DataProblems.invalid(
          place,
          "must be a numeric column, '%s' is %s".formatted(name, Findings.word(column.type())));
    }
    try {
      if (ExampleWeights.of(table, name, request.target()) == null) {
        throw DataProblems.invalid(
            place, "must have a value in every row with a target, '%s' has 0".formatted(name));
      }
    } catch (InvalidDataException e) {
      throw DataProblems.inTable(place, e);
    }
  }

  private Schema.Field field(Column column) {
    if (request.target().contains(column.name())) {
      return Schema.Field.of(column, Role.TARGET);
    }
    if (column.name().equals(request.weight())) {
      return Schema.Field.of(column, Role.WEIGHT);
    }
    ColumnUse use = request.columns().get(column.name());
    if (use != null && use.ignored()) {
      leftOut.add("'" + column.name() + "' is ignored");
      return Schema.Field.unused(column, Role.IGNORED, null);
    }
    if (SplitColumn.isOnlyThat(column.name(), request)) {
      leftOut.add("'" + column.name() + "' parts the rows");
      return Schema.Field.unused(column, Role.IGNORED, null);
    }
    String reason = Findings.uselessness(column, request.types(column.name()));
    if (reason == null) {
      Schema.Field field = Schema.Field.of(column, Role.FEATURE);
      return use == null || use.nullable() == null ? field : field.nullable(use.nullable());
    }
    leftOut.add("'" + column.name() + "' " + reason);
    String advice = column.missing() == column.rows() ? "" : Findings.adviceOnText(column);
    warnings.add("column '%s' is left out: it %s%s".formatted(column.name(), reason, advice));
    return Schema.Field.unused(column, Role.DROPPED, reason);
  }
}
