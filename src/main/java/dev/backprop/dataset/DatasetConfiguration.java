package dev.backprop.dataset;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatasetProperties.class)
class DatasetConfiguration {

  @Bean
  Datasets datasets(DatasetProperties properties) {
    return new InMemoryDatasets(properties.bytes());
  }

  @Bean
  DatasetMeters datasetMeters(Datasets datasets) {
    return new DatasetMeters(datasets);
  }
}
