package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class AdmissionTest {

  private Instant now = Instant.EPOCH;

  private final InstantSource clock = () -> now;

  private Admission admission(double[] costs, int folds, double seconds) {
    return new Admission(
        costs, folds, new Admission.Limits(seconds, 1), new Begun(1, false, 0), clock);
  }

  private void run(Admission admission, int task, int seconds) {
    now = now.plusSeconds(seconds);
    admission.ended(task, seconds);
  }

  /// The first takes 10 s, twice its estimate. The second is three times as much and would end at
  /// 40 s, the third at 50 s.
  @Test
  void aCandidateBeginsIfItWillEndInTime() {
    Admission admission = admission(new double[] {5, 15, 5}, 1, 40);
    assertThat(admission.mayBegin(0)).isTrue();
    run(admission, 0, 10);
    assertThat(admission.mayBegin(1)).isTrue();
    run(admission, 1, 30);
    assertThat(admission.mayBegin(2)).isFalse();
    assertThat(admission.known()).isEqualTo(new Begun(2, true, 40));
  }

  @Test
  void theFirstCandidateAlwaysRuns() {
    Admission admission = admission(new double[] {5, 5}, 2, 1);
    assertThat(admission.mayBegin(0)).isTrue();
    run(admission, 0, 10);
    assertThat(admission.mayBegin(1)).isTrue();
    run(admission, 1, 10);
    assertThat(admission.mayBegin(2)).isFalse();
  }

  /// Even if the time has run out meanwhile.
  @Test
  void allFoldsOfACandidateThatHasBegunRun() {
    Admission admission = admission(new double[] {5, 5}, 2, 40);
    admission.mayBegin(0);
    run(admission, 0, 10);
    admission.mayBegin(1);
    run(admission, 1, 10);
    assertThat(admission.mayBegin(2)).isTrue();
    run(admission, 2, 100);
    assertThat(admission.mayBegin(3)).isTrue();
  }

  @Test
  void whatRanBeforeACheckpointCounts() {
    Admission admission =
        new Admission(
            new double[] {5, 5}, 1, new Admission.Limits(30.0, 1), new Begun(1, false, 25), clock);
    admission.ended(0, 10);
    assertThat(admission.mayBegin(1)).isFalse();
  }
}
