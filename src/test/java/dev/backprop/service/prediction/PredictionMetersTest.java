package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.service.model.Models;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PredictionMetersTest {

  private static final Duration TOOK = Duration.ofMillis(2);

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final PredictionMeters meters =
      new PredictionMeters(registry, Models.inMemory(1 << 20, Clock.systemUTC(), 1));

  @Test
  void countsRequestsByOutcomeAndRowsAndTimeByModel() {
    meters.count("a", Answer.of(3), TOOK);
    meters.count("a", Answer.of(1), TOOK);
    meters.count("b", Answer.of(5), TOOK);
    meters.count("a", Answer.NOT_MODIFIED, TOOK);
    meters.count("a", Answer.FAILED, TOOK);
    meters.count(null, Answer.REFUSED, TOOK);

    assertThat(requests("answered")).isEqualTo(3);
    assertThat(requests("not-modified")).isEqualTo(1);
    assertThat(requests("failed")).isEqualTo(1);
    assertThat(requests("refused")).isEqualTo(1);
    assertThat(rows("a")).isEqualTo(4);
    assertThat(rows("b")).isEqualTo(5);
    assertThat(registry.get("backprop.prediction.latency").tag("model", "a").timer().count())
        .isEqualTo(2);
    assertThat(
            registry
                .get("backprop.prediction.latency")
                .tag("model", "a")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(4);
  }

  @Test
  void hasASeriesForAHundredNamesAndOneForAllOthers() {
    for (int i = 0; i < 250; i++) {
      meters.count("model-" + i, Answer.of(1), TOOK);
    }
    meters.count("model-7", Answer.of(1), TOOK);

    assertThat(registry.get("backprop.prediction.rows").counters()).hasSize(101);
    assertThat(registry.get("backprop.prediction.latency").timers()).hasSize(101);
    assertThat(rows("model-7")).isEqualTo(2);
    assertThat(rows("model-99")).isEqualTo(1);
    assertThat(rows("other")).isEqualTo(150);
  }

  @Test
  void makesNoSeriesForNamesThatNeverAnswered() {
    for (int i = 0; i < 50; i++) {
      meters.count("model-" + i, Answer.REFUSED, TOOK);
    }

    assertThat(registry.get("backprop.prediction.rows").counters()).hasSize(1);
  }

  private double requests(String outcome) {
    return registry.get("backprop.prediction.requests").tag("outcome", outcome).counter().count();
  }

  private double rows(String model) {
    return registry.get("backprop.prediction.rows").tag("model", model).counter().count();
  }
}
