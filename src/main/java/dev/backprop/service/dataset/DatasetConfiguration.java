package dev.backprop.service.dataset;

import dev.backprop.platform.caller.Quotas;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Pulse;
import dev.backprop.platform.storage.Retention;
import dev.backprop.platform.storage.RetentionProperties;
import dev.backprop.platform.storage.Spool;
import dev.backprop.platform.storage.UnitOfWork;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({DatasetProperties.class, RetentionProperties.class})
class DatasetConfiguration {

  /// Holds are renewed several times before they would end.
  private static final Duration RENEWAL = JdbcDatasetHolds.HOLD.dividedBy(6);

  @Bean
  Budget datasetBudget(DatasetProperties properties) {
    return Datasets.budget(properties.bytes());
  }

  @Bean
  ParquetBodies parquetBodies(Spool spool) {
    return new ParquetBodies(spool);
  }

  @Bean
  DatasetStore datasetStore(
      Clock clock,
      JsonMapper json,
      ObjectProvider<JdbcDatabase> database,
      ObjectProvider<JdbcBlobs> blobs) {
    JdbcDatabase stored = database.getIfAvailable();
    if (stored == null) {
      return new InMemoryDatasetStore();
    }
    JdbcDatasetStore store = new JdbcDatasetStore(stored, blobs.getObject(), json, clock);
    if (stored.kind() == JdbcDatabase.Kind.SQLITE) {
      store.endHoldsOfOthers();
    }
    return store;
  }

  @Bean
  Datasets datasets(
      DatasetStore store,
      UnitOfWork unit,
      Budget datasetBudget,
      Quotas quotas,
      ObjectProvider<Pulse> pulse) {
    Datasets datasets = new Datasets(store, unit, datasetBudget);
    quotas.count(datasets::bytesOf);
    pulse.ifAvailable(beats -> beats.every(RENEWAL, datasets::renewHolds));
    return datasets;
  }

  @Bean
  Retention datasetRetention(RetentionProperties properties, Clock clock, Datasets datasets) {
    return new Retention("datasets", properties.datasets(), clock, datasets::deleteOlder);
  }

  @Bean
  DatasetMeters datasetMeters(Datasets datasets, Budget datasetBudget) {
    return new DatasetMeters(datasets, datasetBudget);
  }
}
