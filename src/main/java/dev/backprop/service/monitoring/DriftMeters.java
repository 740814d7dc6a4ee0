package dev.backprop.service.monitoring;

import dev.backprop.engine.drift.Drift;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/// Shows how far models have drifted. There are at most so many series; further models have none.
@Component
final class DriftMeters {

  private static final int MAX_MODELS = 100;

  private final MeterRegistry registry;
  private final Map<String, Series> byModel = new HashMap<>();

  /// @param distance that the gauge shows
  private record Series(AtomicReference<Double> distance, Gauge gauge) {}

  DriftMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /// Shows the greatest distance of what has drifted; 0 if nothing has, however far apart few rows
  /// are by chance.
  synchronized void show(String model, Drift drift) {
    double greatest =
        Stream.concat(drift.columns().stream(), drift.answers().stream())
            .filter(Drift.ColumnDrift::drifted)
            .mapToDouble(Drift.ColumnDrift::distance)
            .max()
            .orElse(0);
    Series known = byModel.get(model);
    if (known == null && byModel.size() < MAX_MODELS) {
      known = series(model);
      byModel.put(model, known);
    }
    if (known != null) {
      known.distance.set(greatest);
    }
  }

  private Series series(String model) {
    AtomicReference<Double> distance = new AtomicReference<>(0.0);
    return new Series(
        distance,
        Gauge.builder("backprop.drift.distance.max", distance, AtomicReference::get)
            .description("Greatest distance from training of a column that has drifted")
            .tag("model", model)
            .register(registry));
  }

  /// The series of a model goes with it.
  synchronized void forget(String model) {
    Series gone = byModel.remove(model);
    if (gone != null) {
      registry.remove(gone.gauge());
    }
  }
}
