package dev.backprop.platform.openapi;

import dev.backprop.engine.spec.ClassWeightsSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.PresetName;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/// The description of the API: the operations as `openapi/operations.json` says them, the records
/// of requests and answers as [RecordSchemas] reads them off the code. A test compares the
/// operations with the controllers, others hold every answer against the description.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

  /// Spring's, of all controllers; the actuator has others.
  private static final String METHODS = "requestMappingHandlerMapping";

  /// The specs, which stand in requests that are read as they stream.
  private static final List<Class<?>> SPECS =
      List.of(
          EncodingSpec.class,
          NetworkSpec.class,
          TrainingSpec.class,
          EnsembleSpec.class,
          PresetName.class,
          Problem.class);

  @Bean
  OpenAPI openApi(ObjectProvider<BuildProperties> build) {
    BuildProperties properties = build.getIfAvailable();
    return new OpenAPI()
        .info(
            new Info()
                .title("Backprop")
                .description("Trains neural networks and serves their predictions.")
                .version(properties == null ? "unknown" : properties.getVersion())
                .license(
                    new License()
                        .name("Apache-2.0")
                        .url("https://www.apache.org/licenses/LICENSE-2.0")));
  }

  @Bean
  OpenApiCustomizer description(
      JsonMapper json, @Qualifier(METHODS) ObjectProvider<RequestMappingHandlerMapping> methods) {
    return api -> {
      OpenAPI said = operations();
      RecordSchemas records =
          new RecordSchemas(
              json,
              Map.of(
                  Label.class, Schemas.reference("Label"),
                  SplitSpec.class, Schemas.reference("DataSplit"),
                  ClassWeightsSpec.class, Schemas.reference("ClassWeights")));
      Stream.concat(SPECS.stream(), answered(methods.getObject())).forEach(records::reference);
      Components components = said.getComponents();
      records.schemas().forEach(components::addSchemas);
      nameCodes(components.getSchemas());
      hideJava(components.getSchemas());
      api.setComponents(components);
      api.setTags(said.getTags());
      api.setPaths(said.getPaths());
      api.getPaths().values().stream()
          .flatMap(item -> item.readOperations().stream())
          .forEach(OpenApiConfiguration::addProblems);
      new DescribedRoles(methods.getObject()).describe(api);
    };
  }

  private static OpenAPI operations() {
    try (InputStream json = new ClassPathResource("openapi/operations.json").getInputStream()) {
      return Json31.mapper().readValue(json, OpenAPI.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The types that controllers answer, and those that they take as a whole.
  private static Stream<Type> answered(RequestMappingHandlerMapping methods) {
    return methods.getHandlerMethods().values().stream()
        .flatMap(OpenApiConfiguration::types)
        .map(OpenApiConfiguration::content)
        .filter(type -> type.getTypeName().startsWith("dev.backprop."));
  }

  private static Stream<Type> types(HandlerMethod method) {
    AlsoAnswers others = method.getMethodAnnotation(AlsoAnswers.class);
    return Stream.of(
            Stream.of(method.getMethod().getGenericReturnType()),
            others == null ? Stream.<Type>of() : Arrays.stream(others.value()),
            Arrays.stream(method.getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(RequestBody.class))
                .map(parameter -> parameter.getGenericParameterType()))
        .flatMap(types -> types);
  }

  private static Type content(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == ResponseEntity.class
        ? generic.getActualTypeArguments()[0]
        : type;
  }

  private static void nameCodes(Map<String, Schema> schemas) {
    Map<?, ?> properties = Objects.requireNonNull(schemas.get("Problem")).getProperties();
    Schema<?> code = (Schema<?>) Objects.requireNonNull(properties.get("code"));
    @SuppressWarnings("unchecked") // a schema of texts
    Schema<Object> texts = (Schema<Object>) code;
    Arrays.stream(ProblemCode.values()).map(ProblemCode::code).forEach(texts::addEnumItemObject);
  }

  /// Classes of generated clients have a field for each property; one called `java` would hide the
  /// package. So it is a property that is not named.
  private static void hideJava(Map<String, Schema> schemas) {
    Schema<?> engine = Objects.requireNonNull(schemas.get("Engine"));
    engine.getProperties().remove("java");
    engine.getRequired().remove("java");
    engine.setAdditionalProperties(Schemas.of("string"));
  }

  /// Whatever goes wrong is answered with a problem.
  private static void addProblems(Operation operation) {
    operation
        .getResponses()
        .addApiResponse("4XX", new ApiResponse().$ref("#/components/responses/Refused"))
        .addApiResponse("5XX", new ApiResponse().$ref("#/components/responses/Failed"));
  }
}
