package dev.backprop.service.dataset;

import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.http.QueryOptions;
import dev.backprop.platform.problem.Excerpt;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Columns of an upload whose type the query says. Names are separated by commas. A value that is
/// as a whole the name of a column means that column, so a name may contain a comma.
@QueryOptions
record ColumnParameters(List<String> categorical, List<String> keep) {

  private static final int MAX_NAMES = 1000;

  TableBuilder.Reading reading(MissingTokens missing) {
    return new TableBuilder.Reading(
        missing, names("categorical", categorical), names("keep", keep));
  }

  private static Set<String> names(String parameter, List<String> values) {
    Set<String> names = new HashSet<>();
    for (String value : values) {
      names.add(value.strip());
      for (String part : value.split(",", -1)) {
        names.add(part.strip());
      }
    }
    if (names.size() > MAX_NAMES) {
      throw DataProblems.invalidParameter(
          "%s: must be at most %d names, were %d".formatted(parameter, MAX_NAMES, names.size()));
    }
    return names;
  }

  /// @throws dev.backprop.platform.problem.ProblemException 422 if there is no column with a given
  ///   name
  void check(Table table) {
    check("categorical", categorical, table);
    check("keep", keep, table);
  }

  private static void check(String parameter, List<String> values, Table table) {
    for (String value : values) {
      if (table.column(value.strip()) == null) {
        for (String part : value.split(",", -1)) {
          if (table.column(part.strip()) == null) {
            throw DataProblems.invalid(
                "%s: must name columns of the data, '%s' is none"
                    .formatted(parameter, Excerpt.of(part.strip())));
          }
        }
      }
    }
  }
}
