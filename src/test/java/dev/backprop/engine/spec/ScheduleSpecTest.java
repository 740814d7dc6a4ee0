package dev.backprop.engine.spec;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleSpecTest {

  @Test
  void defaults() {
    assertThat(Defaults.fill(ScheduleSpec.Step.class, 5)).isEqualTo(new ScheduleSpec.Step(5, 0.1));
    assertThat(Defaults.fill(ScheduleSpec.Step.class, 5, 0.5))
        .isEqualTo(new ScheduleSpec.Step(5, 0.5));
    assertThat(Defaults.fill(ScheduleSpec.Exponential.class, 0.9))
        .isEqualTo(new ScheduleSpec.Exponential(0.9));
    assertThat(Defaults.fill(ScheduleSpec.Cosine.class)).isEqualTo(new ScheduleSpec.Cosine(0, 0));
    assertThat(Defaults.fill(ScheduleSpec.Cosine.class, 3, 0.1))
        .isEqualTo(new ScheduleSpec.Cosine(3, 0.1));
    assertThat(Defaults.fill(ScheduleSpec.CosineRestarts.class))
        .isEqualTo(new ScheduleSpec.CosineRestarts(10, 1, 0));
    assertThat(Defaults.fill(ScheduleSpec.CosineRestarts.class, 5, 2, 0.1))
        .isEqualTo(new ScheduleSpec.CosineRestarts(5, 2, 0.1));
    assertThat(Defaults.fill(ScheduleSpec.OneCycle.class))
        .isEqualTo(new ScheduleSpec.OneCycle(0.3, 25, 1e4));
    assertThat(Defaults.fill(ScheduleSpec.OneCycle.class, 0.2, 10.0, 100.0))
        .isEqualTo(new ScheduleSpec.OneCycle(0.2, 10, 100));
    assertThat(Defaults.fill(ScheduleSpec.ExponentialWarmup.class))
        .isEqualTo(new ScheduleSpec.ExponentialWarmup(1_000));
    assertThat(Defaults.fill(ScheduleSpec.ExponentialWarmup.class, 50.0))
        .isEqualTo(new ScheduleSpec.ExponentialWarmup(50));
    assertThat(Defaults.fill(ScheduleSpec.ReduceOnPlateau.class))
        .isEqualTo(new ScheduleSpec.ReduceOnPlateau(0.1, 5, 0, 0, null));
    assertThat(Defaults.fill(ScheduleSpec.ReduceOnPlateau.class, 0.5, 3, 0.01, 0.1))
        .isEqualTo(new ScheduleSpec.ReduceOnPlateau(0.5, 3, 0.01, 0.1, null));
  }

  @Test
  void whatHasNoDefaultIsRequired() {
    refused(() -> Defaults.fill(ScheduleSpec.Step.class, null, 0.5), "/every", "is required");
    refused(() -> Defaults.fill(ScheduleSpec.Exponential.class), "/factor", "is required");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.01, Double.NaN})
  void factorsThatDoNotShrinkAreRefused(double factor) {
    String detail = "must be above 0 and at most 1, was " + factor;
    refused(() -> new ScheduleSpec.Step(1, factor), "/factor", detail);
    refused(() -> new ScheduleSpec.Exponential(factor), "/factor", detail);
  }

  @Test
  void epochsOfAScheduleAreInRange() {
    refused(() -> new ScheduleSpec.Step(0, 0.5), "/every", "must be at least 1, was 0");
    refused(() -> new ScheduleSpec.Step(10_001, 0.5), "/every", "must be at most 10000, was 10001");
    refused(() -> new ScheduleSpec.Cosine(-1, 0), "/warmupEpochs", "must be at least 0, was -1");
    refused(
        () -> new ScheduleSpec.Cosine(10_000, 0),
        "/warmupEpochs",
        "must be at most 9999, was 10000");
    refused(
        () -> new ScheduleSpec.Cosine(0, 1),
        "/minimumFactor",
        "must be at least 0 and below 1, was 1.0");
  }

  @Test
  void restartsAreInRange() {
    refused(() -> new ScheduleSpec.CosineRestarts(0, 1, 0), "/period", "must be at least 1, was 0");
    refused(
        () -> new ScheduleSpec.CosineRestarts(1, 0, 0), "/multiplier", "must be at least 1, was 0");
    refused(
        () -> new ScheduleSpec.CosineRestarts(1, 101, 0),
        "/multiplier",
        "must be at most 100, was 101");
    refused(
        () -> new ScheduleSpec.CosineRestarts(1, 1, 1),
        "/minimumFactor",
        "must be at least 0 and below 1, was 1.0");
  }

  @Test
  void cyclesAndWarmUpsAreInRange() {
    refused(
        () -> new ScheduleSpec.OneCycle(0, 25, 1e4),
        "/warmupFraction",
        "must be a finite number above 0, was 0.0");
    refused(
        () -> new ScheduleSpec.OneCycle(1, 25, 1e4),
        "/warmupFraction",
        "must be at least 0 and below 1, was 1.0");
    for (double divisor : new double[] {0.9, Double.NaN, Double.POSITIVE_INFINITY}) {
      String detail = "must be a finite number of at least 1, was " + divisor;
      refused(() -> new ScheduleSpec.OneCycle(0.3, divisor, 1e4), "/initialDivisor", detail);
      refused(() -> new ScheduleSpec.OneCycle(0.3, 25, divisor), "/finalDivisor", detail);
    }
    refused(
        () -> new ScheduleSpec.ExponentialWarmup(0),
        "/steps",
        "must be a finite number above 0, was 0.0");
  }

  @Test
  void plateausAreInRange() {
    refused(
        () -> new ScheduleSpec.ReduceOnPlateau(0, 1, 0, 0, null),
        "/factor",
        "must be a finite number above 0, was 0.0");
    refused(
        () -> new ScheduleSpec.ReduceOnPlateau(1, 1, 0, 0, null),
        "/factor",
        "must be at least 0 and below 1, was 1.0");
    refused(
        () -> new ScheduleSpec.ReduceOnPlateau(0.1, 0, 0, 0, null),
        "/patience",
        "must be at least 1, was 0");
    refused(
        () -> new ScheduleSpec.ReduceOnPlateau(0.1, 1, -1, 0, null),
        "/minDelta",
        "must be a finite number of at least 0, was -1.0");
    refused(
        () -> new ScheduleSpec.ReduceOnPlateau(0.1, 1, 0, 1, null),
        "/minimumFactor",
        "must be at least 0 and below 1, was 1.0");
  }
}
