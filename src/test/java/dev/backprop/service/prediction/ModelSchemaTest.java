package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.backprop.Requests;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON Schema of a model's rows and answers, held against real ones.
class ModelSchemaTest extends PredictionServiceTest {

  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  private JsonNode schema(String model) {
    HttpResponse<String> answer = get(MODELS + model + "/schema");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/schema+json");
    JsonNode schema = body(answer);
    assertThat(schema.propertyNames()).containsExactly("$schema", "$ref", "$defs");
    assertThat(schema.path("$defs").propertyNames()).containsExactly("row", "answer");
    List<Error> faults =
        SCHEMAS
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"))
            .validate(schema);
    assertThat(faults).isEmpty();
    return schema;
  }

  private static List<Error> faultsOfRow(JsonNode schema, JsonNode row) {
    return SCHEMAS.getSchema(schema).validate(row);
  }

  private static List<Error> faultsOfRow(JsonNode schema, String row) {
    return faultsOfRow(schema, JSON.readTree(row));
  }

  private static List<Error> faultsOfAnswer(JsonNode schema, JsonNode answer) {
    ObjectNode ofAnswer = ((ObjectNode) schema.deepCopy()).put("$ref", "#/$defs/answer");
    return SCHEMAS.getSchema(ofAnswer).validate(answer);
  }

  /// Every row, and every answer to one, is as the schema says.
  private void assertDescribes(JsonNode schema, String model, String bodyOfRows, String options) {
    JsonNode body = JSON.readTree(bodyOfRows);
    JsonNode rows = body.has("rows") ? body.path("rows") : body.path("inputs");
    HttpResponse<String> answer = post(MODELS + model + "/predictions" + options, bodyOfRows);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode answers = body(answer).path("predictions");

    assertThat(answers).isNotEmpty();
    for (JsonNode row : rows) {
      assertThat(faultsOfRow(schema, row)).as(row.toString()).isEmpty();
    }
    for (JsonNode item : answers) {
      assertThat(faultsOfAnswer(schema, item)).as(item.toString()).isEmpty();
      ObjectNode more = ((ObjectNode) item.deepCopy()).put("more", 1);
      assertThat(faultsOfAnswer(schema, more)).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SPECIES, MASS, BILL})
  void describesPenguins(String model) {
    JsonNode schema = schema(model);

    assertDescribes(schema, model, "{" + Requests.penguinRows() + "}", "?pass=sex,island");
    assertThat(body(get(MODELS + model + "/versions/1/schema"))).isEqualTo(schema);
    assertThat(faultsOfRow(schema, "{}")).isNotEmpty();
    assertThat(faultsOfRow(schema, "[]")).isNotEmpty();
  }

  @Test
  void hasTypesRangesAndCategories() {
    JsonNode row = schema(SPECIES).at("/$defs/row");

    assertThat(row.at("/properties/island").toString())
        .isEqualTo("{\"type\":\"string\",\"examples\":[\"Biscoe\",\"Dream\",\"Torgersen\"]}");
    assertThat(row.at("/properties/sex/type").toString()).isEqualTo("[\"string\",\"null\"]");
    assertThat(row.at("/properties/flipper_length_mm").toString())
        .isEqualTo("{\"type\":[\"number\",\"null\"],\"x-training-range\":[172,231]}");
    for (String unused : List.of("year", "species")) {
      assertThat(row.at("/properties/" + unused + "/type").toString())
          .isEqualTo("[\"string\",\"number\",\"boolean\",\"null\"]");
    }
    assertThat(row.path("required").toString()).isEqualTo("[\"island\"]");
    assertThat(row.path("additionalProperties").asBoolean(true)).isFalse();
  }

