package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.plan.SpareMemory;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LoansTest {

  private final Budget memory =
      new Budget("training", 100, _ -> new ProblemException(ProblemCode.EXCEEDS_MEMORY, ""));
  private final Loans loans = new Loans(memory);
  private final List<String> calledBack = new ArrayList<>();

  private SpareMemory.Loan lend(long bytes, String name) {
    return Objects.requireNonNull(loans.lend(bytes, () -> calledBack.add(name)));
  }

  /// A training that waits for what it was promised gets it, whatever is lent.
  @Test
  void aTrainingThatFitsByItsEstimateIsNeverHeldUp() throws InterruptedException {
    Budget.Claim running = memory.claim();
    running.grow(30);
    SpareMemory.Loan first = lend(20, "first");
    SpareMemory.Loan second = lend(40, "second");
    assertThat(memory.held()).isEqualTo(90);

    Budget.Claim queued = memory.claim();
    assertThat(queued.await(70, Duration.ZERO)).isTrue();
    assertThat(calledBack).containsExactly("second", "first");
    assertThat(memory.held()).isEqualTo(100);

    // What was called back is not given back twice.
    first.close();
    second.close();
    assertThat(memory.held()).isEqualTo(100);
  }

  @Test
  void callsBackNoMoreThanItNeeds() throws InterruptedException {
    SpareMemory.Loan first = lend(50, "first");
    lend(50, "second");
    assertThat(memory.claim().await(40, Duration.ZERO)).isTrue();
    assertThat(calledBack).containsExactly("second");
    first.close();
    assertThat(memory.held()).isEqualTo(40);
  }

  @Test
  void callsNothingBackThatWouldNotSuffice() throws InterruptedException {
    Budget.Claim running = memory.claim();
    running.grow(60);
    lend(40, "loan");
    assertThat(memory.claim().await(50, Duration.ZERO)).isFalse();
    assertThat(calledBack).isEmpty();
  }

  @Test
  void oneLoanCallsNoOtherBack() {
    lend(80, "loan");
    assertThat(loans.lend(30, () -> {})).isNull();
    assertThat(calledBack).isEmpty();
    assertThat(memory.held()).isEqualTo(80);
  }
}
