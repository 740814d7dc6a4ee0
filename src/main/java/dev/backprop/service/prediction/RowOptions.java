package dev.backprop.service.prediction;

import dev.backprop.engine.scoring.Predictor;
import dev.backprop.platform.http.QueryOptions;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the query of a POST says about its rows and their answers.
///
/// @param unknown `ignore`; null if unknown columns are refused
/// @param warnings true or false; null means false
/// @param explain likewise
/// @param explainClass see [ExplainOptions]
/// @param interval see [IntervalOption]
/// @param count whether the rows count for drift, true or false; null means true
@QueryOptions
record RowOptions(
    List<String> pass,
    @Nullable String unknown,
    @Nullable String warnings,
    @Nullable String explain,
    @Nullable String explainClass,
    @Nullable String interval,
    @Nullable String count) {

  static final String IGNORE = "ignore";

  static final RowOptions NONE = new RowOptions(List.of(), null, null, null, null, null, null);

  RowOptions {
    pass = List.copyOf(pass);
  }

  /// @throws ProblemException 400 for an impossible value
  void check() {
    checkUnknown("unknown", unknown);
    if (warnings != null && !warnings.equals("true") && !warnings.equals("false")) {
      throw refused("warnings", "true or false", warnings);
    }
    checkCount(count);
  }

  static final String COUNT = "count";

  static void checkCount(@Nullable String value) {
    if (value != null && !value.equals("true") && !value.equals("false")) {
      throw refused(COUNT, "true or false", value);
    }
  }

  /// Whether the rows count for drift.
  boolean counts() {
    return !"false".equals(count);
  }

  /// @throws ProblemException as [ExplainOptions#of]
  ExplainOptions explaining() {
    return ExplainOptions.of(list(explain), list(explainClass));
  }

  /// @throws ProblemException as [IntervalOption#of]
  @Nullable BigDecimal interval(Predictor predictor) {
    return IntervalOption.of(list(interval), predictor);
  }

  private static List<String> list(@Nullable String value) {
    return value == null ? List.of() : List.of(value);
  }

  PassedNames names() {
    return new PassedNames(pass);
  }

  boolean ignoring() {
    return unknown != null;
  }

  boolean withWarnings() {
    return "true".equals(warnings);
  }

  /// @param name as the query has it
  static void checkUnknown(String name, @Nullable String value) {
    if (value != null && !value.equals(IGNORE)) {
      throw refused(name, IGNORE, value);
    }
  }

  private static ProblemException refused(String name, String expected, String was) {
    return new ProblemException(
        ProblemCode.INVALID_PARAMETER,
        "%s: must be %s, was '%s'".formatted(name, expected, Excerpt.of(was)));
  }
}
