package dev.backprop.platform.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.backprop.ServiceTest;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.AveragingSpec;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.Initializer;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.platform.problem.ProblemCode;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

class OpenApiTest extends ServiceTest {

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  private RequestMappingHandlerMapping methods;

  @Test
  void isOpenApi31WithEveryPath() {
    JsonNode api = api();

    assertThat(api.path("openapi").asString()).startsWith("3.1.");
    assertThat(api.path("info").path("title").asString()).isEqualTo("Backprop");
    assertThat(api.path("paths").propertyNames())
        .contains(
            "/api/v1/trainings",
            "/api/v1/trainings/{id}",
            "/api/v1/trainings/{id}/cancel",
            "/api/v1/trainings/{id}/finish",
            "/api/v1/trainings/{id}/events",
            "/api/v1/datasets",
            "/api/v1/datasets/{id}",
            "/api/v1/datasets/{id}/rows",
            "/api/v1/models",
            "/api/v1/models/{name}",
            "/api/v1/models/{name}/current",
            "/api/v1/models/{name}/versions/{version}",
            "/api/v1/models/{name}/predictions",
            "/api/v1/models/{name}/versions/{version}/predictions",
            "/api/v1/models/{name}/evaluations")
        .allSatisfy(path -> assertThat(path).startsWith("/api/v1"));
  }

