package dev.backprop.service.prediction;

import dev.backprop.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The options in the query of a GET, beside the columns of its row. Each has a second name with a
/// leading `_`. A name that is also a column of the model means the column.
final class RowQueryOptions {

  private static final String PASS = "pass";
  private static final String UNKNOWN = "unknown";
  private static final Set<String> ALL =
      Set.of(
          PASS,
          UNKNOWN,
          ExplainOptions.EXPLAIN,
          ExplainOptions.EXPLAIN_CLASS,
          IntervalOption.INTERVAL,
          RowOptions.COUNT);

  private final Map<String, String[]> query;
  private final Predicate<String> isColumn;
  private final PassedNames pass;
  private final Set<String> candidates;
  private final boolean ignoring;

  /// @param query all of it
  /// @param isColumn whether the model has a column of that name
  /// @throws ProblemException 400 if an option has an impossible value
  RowQueryOptions(Map<String, String[]> query, Predicate<String> isColumn) {
    this.query = query;
    this.isColumn = isColumn;
    this.pass = new PassedNames(values(PASS));
    this.candidates = pass.candidates();
    List<String> unknown = values(UNKNOWN);
    if (unknown.size() > 1) {
      throw QueryRow.repeated(UNKNOWN, unknown.size());
    }
    unknown.forEach(value -> RowOptions.checkUnknown(UNKNOWN, value));
    this.ignoring = !unknown.isEmpty();
  }

  private List<String> values(String option) {
    List<String> values = new ArrayList<>();
    for (String name : List.of(option, "_" + option)) {
      if (query.containsKey(name) && !isColumn.test(name)) {
        values.addAll(List.of(query.get(name)));
      }
    }
    return values;
  }

  private boolean isOption(String name) {
    return ALL.contains(name.startsWith("_") ? name.substring(1) : name) && !isColumn.test(name);
  }

  /// Whether a parameter that is no column of the model may stand in the query.
  boolean allows(String name) {
    return ignoring || candidates.contains(name) || isOption(name);
  }

  /// @throws ProblemException as [ExplainOptions#of]
  ExplainOptions explaining() {
    return ExplainOptions.of(values(ExplainOptions.EXPLAIN), values(ExplainOptions.EXPLAIN_CLASS));
  }

  /// Whether the row counts for drift.
  ///
  /// @throws ProblemException 400 for an impossible value
  boolean counts() {
    List<String> count = values(RowOptions.COUNT);
    if (count.size() > 1) {
      throw QueryRow.repeated(RowOptions.COUNT, count.size());
    }
    count.forEach(RowOptions::checkCount);
    return !count.contains("false");
  }

  /// The values of that option.
  List<String> intervals() {
    return values(IntervalOption.INTERVAL);
  }

  /// The texts of the columns that are copied into the answer.
  ///
  /// @throws ProblemException 422 if one is not in the query, 400 if one is there twice
  Map<String, @Nullable String> passed() {
    Map<String, @Nullable String> passed = new LinkedHashMap<>();
    for (String name : pass.of(name -> query.containsKey(name) && !isOption(name))) {
      String text = QueryRow.single(name, Objects.requireNonNull(query.get(name))).strip();
      passed.put(name, text.isEmpty() ? null : text);
    }
    return passed;
  }
}
