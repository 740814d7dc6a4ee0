package dev.backprop.platform.storage;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/// Counts what goes wrong with the storage.
@Component
record StorageMeters(StorageFaults faults) implements MeterBinder {

  @Override
  public void bindTo(MeterRegistry registry) {
    for (StorageFaults.Kind kind : StorageFaults.Kind.values()) {
      FunctionCounter.builder("backprop.storage.faults", faults, all -> all.count(kind))
          .description("Faults of the storage that requests and trainings have met")
          .tag("kind", kind.text())
          .register(registry);
    }
  }
}
