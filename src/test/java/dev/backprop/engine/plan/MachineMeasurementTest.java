package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.linalg.JavaKernels;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MachineMeasurementTest {

  /// On this clock every look takes a millisecond, so that one action does.
  @Test
  void timeIsDividedByWhatWasDone() {
    AtomicLong time = new AtomicLong();
    MachineFigures figures =
        Objects.requireNonNull(
            new MachineMeasurement(new JavaKernels(), () -> time.addAndGet(1_000_000), () -> true)
                .measure());
    assertThat(figures.narrow()).isEqualTo(1e-3 / (64 * 16 * 16));
    assertThat(figures.middle()).isEqualTo(1e-3 / (64 * 64 * 64));
    assertThat(figures.wide()).isEqualTo(1e-3 / (64 * 256 * 256));
    assertThat(figures.element()).isEqualTo(1e-3 / 4_096);
    assertThat(figures.parameter()).isPositive();
  }

  @Test
  void givesUpAtOnce() {
    AtomicInteger asked = new AtomicInteger();
    AtomicLong time = new AtomicLong();
    MachineMeasurement calibration =
        new MachineMeasurement(
            new JavaKernels(), () -> time.addAndGet(1_000_000), () -> asked.incrementAndGet() < 3);
    assertThat(calibration.measure()).isNull();
    assertThat(time.get()).isLessThan(10_000_000);
  }
}