  /// What is answered with a warning is valid, what is refused is not.
  @Test
  void holdsWhatIsAnsweredAndNoMore() {
    JsonNode schema = schema(SPECIES);
    String strange =
        "{\"island\": \"Atlantis\", \"flipper_length_mm\": 9999, \"species\": \"Dodo\"}";

    assertDescribes(schema, SPECIES, "{\"rows\": [" + strange + "]}", "");
    for (String refused :
        List.of(
            "{\"flipper_length_mm\": 200}",
            "{\"island\": null}",
            "{\"island\": \"Dream\", \"wing\": 1}",
            "{\"island\": \"Dream\", \"year\": [1]}",
            "{\"island\": \"Dream\", \"flipper_length_mm\": true}")) {
      assertThat(faultsOfRow(schema, refused)).as(refused).isNotEmpty();
      assertThat(
              post(MODELS + SPECIES + "/predictions", "{\"rows\": [" + refused + "]}").statusCode())
          .as(refused)
          .isBetween(400, 422);
    }
    JsonNode answer = JSON.readTree("{\"prediction\": \"Dodo\", \"probabilities\": {}}");
    assertThat(faultsOfAnswer(schema, answer)).isNotEmpty();
  }

  @Test
  void describesLabelsAndNumbersAsClasses() {
    assertDescribes(
        schema(LABELS),
        LABELS,
        "{\"rows\": [{\"t\": 39, \"rain\": 0}, {\"t\": 99, \"rain\": 1}]}",
        "");
    assertDescribes(
        schema(TWO),
        TWO,
        "{\"rows\": [{\"queue\": 9}, {\"queue\": 1.5, \"late\": \"?\"}]}",
        "?pass=queue");
    assertThat(schema(TWO).at("/$defs/answer/properties/prediction/enum").toString())
        .isEqualTo("[0,1]");
  }

  @Test
  void describesBareNumbers() {
    JsonNode schema = schema(XOR);

    assertDescribes(schema, XOR, "{\"inputs\": [[0, 1], [0.5, -3]]}", "");
    assertThat(faultsOfRow(schema, "[1]")).isNotEmpty();
    assertThat(faultsOfRow(schema, "[1, 2, 3]")).isNotEmpty();
    assertThat(faultsOfRow(schema, "[1, \"2\"]")).isNotEmpty();
  }

  @Test
  void describesDatesCategoriesOfNumbersAndQuantiles() {
    String rows =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    """
                    {"day": "2026-01-%1$02d", "written": "%1$02d.03.2026", "at": "2026-05-%1$02dT10:00:%1$02d+02:00",
                     "code": %2$d, "open": %3$b, "minutes": %4$d}"""
                        .formatted(1 + i % 28, i % 4, i % 3 == 0, i * 7 % 50))
            .collect(Collectors.joining(","));
    succeeded(
        """
        {"model": "p-dated", "data": {"target": "minutes", "rows": [%s], "columns": {"code": {"type": "categorical"}}},
         "network": {"layers": [], "loss": {"type": "quantile", "taus": [0.1, 0.5]}}, "training": {"epochs": 2}}"""
            .formatted(rows));
    JsonNode schema = schema("p-dated");
    JsonNode cells = schema.at("/$defs/row/properties");

    assertDescribes(schema, "p-dated", "{\"rows\": [" + rows + "]}", "?pass=day");
    assertThat(cells.path("day").toString())
        .isEqualTo(
            "{\"type\":\"string\",\"format\":\"date\",\"x-date-format\":\"yyyy-MM-dd\",\"x-training-range\":[\"2026-01-01\",\"2026-01-28\"]}");
    assertThat(cells.at("/written/x-date-format").asString()).isEqualTo("dd.MM.yyyy");
    assertThat(cells.path("written").has("format")).isFalse();
    assertThat(cells.at("/at/format").asString()).isEqualTo("date-time");
    assertThat(cells.path("code").toString())
        .isEqualTo("{\"type\":\"number\",\"examples\":[0,1,2,3]}");
    assertThat(cells.at("/open/type").asString()).isEqualTo("boolean");
    assertThat(schema.at("/$defs/answer/properties/quantiles/required").toString())
        .isEqualTo("[\"0.1\",\"0.5\"]");
  }

  @Test
  void isFoundAsOtherPartsOfAModelAre() {
    assertProblem(get(MODELS + "p-nowhere/schema"), 404, "not-found");
    assertProblem(get(MODELS + TWO + "/versions/9/schema"), 404, "not-found");
    assertThat(
            get(MODELS + TWO + "/schema", "Accept", "application/json")
                .headers()
                .firstValue("Content-Type"))
        .hasValue("application/json");
  }
}
