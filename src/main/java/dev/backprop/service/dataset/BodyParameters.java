package dev.backprop.service.dataset;

import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.NumberFormat;
import dev.backprop.platform.http.QueryOptions;
import dev.backprop.platform.problem.Excerpt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the query says about how a body with rows is written. It is the same for uploads,
/// predictions and evaluations, and holds for that body only. Null means that the query does not
/// say it.
///
/// @param delimiter a character; null means a comma, or what the first line of the text says
/// @param header true or false; null means true
/// @param decimal `.` or `,`; null means `.`
/// @param thousands `.` `,` `'` or a blank; null means that nothing separates groups of digits
/// @param missing the texts that stand for a missing value, separated by commas; allowed for every
///   type of body
@QueryOptions
public record BodyParameters(
    @Nullable String delimiter,
    @Nullable String header,
    @Nullable String decimal,
    @Nullable String thousands,
    @Nullable String missing) {

  /// The given tokens; the others if the query gives none.
  public MissingTokens missingTokens(MissingTokens otherwise) {
    return missing == null ? otherwise : new MissingTokens(List.of(missing.split(",", -1)));
  }

  /// How the body is written if it is CSV.
  ///
  /// @throws dev.backprop.platform.problem.ProblemException 400 if an option is impossible, or if
  ///   the body is not CSV
  public CsvOptions csv(BodyType type) {
    if (type.form() != BodyType.Form.CSV) {
      given()
          .forEach(
              (name, value) -> {
                if (value != null) {
                  throw DataProblems.invalidParameter(
                      "%s: is of text/csv, the body is %s".formatted(name, type.form().type()));
                }
              });
      return CsvOptions.DEFAULT;
    }
    return new CsvOptions(givenDelimiter(), hasHeader(), numbers(), type.charset());
  }

  private Map<String, @Nullable String> given() {
    Map<String, @Nullable String> given = new LinkedHashMap<>();
    given.put("delimiter", delimiter);
    given.put("header", header);
    given.put("decimal", decimal);
    given.put("thousands", thousands);
    return given;
  }

  private @Nullable Character givenDelimiter() {
    if (delimiter == null) {
      return null;
    }
    if (delimiter.length() != 1 || !Delimiter.isPossible(delimiter.charAt(0))) {
      throw DataProblems.invalidParameter(
          "delimiter: must be one character that is neither a quote nor a line break");
    }
    return delimiter.charAt(0);
  }

  private boolean hasHeader() {
    return switch (header) {
      case null -> true;
      case "true" -> true;
      case "false" -> false;
      default -> throw refused("header", "true or false", header);
    };
  }

  private NumberFormat numbers() {
    char point =
        switch (decimal) {
          case null -> '.';
          case "." -> '.';
          case "," -> ',';
          default -> throw refused("decimal", ". or ,", decimal);
        };
    try {
      return new NumberFormat(point, sign(thousands));
    } catch (IllegalArgumentException e) {
      throw DataProblems.invalidParameter(String.valueOf(e.getMessage()));
    }
  }

  private static char sign(@Nullable String thousands) {
    if (thousands == null) {
      return NumberFormat.NONE;
    }
    if (thousands.length() != 1 || thousands.charAt(0) == NumberFormat.NONE) {
      throw refused("thousands", "one of . , ' or a blank", thousands);
    }
    return thousands.charAt(0);
  }

  private static RuntimeException refused(String name, String expected, String was) {
    return DataProblems.invalidParameter(
        "%s: must be %s, was '%s'".formatted(name, expected, Excerpt.of(was)));
  }
}
