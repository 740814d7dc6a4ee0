package dev.backprop.http;

import dev.backprop.spec.NetworkSpec;
import dev.backprop.spec.TrainingSpec;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The OpenAPI document: the specs with their alternatives, and problems as the answer to
/// everything that fails.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

  @Bean
  OpenAPI openApi(ObjectProvider<BuildProperties> build) {
    BuildProperties properties = build.getIfAvailable();
    return new OpenAPI()
        .components(new Components())
        .info(
            new Info()
                .title("Backprop")
                .description("Trains neural networks and serves their predictions.")
                .version(properties == null ? "unknown" : properties.getVersion())
                .license(new License().name("Apache-2.0")));
  }

  @Bean
  OpenApiCustomizer specsAndProblems() {
    return api -> {
      SpecSchemas.addTo(api, List.of(NetworkSpec.class, TrainingSpec.class));
      ModelConverters.getInstance(true)
          .readAll(Problem.class)
          .forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
      api.getPaths().values().stream()
          .flatMap(path -> path.readOperations().stream())
          .forEach(OpenApiConfiguration::failsWithProblems);
    };
  }

  private static void failsWithProblems(Operation operation) {
    operation
        .getResponses()
        .addApiResponse(
            "default",
            new ApiResponse()
                .description("A problem (RFC 9457); its code says which.")
                .content(
                    new Content()
                        .addMediaType(
                            org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            new MediaType()
                                .schema(new JsonSchema().$ref("#/components/schemas/Problem")))));
  }
}
