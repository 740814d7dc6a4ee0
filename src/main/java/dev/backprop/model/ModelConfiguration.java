package dev.backprop.model;

import dev.backprop.http.HeapShare;
import dev.backprop.http.InFlightBytes;
import dev.backprop.linalg.KernelSelection;
import java.time.Clock;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/// The repository of models and what watches it.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ModelProperties.class)
class ModelConfiguration {

  @Bean
  Models models(ModelProperties properties, Clock clock) {
    return new InMemoryModels(HeapShare.MODELS.bytes(properties.maxBytes()), clock);
  }

  @Bean
  ArtifactCodec artifactCodec(JsonMapper json, KernelSelection kernels) {
    return new ArtifactCodec(json, kernels.kernels());
  }

  @Bean
  ModelImport modelImport(ArtifactCodec codec, Models models, InFlightBytes inFlight, Clock clock) {
    return new ModelImport(codec, models, inFlight, clock);
  }

  @Bean
  ModelMeters modelMeters(Models models) {
    return new ModelMeters(models);
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
