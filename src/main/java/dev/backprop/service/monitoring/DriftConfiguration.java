package dev.backprop.service.monitoring;

import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.service.model.Models;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Counts what models are asked.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DriftProperties.class)
class DriftConfiguration {

  @Bean
  DriftStore driftStore(ObjectProvider<JdbcDatabase> database) {
    JdbcDatabase shared = database.getIfAvailable();
    return shared == null ? new InMemoryDriftStore() : new JdbcDriftStore(shared);
  }

  @Bean(destroyMethod = "close")
  Drifts drifts(
      DriftStore store,
      Models models,
      DriftMeters meters,
      Clock clock,
      DriftProperties properties) {
    return new Drifts(store, models, meters, clock, properties.enabled());
  }
}
