package dev.backprop.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Asserts what an [InvalidSpecException] says.
public final class Refusals {

  private Refusals() {}

  public static void refused(ThrowingCallable building, String pointer, String detail) {
    assertThatExceptionOfType(InvalidSpecException.class)
        .isThrownBy(building)
        .satisfies(e -> assertThat(e.pointer()).isEqualTo(pointer))
        .satisfies(e -> assertThat(e.detail()).isEqualTo(detail))
        .withMessage(pointer + ": " + detail);
  }
}
