package dev.backprop.platform.http;

import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Pulse;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Answers are remembered in the database.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "backprop.storage", havingValue = "jdbc", matchIfMissing = true)
class JdbcIdempotencyConfiguration {

  @Bean
  JdbcIdempotencyKeys idempotencyKeys(
      JdbcDatabase database, IdempotencyProperties properties, Clock clock, Pulse pulse) {
    return new JdbcIdempotencyKeys(database, properties, clock).keptBy(pulse);
  }
}
