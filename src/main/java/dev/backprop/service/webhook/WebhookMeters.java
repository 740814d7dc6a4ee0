package dev.backprop.service.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/// Counts callbacks.
@Component
final class WebhookMeters implements CallbackListener {

  private final Counter delivered;
  private final Counter failed;

  WebhookMeters(MeterRegistry registry) {
    delivered = counter(registry, Callback.State.DELIVERED);
    failed = counter(registry, Callback.State.FAILED);
  }

  private static Counter counter(MeterRegistry registry, Callback.State how) {
    return Counter.builder("backprop.webhook.deliveries")
        .description("Callbacks of trainings that were delivered or given up, by outcome")
        .tag("outcome", how.json())
        .register(registry);
  }

  @Override
  public void onEnd(Callback.State how) {
    switch (how) {
      case PENDING -> {}
      case DELIVERED -> delivered.increment();
      case FAILED -> failed.increment();
    }
  }
}
