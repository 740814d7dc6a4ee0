package dev.backprop.service.model;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/// Shows how full the repository of models is.
@Component
record ModelMeters(Models models) implements MeterBinder {

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("backprop.models", models, m -> m.usage().models())
        .description("Models held")
        .register(registry);
    Gauge.builder("backprop.model.versions", models, m -> m.usage().versions())
        .description("Versions of models held")
        .register(registry);
    Gauge.builder("backprop.model.held", models, m -> m.usage().bytes())
        .description("Bytes held by models, what is set aside included")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("backprop.model.max", models, m -> m.usage().maxBytes())
        .description("Bytes that models may hold")
        .baseUnit("bytes")
        .register(registry);
  }
}
