package dev.backprop.platform.keys;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A request for another secret of a key.
///
/// @param validFor for how long the secret that it has is valid on, such as `PT1H`
@JsonInclude(JsonInclude.Include.NON_NULL)
record KeyRotation(@Nullable String validFor) {

  static final Duration USUAL = Duration.ofHours(24);
  static final Duration MOST = Duration.ofDays(30);

  /// @throws ProblemException 422 if it is no duration, or too long a one
  Duration duration() {
    if (validFor == null) {
      return USUAL;
    }
    Duration duration;
    try {
      duration = Duration.parse(validFor);
    } catch (DateTimeException _) {
      throw invalid("must be a duration such as PT1H, was '%s'".formatted(Excerpt.of(validFor)));
    }
    if (duration.isNegative() || duration.compareTo(MOST) > 0) {
      throw invalid("must be from PT0S to %s, was %s".formatted(MOST, duration));
    }
    return duration;
  }

  private static ProblemException invalid(String detail) {
    return ProblemException.at(ProblemCode.INVALID_SPEC, "/validFor", detail);
  }
}
