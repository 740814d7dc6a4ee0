package dev.backprop.platform.storage;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What there is with a database and without one.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StorageProperties.class)
class StorageConfiguration {

  @Bean
  @ConditionalOnProperty(name = "backprop.storage", havingValue = "memory")
  UnitOfWork unitOfWork() {
    return UnitOfWork.DIRECT;
  }
}
