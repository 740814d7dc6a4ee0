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
  private final List<String> ids;

  public ProblemException(ProblemCode code, String detail) {
    this(code, detail, List.of(), null, List.of());
  }

  private ProblemException(
      ProblemCode code,
      String detail,
      List<Problem.Field> errors,
      @Nullable Duration retryAfter,
      List<String> ids) {
    // Raised for what a client did: the place in the code is of no interest.
    super(code.code() + ": " + detail, null, false, false);
    this.code = code;
    this.detail = detail;
    this.errors = List.copyOf(errors);
    this.retryAfter = retryAfter;
    this.ids = List.copyOf(ids);
  }

  /// A problem with one field of the body.
  ///
  /// @param pointer a JSON pointer such as `/data/rows/3/age`
  public static ProblemException at(ProblemCode code, String pointer, String detail) {
    String place = pointer.isEmpty() ? "the body" : pointer;
    return new ProblemException(
        code, place + ": " + detail, List.of(new Problem.Field(pointer, detail)), null, List.of());
  }

  /// A problem with several fields of the body.
  public static ProblemException of(ProblemCode code, String detail, List<Problem.Field> errors) {
    return new ProblemException(code, detail, errors, null, List.of());
  }

  /// The same problem as one of a part of the body, which has a name.
  public ProblemException in(String part) {
    return new ProblemException(code, part + ": " + detail, errors, retryAfter, ids);
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
            retryAfter,
            ids);
  }

  /// The same problem with a `Retry-After`, rounded up to whole seconds.
  public ProblemException withRetryAfter(Duration after) {
    return new ProblemException(code, detail, errors, after, ids);
  }

  /// The same problem with the ids of what may be meant.
  public ProblemException withIds(List<String> meant) {
    return new ProblemException(code, detail, errors, retryAfter, meant);
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
    return Problem.of(code, detail, instance, errors).withIds(ids);
  }
}
