package dev.backprop.spec;

import static dev.backprop.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleSpecTest {

  @Test
  void defaults() {
    assertThat(ScheduleSpec.Step.of(5, null)).isEqualTo(new ScheduleSpec.Step(5, 0.1));
    assertThat(ScheduleSpec.Step.of(5, 0.5)).isEqualTo(new ScheduleSpec.Step(5, 0.5));
    assertThat(ScheduleSpec.Exponential.of(0.9)).isEqualTo(new ScheduleSpec.Exponential(0.9));
    assertThat(ScheduleSpec.Cosine.of(null, null)).isEqualTo(new ScheduleSpec.Cosine(0, 0));
    assertThat(ScheduleSpec.Cosine.of(3, 0.1)).isEqualTo(new ScheduleSpec.Cosine(3, 0.1));
  }

  @Test
  void whatHasNoDefaultIsRequired() {
    refused(() -> ScheduleSpec.Step.of(null, 0.5), "/every", "is required");
    refused(() -> ScheduleSpec.Exponential.of(null), "/factor", "is required");
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
}
