package dev.backprop.service.status;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/// Reads what the service measures of itself anyway.
@Component
record StatusMeters(MeterRegistry registry) {

  /// @return 0 if it is not measured
  long gauge(String name) {
    Gauge gauge = registry.find(name).gauge();
    return gauge == null ? 0 : (long) gauge.value();
  }

  /// The counters of a name by the value of their only tag.
  Map<String, Long> counts(String name, String tag) {
    Map<String, Long> counts = new TreeMap<>();
    for (FunctionCounter counter : registry.find(name).functionCounters()) {
      counts.put(Objects.requireNonNull(counter.getId().getTag(tag)), (long) counter.count());
    }
    return counts;
  }
}
