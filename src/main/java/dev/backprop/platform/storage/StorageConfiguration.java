package dev.backprop.platform.storage;

import dev.backprop.platform.limits.Budget;
import java.io.File;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.application.DiskSpaceHealthIndicator;
import org.springframework.boot.micrometer.metrics.system.DiskSpaceMetricsBinder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

/// What there is with a database and without one.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({StorageProperties.class, SpoolProperties.class})
class StorageConfiguration {

  /// With less the health says that the disk is full.
  private static final DataSize LEAST_FREE = DataSize.ofMegabytes(10);

  @Bean
  StorageFaults storageFaults(Clock clock) {
    return new StorageFaults(clock);
  }

  @Bean(destroyMethod = "close")
  AutoCloseable corruptionTells(StorageFaults faults) {
    return Corruption.tells(faults);
  }

  @Bean
  Budget spoolBudget(SpoolProperties properties) {
    return Spool.budget(properties.maxBytes().toBytes());
  }

  @Bean
  Spool spool(StorageProperties storage, Budget spoolBudget) {
    Spool spool = new Spool(storage.dataDirectory(), spoolBudget);
    spool.clean();
    return spool;
  }

  @Bean
  DiskSpaceMetricsBinder diskSpaceMetrics(ObjectProvider<JdbcConfiguration.Place> place) {
    return new DiskSpaceMetricsBinder(List.of(disk(place)), List.of());
  }

  @Bean
  DiskSpaceHealthIndicator diskSpaceHealthIndicator(ObjectProvider<JdbcConfiguration.Place> place) {
    return new DiskSpaceHealthIndicator(disk(place), LEAST_FREE);
  }

  /// The disk of the data directory if there is one, else that where the service was started.
  private static File disk(ObjectProvider<JdbcConfiguration.Place> place) {
    JdbcConfiguration.Place given = place.getIfAvailable();
    DataDirectory directory = given == null ? null : given.directory();
    return directory == null ? new File(".").getAbsoluteFile() : directory.path().toFile();
  }

  @Bean
  @ConditionalOnProperty(name = "backprop.storage", havingValue = "memory")
  UnitOfWork unitOfWork() {
    return UnitOfWork.inTurns();
  }
}
