package dev.backprop.platform.http;

import dev.backprop.engine.plan.Learned;
import dev.backprop.engine.spec.ClassWeightsSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.platform.json.StrictJson;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;

/// The description of the API: what springdoc reads off the controllers, the specs as [SpecSchemas]
/// has them, and `openapi/requests.json` for bodies that are read as they stream.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

  private static final String PROBLEM = "#/components/schemas/Problem";

  @Bean
  OpenAPI openApi(ObjectProvider<BuildProperties> build, ObjectMapperProvider mappers) {
    mappers.jsonMapper().addMixIn(Learned.class, StrictJson.LearnedFields.class);
    // Its forms are no objects with a type, which springdoc takes every sealed type for.
    SpringDocUtils.getConfig().replaceWithSchema(ClassWeightsSpec.class, new JsonSchema());
    SpringDocUtils.getConfig()
        .replaceWithSchema(
            SplitSpec.class, new JsonSchema().$ref("#/components/schemas/DataSplit"));
    BuildProperties properties = build.getIfAvailable();
    return new OpenAPI()
        .info(
            new Info()
                .title("Backprop")
                .description("Trains neural networks and serves their predictions.")
                .version(properties == null ? "unknown" : properties.getVersion())
                .license(new License().name("Apache-2.0")));
  }

  @Bean
  OpenApiCustomizer whatTypesDoNotSay() {
    return api -> {
      OpenAPI requests = requests();
      SpecSchemas.addTo(
          api,
          List.of(EncodingSpec.class, NetworkSpec.class, TrainingSpec.class, EnsembleSpec.class));
      add(requests.getComponents(), api.getComponents());
      requests.getPaths().forEach((path, item) -> complete(item, found(api.getPaths(), path)));
      problems(api);
    };
  }

  private static OpenAPI requests() {
    try (InputStream json = new ClassPathResource("openapi/requests.json").getInputStream()) {
      return Json31.mapper().readValue(json, OpenAPI.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(Components from, Components to) {
    from.getSchemas().forEach(to::addSchemas);
    from.getParameters().forEach(to::addParameters);
    from.getRequestBodies().forEach(to::addRequestBodies);
    from.getResponses().forEach(to::addResponses);
    // A label is the bare value that it had in the data.
    to.addSchemas("Label", new JsonSchema());
  }

  private static void complete(PathItem from, PathItem to) {
    Map<PathItem.HttpMethod, Operation> operations = to.readOperationsMap();
    from.readOperationsMap()
        .forEach(
            (method, said) -> {
              Operation operation = found(operations, method);
              operation.setSummary(said.getSummary());
              operation.setDescription(said.getDescription());
              Optional.ofNullable(said.getRequestBody()).ifPresent(operation::setRequestBody);
              Optional.ofNullable(said.getResponses()).ifPresent(operation::setResponses);
              Optional.ofNullable(said.getParameters()).stream()
                  .flatMap(List::stream)
                  .forEach(operation::addParametersItem);
            });
  }

  /// What the file speaks of must be there.
  private static <K, V> V found(Map<K, V> things, K key) {
    return Objects.requireNonNull(things.get(key), () -> "the API has no " + key);
  }

  /// Whatever goes wrong is answered with a problem.
  private static void problems(OpenAPI api) {
    Schema<?> schema = new JsonSchema().$ref(PROBLEM);
    ApiResponse problem =
        new ApiResponse()
            .description("A problem (RFC 9457); its code says which")
            .content(
                new Content()
                    .addMediaType("application/problem+json", new MediaType().schema(schema)));
    api.getPaths().values().stream()
        .flatMap(item -> item.readOperations().stream())
        .forEach(operation -> operation.getResponses().setDefault(problem));
  }
}
