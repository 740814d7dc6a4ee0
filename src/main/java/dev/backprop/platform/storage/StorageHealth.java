package dev.backprop.platform.storage;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/// Whether the database answers, as its probe found out: whoever asks for the health does not wait
/// for it. Without a database all is well. A database that is full, read-only or damaged answers
/// still, and so does the service: that is `DEGRADED`, with the faults that were met lately.
@Component("storage")
final class StorageHealth implements HealthIndicator {

  /// Some turns of the probe.
  private static final Duration WITHIN = Duration.ofSeconds(5);

  /// Between down and up; it does not take the service away from those who ask for predictions.
  static final Status DEGRADED = new Status("DEGRADED");

  private final @Nullable JdbcDatabase database;

  private final StorageFaults faults;

  StorageHealth(ObjectProvider<JdbcDatabase> database, StorageFaults faults) {
    this.database = database.getIfAvailable();
    this.faults = faults;
  }

  @Override
  public Health health() {
    if (database == null) {
      return Health.up().withDetail("storage", "memory").build();
    }
    Map<String, StorageFaults.Shown> shown = faults.shown();
    Health.Builder health =
        database.isReachable(WITHIN)
            ? shown.isEmpty() ? Health.up() : Health.status(DEGRADED)
            : Health.down();
    health.withDetail("storage", database.kind().name().toLowerCase(Locale.ROOT));
    return (shown.isEmpty() ? health : health.withDetail("faults", shown)).build();
  }
}
