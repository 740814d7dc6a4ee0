package dev.backprop.platform.storage;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import org.springframework.stereotype.Component;

/// Counts what was deleted because of its age.
@Component
record RetentionMeters(List<Retention> retentions) implements MeterBinder {

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Retention retention : retentions) {
      FunctionCounter.builder("backprop.retention.deleted", retention, Retention::deleted)
          .description("What this process has deleted because of its age")
          .tag("kind", retention.kind())
          .register(registry);
    }
  }
}
