package dev.backprop.service.model;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.HeapShare;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Pulse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/// The repository of models and what watches it.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ModelProperties.class)
class ModelConfiguration {

  /// How soon at the latest this process begins to look at what another has changed.
  private static final Duration REFRESH = Duration.ofMillis(500);

  @Bean
  Models models(
      ModelProperties properties,
      Clock clock,
      JsonMapper json,
      ArtifactCodec codec,
      ObjectProvider<JdbcDatabase> database,
      ObjectProvider<JdbcBlobs> blobs,
      ObjectProvider<Pulse> pulse) {
    long bytes = HeapShare.MODELS.bytes(properties.maxBytes());
    JdbcDatabase shared = database.getIfAvailable();
    if (shared == null) {
      return Models.inMemory(bytes, clock, properties.keepVersions());
    }
    ModelStore store = new JdbcModelStore(shared, blobs.getObject(), json, codec);
    Models models = new Models(store, shared, clock, bytes, properties.keepVersions());
    pulse.getObject().every(REFRESH, models::refresh);
    return models;
  }

  @Bean
  @ConditionalOnProperty(name = "backprop.storage", havingValue = "jdbc", matchIfMissing = true)
  JdbcPinnedVersions pinnedVersions(JdbcBlobs blobs, ArtifactCodec codec) {
    return new JdbcPinnedVersions(blobs, codec);
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
