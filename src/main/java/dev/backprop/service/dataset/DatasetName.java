package dev.backprop.service.dataset;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.regex.Pattern;

/// What a data set may be called. Several may have one name.
final class DatasetName {

  private static final int MAX = 200;

  private static final Pattern UUID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private DatasetName() {}

  /// Whether a text is an id where either may stand.
  static boolean isId(String text) {
    return UUID.matcher(text).matches();
  }

  /// @throws ProblemException 400 for a name that cannot be
  static String checked(String name) {
    if (name.isBlank() || name.length() > MAX) {
      throw invalid(
          "name: must have 1 to %d characters, had %d".formatted(MAX, name.strip().length()));
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw invalid("name: must not have control characters");
    }
    if (isId(name)) {
      throw invalid("name: must not have the form of a UUID, as ids have");
    }
    return name;
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(ProblemCode.INVALID_PARAMETER, detail);
  }
}
