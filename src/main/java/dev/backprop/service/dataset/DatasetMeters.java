package dev.backprop.service.dataset;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/// How many data sets are held, and how much memory.
final class DatasetMeters implements MeterBinder {

  private final Datasets datasets;

  DatasetMeters(Datasets datasets) {
    this.datasets = datasets;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("backprop.datasets", datasets, Datasets::count)
        .description("Data sets held")
        .register(registry);
    Gauge.builder("backprop.datasets.held", datasets, Datasets::bytesHeld)
        .description("Bytes of the tables of data sets and trainings")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("backprop.datasets.limit", datasets, Datasets::maxBytes)
        .description("Bytes that those tables may hold")
        .baseUnit("bytes")
        .register(registry);
  }
}
