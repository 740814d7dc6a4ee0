package dev.backprop.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Asserts which problem a call ends with.
public final class Problems {

  private Problems() {}

  public static ProblemException assertProblem(ProblemCode code, ThrowingCallable call) {
    ProblemException problem = catchThrowableOfType(ProblemException.class, call);
    assertThat(problem).isNotNull();
    assertThat(problem.code()).isEqualTo(code);
    return problem;
  }
}
