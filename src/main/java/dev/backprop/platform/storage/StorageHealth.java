package dev.backprop.platform.storage;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Whether the database answers, as its probe found out: whoever asks for the health does not wait
/// for it. Without a database all is well.
@Component("storage")
final class StorageHealth implements HealthIndicator {

  /// Some turns of the probe.
  private static final Duration WITHIN = Duration.ofSeconds(5);

  private final @Nullable JdbcDatabase database;

  StorageHealth(ObjectProvider<JdbcDatabase> database) {
    this.database = database.getIfAvailable();
  }

  @Override
  public Health health() {
    if (database == null) {
      return Health.up().withDetail("storage", "memory").build();
    }
    return (database.isReachable(WITHIN) ? Health.up() : Health.down())
        .withDetail("storage", database.kind().name().toLowerCase(Locale.ROOT))
        .build();
  }
}
