package dev.backprop.platform.keys;

import dev.backprop.platform.caller.SecurityProperties;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Pulse;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/// The keys and what keeps them.
@Configuration(proxyBeanMethods = false)
class KeysConfiguration {

  /// How soon at the latest this process begins to look at what another has changed.
  private static final Duration REFRESH = Duration.ofMillis(500);

  /// How often those are looked for of which the store has to be told that they were used.
  private static final Duration USE = Duration.ofSeconds(5);

  /// In the database if there is one.
  @Bean
  KeyStore keyStore(JsonMapper json, ObjectProvider<JdbcDatabase> database) {
    JdbcDatabase stored = database.getIfAvailable();
    return stored == null ? new InMemoryKeyStore() : new JdbcKeyStore(stored, json);
  }

  /// Before requests are served, the admin key is kept.
  @Bean
  Keys keys(KeyStore store, Clock clock, SecurityProperties properties) {
    Keys keys = new Keys(store, clock);
    String adminKey = properties.adminKey();
    if (adminKey != null && !adminKey.isBlank()) {
      keys.adopt(AdminKeyException.checked(adminKey.strip()), "admin key of the configuration");
    }
    return keys;
  }

  /// Of its own: what others do on theirs may take long, and a revoked key must be one everywhere
  /// within a second.
  @Bean
  KeysPulse keysPulse(Keys keys) {
    Pulse beats = new Pulse(2);
    beats.every(REFRESH, keys::refresh);
    beats.every(USE, keys::writeUse);
    return new KeysPulse(beats);
  }

  /// Not the one that the storage has.
  record KeysPulse(Pulse beats) implements AutoCloseable {

    @Override
    public void close() {
      beats.close();
    }
  }
}
