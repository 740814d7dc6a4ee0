package dev.backprop.service.intake;

import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import dev.backprop.service.dataset.DataProblems;
import dev.backprop.service.dataset.Findings;
import dev.backprop.service.intake.SchemaRequest.TargetTask;
import java.util.List;

/// What several target columns ask of the network: numbers, or labels of which any may hold.
///
/// @param pointer to the object with the `target`
record SeveralTargets(Table table, List<Column> columns, SchemaRequest request, String pointer) {

  /// @param warnings receives warnings about the targets
  InferredTarget inferred(List<String> warnings) {
    columns.forEach(column -> checkAlike(columns.getFirst(), column));
    columns.forEach(column -> InferredTarget.checkVaries(column, pointer + "/target"));
    List<String> names = columns.stream().map(Column::name).toList();
    boolean numeric = columns.getFirst().type() == ColumnType.NUMERIC;
    if (!numeric) {
      checkTask(TargetTask.CLASSIFICATION, "several boolean targets");
      return new InferredTarget(table, new Target.MultiLabel(names), warnings);
    }
    Column other = columns.stream().filter(column -> !isZeroOrOne(column)).findFirst().orElse(null);
    if (other != null) {
      checkTask(
          TargetTask.REGRESSION,
          "several numeric targets, unless all are 0 or 1, '%s' has %s"
              .formatted(other.name(), Label.number(other.cell(neitherZeroNorOne(other))).text()));
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

  private void checkTask(TargetTask expected, String targets) {
    if (request.task() != null && request.task() != expected) {
      throw DataProblems.invalid(
          pointer + "/task",
          "must be %s for %s; was %s"
              .formatted(Findings.word(expected), targets, Findings.word(request.task())));
    }
  }

  private static boolean isZeroOrOne(Column column) {
    return neitherZeroNorOne(column) < 0;
  }

  /// The first row of a numeric column with a number other than 0 and 1; -1 if there is none.
  private static int neitherZeroNorOne(Column column) {
    for (int row = 0; row < column.rows(); row++) {
      double cell = column.cell(row);
      if (!Double.isNaN(cell) && cell != 0 && cell != 1) {
        return row;
      }
    }
    return -1;
  }

  /// Checks that both targets are numeric or both are boolean.
  private void checkAlike(Column first, Column column) {
    if (column.type() == first.type() && column.type() != ColumnType.CATEGORICAL) {
      return;
    }
    String found = "'%s' is %s".formatted(first.name(), Findings.word(first.type()));
    if (column.type() != first.type()) {
      found += " and '%s' is %s".formatted(column.name(), Findings.word(column.type()));
    }
    throw DataProblems.invalid(
        pointer + "/target",
        "must be all numeric or all boolean, %s; %s".formatted(found, remedy(first, column)));
  }

  /// What to send so that two targets get the same type.
  private String remedy(Column first, Column second) {
    boolean anyBoolean = first.type() == ColumnType.BOOLEAN || second.type() == ColumnType.BOOLEAN;
    for (Column column : List.of(first, second)) {
      String name = column.name();
      if (anyBoolean && column instanceof NumericColumn && isZeroOrOne(column)) {
        return "'%s' has only 0 and 1: send %s".formatted(name, Findings.typed(name, "boolean"));
      }
      if (InferredTarget.readsAsNumbers(table, column)) {
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
}
