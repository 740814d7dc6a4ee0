package dev.backprop.service.prediction;

import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether answers are to be explained.
///
/// @param explained the text of the class whose odds are explained; null for that of the answer
record ExplainOptions(boolean asked, @Nullable String explained) {

  static final String EXPLAIN = "explain";
  static final String EXPLAIN_CLASS = "explainClass";

  static final ExplainOptions NONE = new ExplainOptions(false, null);

  /// @param explain the values of the option of that name, as `explained` those of its class
  /// @throws ProblemException 400 for an impossible value, 422 for a class of nothing explained
  static ExplainOptions of(List<String> explain, List<String> explained) {
    String asked = single(EXPLAIN, explain);
    if (asked != null && !asked.equals("true") && !asked.equals("false")) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER,
          "%s: must be true or false, was '%s'".formatted(EXPLAIN, Excerpt.of(asked)));
    }
    boolean does = "true".equals(asked);
    String named = single(EXPLAIN_CLASS, explained);
    if (named != null && !does) {
      throw new ProblemException(
          ProblemCode.INVALID_DATA, EXPLAIN_CLASS + ": goes with explain=true only");
    }
    return does ? new ExplainOptions(true, named) : NONE;
  }

  private static @Nullable String single(String name, List<String> values) {
    if (values.size() > 1) {
      throw QueryRow.repeated(name, values.size());
    }
    return values.isEmpty() ? null : values.getFirst();
  }
}
