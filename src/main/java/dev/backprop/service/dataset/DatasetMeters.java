package dev.backprop.service.dataset;

import dev.backprop.platform.limits.Budget;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/// How many data sets are held, and how much memory.
final class DatasetMeters implements MeterBinder {

  private final Datasets datasets;
  private final Budget budget;

  DatasetMeters(Datasets datasets, Budget budget) {
    this.datasets = datasets;
    this.budget = budget;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("backprop.datasets", datasets, Datasets::count)
        .description("Data sets held")
        .register(registry);
    Gauge.builder("backprop.datasets.held", budget, Budget::held)
        .description("Bytes of the tables of data sets and trainings")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("backprop.datasets.limit", budget, Budget::limit)
        .description("Bytes that those tables may hold")
        .baseUnit("bytes")
        .register(registry);
  }
}
