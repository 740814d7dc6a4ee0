package dev.backprop.platform.http;

import dev.backprop.platform.storage.JdbcDatabase;
import java.time.Duration;
import java.time.InstantSource;

/// Idempotency keys as a process has them that may die.
public final class IdempotencyOfAProcess {

  private IdempotencyOfAProcess() {}

  public static IdempotencyStore over(JdbcDatabase database, InstantSource clock) {
    return new JdbcIdempotencyStore(
        database, new HttpProperties.Idempotency(Duration.ofHours(24), 10_000), clock);
  }
}
