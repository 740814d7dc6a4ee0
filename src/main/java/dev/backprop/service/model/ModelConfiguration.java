package dev.backprop.service.model;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.caller.Quotas;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.HeapShare;
import dev.backprop.platform.storage.Pulse;
import dev.backprop.platform.storage.Retention;
import dev.backprop.platform.storage.RetentionProperties;
import dev.backprop.platform.storage.UnitOfWork;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/// The repository of models and what watches it.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ModelProperties.class, RetentionProperties.class})
class ModelConfiguration {

  /// How soon at the latest this process begins to look at what another has changed.
  private static final Duration REFRESH = Duration.ofMillis(500);

  /// How often this process looks for versions that a former version of the service has made.
  private static final Duration STANDINGS = Duration.ofSeconds(2);

  @Bean
  Models models(
      ModelProperties properties,
      Clock clock,
      ModelStore store,
      UnitOfWork unit,
      Quotas quotas,
      ObjectProvider<Pulse> pulse) {
    long bytes = HeapShare.MODELS.bytes(properties.maxBytes());
    Models models = new Models(store, unit, clock, bytes, properties.keepVersions());
    quotas.count(models::bytesOf);
    pulse.ifAvailable(
        found -> {
          found.every(REFRESH, models::refresh);
          found.every(STANDINGS, models::completeStandings);
        });
    return models;
  }

  @Bean
  Retention versionRetention(RetentionProperties properties, Clock clock, Models models) {
    return new Retention("versions", properties.versions(), clock, models::deleteOlder);
  }

  @Bean
  ArtifactCodec artifactCodec(JsonMapper json, KernelSelection kernels) {
    return new ArtifactCodec(json, kernels.kernels());
  }

  @Bean
  Budget liveModels(Models models) {
    return models.budget();
  }

  @Bean
  Engine engine(KernelSelection kernels, ObjectProvider<BuildProperties> build) {
    String version =
        Optional.ofNullable(build.getIfAvailable())
            .map(BuildProperties::getVersion)
            .orElse("unknown");
    return Engine.here(version, kernels);
  }
}