  @Test
  void describesEveryMethodOfAControllerAndNoOther() {
    JsonNode paths = api().path("paths");
    Set<String> described = new TreeSet<>();
    paths.forEachEntry(
        (path, item) ->
            item.propertyNames()
                .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path)));
    Set<String> handled = new TreeSet<>();
    methods.getHandlerMethods().keySet().stream()
        .flatMap(OpenApiTest::operations)
        .filter(operation -> operation.contains(" /api/"))
        .forEach(handled::add);
    assertThat(described).isEqualTo(handled);
  }

  private static Stream<String> operations(RequestMappingInfo mapping) {
    return mapping.getPatternValues().stream()
        .flatMap(
            path ->
                mapping.getMethodsCondition().getMethods().stream()
                    .map(method -> method.name() + " " + path));
  }

  @Test
  void namesEveryOperationOnceWithAVerb() {
    List<JsonNode> operations = operations();
    assertThat(operations.stream().map(operation -> operation.path("operationId").asString()))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z]+[A-Z][A-Za-z]+"));
    assertThat(operations)
        .allSatisfy(
            operation -> {
              assertThat(operation.path("summary").asString("")).isNotBlank();
              assertThat(operation.path("tags")).hasSize(1);
            });
  }

  @Test
  void everyBodyOfTextHasAnExample() {
    JsonNode api = api();
    for (JsonNode operation : operations()) {
      JsonNode body = operation.path("requestBody");
      JsonNode content =
          (body.has("$ref") ? api.at(body.path("$ref").asString().substring(1)) : body)
              .path("content");
      content.forEachEntry(
          (type, media) -> {
            assertThat(media.has("schema")).as(type).isTrue();
            boolean text = type.endsWith("json") || type.equals("text/csv");
            assertThat(media.has("example") || media.has("examples")).as(type).isEqualTo(text);
          });
    }
  }

  @Test
  void publishesWhatIsTakenForWhatIsLeftOut() {
    JsonNode schemas = api().path("components").path("schemas");
    JsonNode adam = schemas.path("OptimizerAdam").path("properties");
    assertThat(adam.path("learningRate").path("default").asDouble()).isEqualTo(0.001);
    assertThat(adam.path("learningRate").path("exclusiveMinimum").asInt(-1)).isZero();
    assertThat(adam.path("beta1").path("exclusiveMaximum").asInt()).isEqualTo(1);
    JsonNode training = schemas.path("TrainingSpec").path("properties");
    assertThat(training.path("epochs").path("default").asInt()).isEqualTo(100);
    assertThat(training.path("epochs").path("maximum").asInt()).isEqualTo(10_000);
    assertThat(training.path("optimizer").path("default").asString()).isEqualTo("adam");
    assertThat(training.at("/optimizer/oneOf/0/$ref").asString()).endsWith("/Optimizer");
    assertThat(training.path("regularization").path("default").isObject()).isTrue();
    assertThat(training.path("batchSize").has("default")).isFalse();
    assertThat(schemas.at("/LayerDense/required").toString()).isEqualTo("[\"type\",\"units\"]");
    assertThat(schemas.at("/LayerResidual/required").toString()).isEqualTo("[\"layers\",\"type\"]");
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Activation.class,
        Initializer.class,
        LayerSpec.class,
        LossSpec.class,
        OptimizerSpec.class,
        ScheduleSpec.class,
        AveragingSpec.class,
        EarlyStoppingSpec.class
      })
  void describesASpecAsOneOfItsNamesOrObjects(Class<?> spec) {
    JsonNode schemas = api().path("components").path("schemas");
    String name = spec.getSimpleName().replace("Spec", "");
    List<String> types =
        Arrays.stream(Objects.requireNonNull(spec.getAnnotation(JsonSubTypes.class)).value())
            .map(JsonSubTypes.Type::name)
            .toList();
    JsonNode oneOf = schemas.path(name).path("oneOf");
    assertThat(oneOf.valueStream().filter(form -> form.has("$ref"))).hasSize(1 + types.size());
    assertThat(oneOf.at("/0/$ref").asString()).endsWith("/" + name + "Name");
    assertThat(types)
        .containsAll(
            schemas.at("/" + name + "Name/enum").valueStream().map(JsonNode::asString).toList());

    JsonNode discriminator = schemas.path(name).path("discriminator");
    assertThat(discriminator.path("propertyName").asString()).isEqualTo("type");
    for (int i = 0; i < types.size(); i++) {
      String reference = oneOf.path(1 + i).path("$ref").asString();
      assertThat(discriminator.path("mapping").path(types.get(i)).asString()).isEqualTo(reference);
      JsonNode object = schemas.path(reference.substring(reference.lastIndexOf('/') + 1));
      assertThat(object.path("type").asString()).as(reference).isEqualTo("object");
      assertThat(object.path("additionalProperties").asBoolean(true)).isFalse();
      assertThat(object.at("/properties/type/enum").toString())
          .isEqualTo("[\"%s\"]".formatted(types.get(i)));
    }
  }

  @Test
  void aNameStandsAloneIfItSaysAll() {
    JsonNode schemas = api().path("components").path("schemas");
    assertThat(schemas.at("/LayerName/enum").toString())
        .isEqualTo("[\"layer-norm\",\"batch-norm\"]");
    assertThat(schemas.at("/ScheduleName/enum").toString()).doesNotContain("\"step\"");
  }

  @Test
  void metricsSayOfWhatTheyAre() {
    JsonNode evaluation = api().at("/components/schemas/Evaluation");
    assertThat(evaluation.at("/discriminator/propertyName").asString()).isEqualTo("type");
    assertThat(evaluation.at("/discriminator/mapping").propertyNames())
        .containsExactlyInAnyOrder("classification", "regression", "quantiles", "multi-label");
  }

  @Test
  void describesEmbeddingsAsAMapByColumn() {
    JsonNode network = api().at("/components/schemas/NetworkSpec/properties");
    assertThat(network.at("/embeddings/type").asString()).isEqualTo("object");
    assertThat(network.at("/embeddings/additionalProperties/$ref").asString())
        .isEqualTo("#/components/schemas/EmbeddingSpec");
    assertThat(network.at("/layers/type").asString()).isEqualTo("array");
    assertThat(network.at("/inputScale/type").asString()).isEqualTo("boolean");
    assertThat(network.at("/members/type").asString()).isEqualTo("integer");
    assertThat(api().at("/components/schemas/Scaling/enum").toString())
        .isEqualTo("[\"standard\",\"ntk\"]");
  }

  @Test
  void refersOnlyToWhatIsThere() {
    JsonNode api = api();
    List<JsonNode> references = api.findValues("$ref");

    assertThat(references).isNotEmpty();
    assertThat(references)
        .allSatisfy(
            reference -> {
              assertThat(reference.asString()).startsWith("#/components/");
              assertThat(api.at(reference.asString().substring(1)).isMissingNode())
                  .as(reference.asString())
                  .isFalse();
            });
  }

  @Test
  void everyOperationSaysWhatItRefusesAndHowItFails() {
    assertThat(operations())
        .allSatisfy(
            operation -> {
              assertThat(operation.at("/responses/4XX/$ref").asString()).endsWith("/Refused");
              assertThat(operation.at("/responses/5XX/$ref").asString()).endsWith("/Failed");
            });
    assertThat(api().at("/components/schemas/Problem/properties/code/enum"))
        .hasSize(ProblemCode.values().length);
  }

  @Test
  void namesNoClassesOfTheService() {
    assertThat(get("/v3/api-docs").body()).doesNotContain("dev.backprop", "JsonNode", "java.");
  }

  @Test
  void hasAPageToTryItOn() {
    HttpResponse<String> page = get("/swagger-ui/index.html");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    assertThat(get("/swagger-ui.html").statusCode()).isEqualTo(302);
  }

  private List<JsonNode> operations() {
    return api().path("paths").valueStream().flatMap(JsonNode::valueStream).toList();
  }

  private JsonNode api() {
    HttpResponse<String> answer = get("/v3/api-docs");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return body(answer);
  }
}
