package dev.backprop.service.dataset;

import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Pulse;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatasetProperties.class)
class DatasetConfiguration {

  /// Some times before a hold ends.
  private static final Duration RENEWAL = JdbcDatasetStore.HOLD.dividedBy(6);

  @Bean
  Datasets datasets(
      DatasetProperties properties,
      Clock clock,
      JsonMapper json,
      ObjectProvider<JdbcDatabase> database,
      ObjectProvider<JdbcBlobs> blobs,
      ObjectProvider<Pulse> pulse) {
    JdbcDatabase stored = database.getIfAvailable();
    if (stored == null) {
      return new InMemoryDatasets(properties.bytes());
    }
    JdbcDatasetStore store = new JdbcDatasetStore(stored, blobs.getObject(), json, clock);
    if (stored.kind() == JdbcDatabase.Kind.SQLITE) {
      store.endHoldsOfOthers();
    }
    StoredDatasets datasets = new StoredDatasets(store, properties.bytes());
    pulse.getObject().every(RENEWAL, datasets::renewHolds);
    return datasets;
  }

  @Bean
  DatasetMeters datasetMeters(Datasets datasets) {
    return new DatasetMeters(datasets);
  }
}
