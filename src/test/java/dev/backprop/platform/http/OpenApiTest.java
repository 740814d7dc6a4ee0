package dev.backprop.platform.http;

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
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class OpenApiTest extends ServiceTest {

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
  void publishesWhatIsTakenForWhatIsLeftOut() {
    JsonNode schemas = api().path("components").path("schemas");
    JsonNode adam = schemas.path("OptimizerSpec.Adam").path("properties");
    assertThat(adam.path("learningRate").path("default").asDouble()).isEqualTo(0.001);
    JsonNode training = schemas.path("TrainingSpec").path("properties");
    assertThat(training.path("epochs").path("default").asInt()).isEqualTo(100);
    assertThat(training.path("optimizer").path("default").asString()).isEqualTo("adam");
    assertThat(training.path("optimizer").path("$ref").asString()).endsWith("/OptimizerSpec");
    assertThat(training.path("regularization").path("default").isObject()).isTrue();
    assertThat(training.path("batchSize").has("default")).isFalse();
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
  void describesASpecAsOneOfItsObjectsOrNames(Class<?> spec) {
    JsonNode schemas = api().path("components").path("schemas");
    List<String> names =
        Arrays.stream(spec.getAnnotation(JsonSubTypes.class).value())
            .map(JsonSubTypes.Type::name)
            .toList();
    JsonNode oneOf = schemas.path(spec.getSimpleName()).path("oneOf");
    assertThat(oneOf).hasSize(names.size() + 1);

    List<String> objects = new ArrayList<>();
    JsonNode bare = oneOf.path(names.size());
    for (int i = 0; i < names.size(); i++) {
      String reference = oneOf.path(i).path("$ref").asString();
      JsonNode object = schemas.path(reference.substring(reference.lastIndexOf('/') + 1));
      assertThat(object.path("type").asString()).as(reference).isEqualTo("object");
      assertThat(object.path("additionalProperties").isBoolean()).isTrue();
      assertThat(object.path("additionalProperties").asBoolean()).isFalse();
      objects.add(object.path("properties").path("type").path("const").asString());
    }
    assertThat(objects).isEqualTo(names);
    assertThat(bare.path("type").asString()).isEqualTo("string");
    assertThat(bare.path("enum").valueStream().map(JsonNode::asString)).isEqualTo(names);
  }

  @Test
  void describesEmbeddingsAsAMapByColumn() {
    JsonNode network = api().at("/components/schemas/NetworkSpec/properties");
    assertThat(network.at("/embeddings/type").asString()).isEqualTo("object");
    assertThat(network.at("/embeddings/additionalProperties/$ref").asString())
        .isEqualTo("#/components/schemas/EmbeddingSpec");
    assertThat(network.at("/layers/type").asString()).isEqualTo("array");
    assertThat(network.at("/inputScale/type").asString()).isEqualTo("boolean");
    assertThat(network.at("/members").toString()).contains("integer");
    assertThat(network.at("/scaling").toString()).contains("standard", "ntk");
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
  void everyOperationSaysThatItMayAnswerWithAProblem() {
    api()
        .path("paths")
        .forEach(
            path ->
                path.forEach(
                    operation ->
                        assertThat(
                                operation
                                    .path("responses")
                                    .path("default")
                                    .path("content")
                                    .has("application/problem+json"))
                            .as(operation.path("operationId").asString())
                            .isTrue()));
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

  private JsonNode api() {
    HttpResponse<String> answer = get("/v3/api-docs");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return body(answer);
  }
}
