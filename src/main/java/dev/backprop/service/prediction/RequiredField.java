package dev.backprop.service.prediction;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Fields that a body must have. The mapper that reads it leaves null what is not there.
final class RequiredField {

  private RequiredField() {}

  /// @throws ProblemException 400 if it is null
  static void check(String name, @Nullable Object value) {
    if (value == null) {
      throw ProblemException.at(ProblemCode.WRONG_TYPE, "/" + name, "is required");
    }
  }

  /// @throws ProblemException 400 if a text is null
  static void checkTexts(String name, List<? extends @Nullable String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      if (texts.get(i) == null) {
        throw ProblemException.at(
            ProblemCode.WRONG_TYPE, "/%s/%d".formatted(name, i), "must be a string, was null");
      }
    }
  }
}
