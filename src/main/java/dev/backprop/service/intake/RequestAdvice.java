package dev.backprop.service.intake;

import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.NumberFormat;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.NumberAdvice;
import dev.backprop.service.intake.SchemaRequest.ColumnUse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// Advice about columns of a request. It says if most values of a column would be numbers with
/// other options.
final class RequestAdvice {

  private RequestAdvice() {}

  /// A sentence for each column that the training uses, or would use if it were numeric, and that
  /// the request does not call categorical.
  static List<String> of(InferredSchema inferred, SchemaRequest request) {
    List<Column> used =
        inferred.schema().fields().stream()
            .filter(field -> field.role() != Schema.Role.IGNORED)
            .filter(
                field -> {
                  ColumnUse use = request.columns().get(field.name());
                  return use == null || use.type() != ColumnUse.Type.CATEGORICAL;
                })
            .map(field -> inferred.table().column(field.name()))
            .filter(Objects::nonNull)
            .toList();
    return NumberAdvice.of(used, NumberFormat.PLAIN);
  }

  /// Advice to append to a refusal, about the columns that the refusal names; empty if there is
  /// none.
  static String of(ProblemException refusal, Table table, SchemaRequest request) {
    Set<String> names = new LinkedHashSet<>(request.target());
    names.addAll(request.columns().keySet());
    if (request.weight() != null) {
      names.add(request.weight());
    }
    boolean singleTarget = request.target().size() == 1;
    List<Column> columns = new ArrayList<>();
    for (String name : names) {
      Column column = table.column(name);
      boolean said =
          refusal.detail().contains("'" + name + "'")
              || refusal.errors().stream()
                  .map(Problem.Field::pointer)
                  .anyMatch(
                      pointer ->
                          pointer.contains("/columns/" + Problem.Field.part(name) + "/")
                              || (singleTarget
                                  && pointer.endsWith("/target")
                                  && request.target().contains(name)));
      if (column != null && said) {
        columns.add(column);
      }
    }
    return NumberAdvice.of(columns, NumberFormat.PLAIN).stream()
        .map(advice -> "; " + advice)
        .collect(Collectors.joining());
  }
}
