package dev.backprop.platform.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import org.junit.jupiter.api.Test;

class InFlightBytesTest {

  private final InFlightBytes bytes = new InFlightBytes(100);

  @Test
  void countsWhatAllClaimsHoldTogether() {
    try (InFlightBytes.Claim a = bytes.claim();
        InFlightBytes.Claim b = bytes.claim()) {
      a.grow(60);
      b.grow(40);
      assertThat(bytes.held()).isEqualTo(100);
      a.grow(-50);
      assertThat(bytes.held()).isEqualTo(50);
    }
    assertThat(bytes.held()).isEqualTo(0);
    assertThat(bytes.limit()).isEqualTo(100);
  }

  @Test
  void refusesWhatDoesNotFitAndHoldsNoneOfIt() {
    try (InFlightBytes.Claim a = bytes.claim();
        InFlightBytes.Claim b = bytes.claim()) {
      a.grow(60);
      assertThatThrownBy(() -> b.grow(41))
          .isInstanceOfSatisfying(
              ProblemException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ProblemCode.BUSY);
                assertThat(e.retryAfter()).isPositive();
              });
      assertThat(bytes.held()).isEqualTo(60);
      b.grow(40);
    }
    assertThat(bytes.held()).isEqualTo(0);
  }

  @Test
  void letsGoOnceHoweverOftenAClaimIsClosed() {
    InFlightBytes.Claim a = bytes.claim();
    InFlightBytes.Claim b = bytes.claim();
    a.grow(10);
    b.grow(20);

    a.close();
    a.close();

    assertThat(bytes.held()).isEqualTo(20);
  }
}
