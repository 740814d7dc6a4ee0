package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Versions on the same rows.
class ComparisonTest extends PredictionServiceTest {

  private static final String COMPARISONS = "/api/v1/comparisons";

  @BeforeAll
  void upload() {
    HttpResponse<String> answer =
        post("/api/v1/datasets?name=compared", "{" + Requests.penguinRows() + "}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    succeeded(
        """
        {"model": "c-short", "data": {"target": "species", "columns": {"year": {"type": "ignore"}}, %s},
         "training": {"epochs": 1}}"""
            .formatted(Requests.penguinRows()));
  }

  private HttpResponse<String> compared(String versions, String dataset) {
    return post(
        COMPARISONS, "{\"versions\": [%s], \"dataset\": \"%s\"}".formatted(versions, dataset));
  }

  private static String version(String model) {
    return "{\"model\": \"%s\", \"version\": 1}".formatted(model);
  }

  @Test
  void tellsTheMetricsOfEachAndTheirDifferences() {
    HttpResponse<String> answer =
        compared(
            version(SPECIES) + "," + version("c-short") + ", {\"model\": \"p-species\"}",
            "compared");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode comparison = body(answer);
    assertThat(comparison.path("rows").asInt()).isEqualTo(344);
    assertThat(comparison.path("metric").asString()).isEqualTo("accuracy");
    assertThat(comparison.path("versions")).hasSize(3);
    assertThat(comparison.path("differences")).hasSize(3);
    JsonNode first = comparison.path("differences").path(0);
    double difference =
        comparison.path("versions").path(0).path("metrics").path("accuracy").asDouble()
            - comparison.path("versions").path(1).path("metrics").path("accuracy").asDouble();
    assertThat(first.path("a").asInt()).isZero();
    assertThat(first.path("b").asInt()).isEqualTo(1);
    assertThat(first.path("difference").asDouble()).isEqualTo(difference);
    assertThat(difference)
        .isBetween(
            first.path("interval").path(0).asDouble(), first.path("interval").path(1).asDouble());
    JsonNode same = comparison.path("differences").path(1);
    assertThat(same.path("difference").asDouble()).isZero();
    assertThat(same.path("interval").toString()).isEqualTo("[0.0,0.0]");
  }

  @Test
  void evaluationsNameTheirRows() {
    HttpResponse<String> answer =
        post(MODELS + SPECIES + "/evaluations", "{\"dataset\": \"compared\"}");
    assertThat(body(answer).path("on").path("rows").asInt()).isEqualTo(344);
    assertThat(body(answer).path("on").path("dataset").asString()).hasSize(36);
    answer = post(MODELS + SPECIES + "/evaluations", "{" + Requests.penguinRows() + "}");
    assertThat(body(answer).path("on").path("dataset").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          p-species         | compared | 422 | must be from 2 to 5, were 1
          p-species,p-mass  | compared | 422 | must have the targets of the first version, [species], has [body_mass_g]
          p-species,p-none  | compared | 404 |
          p-species,c-short | nowhere  | 422 | must be the id or the name of a data set, 'nowhere' is none
          p-xor,p-xor       | compared | 422 | must take columns, takes bare numbers
          """)
  void isRefused(String models, String dataset, int status, @Nullable String detail) {
    String versions =
        Arrays.stream(models.split(","))
            .map(ComparisonTest::version)
            .collect(Collectors.joining(","));
    HttpResponse<String> answer = compared(versions, dataset);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    if (detail != null) {
      assertThat(body(answer).path("errors").path(0).path("detail").asString()).isEqualTo(detail);
    }
  }

  @Test
  void needsAllItsFields() {
    assertThat(post(COMPARISONS, "{\"versions\": []}").statusCode()).isEqualTo(422);
    assertThat(compared("{\"version\": 1}, {\"version\": 1}", "compared").statusCode())
        .isEqualTo(422);
    assertThat(
            post(
                    COMPARISONS,
                    "{\"versions\": [%s, %s]}".formatted(version(SPECIES), version(SPECIES)))
                .statusCode())
        .isEqualTo(422);
    assertThat(post(COMPARISONS, "{\"version\": []}").statusCode()).isEqualTo(400);
  }
}
