package dev.backprop.service.prediction;

import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.ModelVersion;
import dev.backprop.service.model.Models;
import dev.backprop.service.prediction.Answer.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Counts prediction requests and rows, and measures how long the answers take, by model.
@Component
final class PredictionMeters {

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

  private final Models models;

  PredictionMeters(MeterRegistry registry, Models models) {
    this.registry = registry;
    this.models = models;
    models.whenGone(this::forget);
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

  /// Answers a request by a version.
  interface Answering {
    Answer answer(ModelVersion version) throws IOException;
  }

  /// Finds the version, answers by it, and counts how that ended.
  void answer(Supplier<ModelVersion> find, Answering answering) throws IOException {
    long start = System.nanoTime();
    String model = null;
    Answer answer = Answer.FAILED;
    try {
      ModelVersion version = find.get();
      model = version.name();
      answer = answering.answer(version);
    } catch (ProblemException e) {
      answer = Answer.REFUSED;
      throw e;
    } finally {
      // A model that was deleted while it answered shall not get a series again.
      count(
          model != null && models.isKnown(model) ? model : null,
          answer,
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  /// @param model the model's name; null if the request named none that there is
  void count(@Nullable String model, Answer answer, Duration took) {
    Objects.requireNonNull(requests.get(answer.outcome())).increment();
    if (model != null && answer.outcome() == Outcome.ANSWERED) {
      ModelSeries series = seriesOf(model);
      series.latency().record(took);
      series.rows().increment(answer.rows());
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

  /// The series of a model go with it.
  private synchronized void forget(String model) {
    ModelSeries gone = byModel.remove(model);
    if (gone != null) {
      registry.remove(gone.latency());
      registry.remove(gone.rows());
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
