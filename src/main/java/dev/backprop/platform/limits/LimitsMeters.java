package dev.backprop.platform.limits;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import org.springframework.stereotype.Component;

/// What is held of each budget, how many wait for their part of it, and how many were refused.
@Component
record LimitsMeters(List<Budget> budgets) implements MeterBinder {

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Budget budget : budgets) {
      Gauge.builder("backprop.budget.held", budget, Budget::held)
          .description("Bytes that are held of a budget")
          .baseUnit("bytes")
          .tag("budget", budget.name())
          .register(registry);
      Gauge.builder("backprop.budget.waiting", budget, Budget::waiting)
          .description("Claims that wait for their bytes of a budget")
          .tag("budget", budget.name())
          .register(registry);
      FunctionCounter.builder("backprop.budget.refused", budget, Budget::refused)
          .description("Claims that did not fit into a budget")
          .tag("budget", budget.name())
          .register(registry);
    }
  }
}
