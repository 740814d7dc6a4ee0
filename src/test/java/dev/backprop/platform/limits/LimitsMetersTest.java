package dev.backprop.platform.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsMetersTest {

  @Test
  void tellsOfEachBudgetWhatIsHeldAndRefused() {
    Budget budget = Budget.inFlight(100);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new LimitsMeters(List.of(budget)).bindTo(registry);
    Budget.Claim claim = budget.claim();
    claim.grow(60);

    assertThatThrownBy(() -> claim.grow(41))
        .isInstanceOf(ProblemException.class)
        .hasMessage(
            "busy: the bodies of all requests and answers together may hold 100 bytes, this needs 1 more than are left; try again later");

    assertThat(registry.get("backprop.budget.held").tag("budget", "in-flight").gauge().value())
        .isEqualTo(60);
    assertThat(registry.get("backprop.budget.waiting").gauge().value()).isZero();
    assertThat(registry.get("backprop.budget.refused").functionCounter().count()).isEqualTo(1);
  }
}
