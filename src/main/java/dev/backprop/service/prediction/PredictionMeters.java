package dev.backprop.service.prediction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Counts prediction requests and rows, and measures how long the answers take, by model.
@Component
final class PredictionMeters implements PredictionListener {

  /// Names that get a series of their own; all later ones share one.
  static final int MAX_MODELS = 100;

  private static final String OTHER = "other";

  private static final Duration[] BUCKETS =
      LongStream.of(100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 500_000, 2_500_000)
          .mapToObj(micros -> Duration.ofNanos(micros * 1_000))
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Map<Outcome, Counter> requests = new EnumMap<>(Outcome.class);
  private final Map<String, ModelSeries> byModel = new ConcurrentHashMap<>();
  private final ModelSeries other;

  PredictionMeters(MeterRegistry registry) {
    this.registry = registry;
    for (Outcome outcome : Outcome.values()) {
      requests.put(
          outcome,
          Counter.builder("backprop.prediction.requests")
              .description("Requests for predictions")
              .tag("outcome", outcome.text())
              .register(registry));
    }
    other = series(OTHER);
  }

  private record ModelSeries(Timer latency, Counter rows) {}

  @Override
  public void onRequest(@Nullable String model, Outcome outcome, int rows, Duration took) {
    Counter counter = requests.get(outcome);
    if (counter != null) {
      counter.increment();
    }
    if (model != null && outcome == Outcome.ANSWERED) {
      ModelSeries series = seriesOf(model);
      series.latency().record(took);
      series.rows().increment(rows);
    }
  }

  private ModelSeries seriesOf(String model) {
    ModelSeries known = byModel.get(model);
    if (known != null) {
      return known;
    }
    if (byModel.size() >= MAX_MODELS) {
      return other;
    }
    synchronized (this) {
      return byModel.size() < MAX_MODELS ? byModel.computeIfAbsent(model, this::series) : other;
    }
  }

  private ModelSeries series(String model) {
    return new ModelSeries(
        Timer.builder("backprop.prediction.latency")
            .description("Time from a request for predictions to its answer")
            .tag("model", model)
            .serviceLevelObjectives(BUCKETS)
            .register(registry),
        Counter.builder("backprop.prediction.rows")
            .description("Rows that were answered")
            .tag("model", model)
            .register(registry));
  }
}
