package dev.backprop.platform.problem;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request that is answered with a problem.
public final class ProblemException extends RuntimeException {

  private final ProblemCode code;
  private final String detail;
  private final List<Problem.Field> errors;
  private final @Nullable Duration retryAfter;

  public ProblemException(ProblemCode code, String detail) {
    this(code, detail, List.of(), null);
  }

  private ProblemException(
      ProblemCode code, String detail, List<Problem.Field> errors, @Nullable Duration retryAfter) {
    // Raised for what a client did: the place in the code is of no interest.
    super(code.code() + ": " + detail, null, false, false);
    this.code = code;
    this.detail = detail;
    this.errors = List.copyOf(errors);
    this.retryAfter = retryAfter;
  }

  /// A problem with one field of the body.
  ///
  /// @param pointer a JSON pointer such as `/data/rows/3/age`
  public static ProblemException at(ProblemCode code, String pointer, String detail) {
    String place = pointer.isEmpty() ? "the body" : pointer;
    return new ProblemException(
        code, place + ": " + detail, List.of(new Problem.Field(pointer, detail)), null);
  }

  /// A problem with several fields of the body.
  public static ProblemException of(ProblemCode code, String detail, List<Problem.Field> errors) {
    return new ProblemException(code, detail, errors, null);
  }

  /// The same problem as one of a part of the body, which has a name.
  public ProblemException in(String part) {
    return new ProblemException(code, part + ": " + detail, errors, retryAfter);
  }

  /// The same problem with what may be the remedy.
  ///
  /// @param advice such as "; give delimiter=%3B", empty if there is none
  public ProblemException advised(String advice) {
    return advice.isEmpty()
        ? this
        : new ProblemException(
            code,
            detail + advice,
            errors.stream()
                .map(error -> new Problem.Field(error.pointer(), error.detail() + advice))
                .toList(),
            retryAfter);
  }

  /// The same problem with a `Retry-After`, rounded up to whole seconds.
  public ProblemException withRetryAfter(Duration after) {
    return new ProblemException(code, detail, errors, after);
  }

  public ProblemCode code() {
    return code;
  }

  public String detail() {
    return detail;
  }

  public List<Problem.Field> errors() {
    return errors;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  public Problem problem(@Nullable String instance) {
    return Problem.of(code, detail, instance, errors);
  }
}
