package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.platform.limits.Budget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Parquet instead of CSV: the same data sets, trainings, predictions and evaluations.
class ParquetServiceTest extends PredictionServiceTest {

  private static final String PARQUET = "application/vnd.apache.parquet";
  private static final String DATASETS = "/api/v1/datasets";
  private static final Path FILES = Path.of("src/test/resources/parquet");

  @Autowired private Budget spoolBudget;

  @AfterEach
  void nothingIsLeft() {
    body(get(DATASETS + "?limit=500"))
        .path("items")
        .forEach(item -> delete(DATASETS + "/" + item.path("id").asString()));
    assertThat(spoolBudget.held()).isZero();
  }

  private static byte[] penguins() {
    return file(Path.of("docs/samples/penguins.parquet"));
  }

  private static byte[] file(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> send(String path, String type, byte[] body, String... headers) {
    return send(
        request(path, headers)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  private JsonNode uploaded(String name, String type, byte[] body) {
    HttpResponse<String> answer = send(DATASETS + "?name=" + name, type, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return body(answer);
  }

  /// Without what no two data sets have in common.
  private static JsonNode described(JsonNode dataset) {
    return ((ObjectNode) dataset).without(List.of("id", "name", "createdAt", "sha256"));
  }

  private JsonNode trained(String model, JsonNode dataset) {
    return succeeded(
        """
        {"model": "%s", "data": {"dataset": "%s", "target": "species"},
         "network": {"layers": [{"type": "dense", "units": 4}]}, "training": {"epochs": 3, "seed": 3}}"""
            .formatted(model, dataset.path("id").asString()));
  }

  private static void assertRefused(
      HttpResponse<String> answer, int status, String code, String... detail) {
    assertProblem(answer, status, code);
    assertThat(List.of(body(answer).path("detail").asString())).containsAll(List.of(detail));
  }

  @Test
  void anUploadIsThatOfTheSameCsv() {
    JsonNode csv =
        uploaded("csv", "text/csv", Requests.penguinsCsv().getBytes(StandardCharsets.UTF_8));
    JsonNode parquet = uploaded("parquet", PARQUET, penguins());
    String rows = "/rows?limit=400";
    String ofCsv = get(DATASETS + "/" + csv.path("id").asString() + rows).body();
    assertThat(get(DATASETS + "/" + parquet.path("id").asString() + rows).body()).isEqualTo(ofCsv);
    JsonNode one = trained("of-csv", csv);
    JsonNode other = trained("of-parquet", parquet);
    assertThat(other.path("evaluation")).isEqualTo(one.path("evaluation"));
    assertThat(other.path("history").path(2).path("trainLoss"))
        .isEqualTo(one.path("history").path(2).path("trainLoss"));
    String predictions = "/predictions";
    assertThat(send(MODELS + "of-parquet" + predictions, PARQUET, penguins()).body())
        .isEqualTo(
            send("POST", MODELS + "of-csv" + predictions, "text/csv", Requests.penguinsCsv())
                .body()
                .replace("of-csv", "of-parquet"));
    delete(MODELS + "of-csv");
    delete(MODELS + "of-parquet");
    assertThat(described(parquet)).isEqualTo(described(csv));
  }

  @ParameterizedTest
  @CsvSource({
    "application/vnd.apache.parquet, penguins",
    "application/octet-stream, penguins.parquet",
    "application/octet-stream, PENGUINS.PARQUET"
  })
  void aFormMayHaveAFileOfParquet(String type, String name) throws IOException {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.write(
        "--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n"
            .formatted(name, type)
            .getBytes(StandardCharsets.US_ASCII));
    form.write(penguins());
    form.write("\r\n--limit--\r\n".getBytes(StandardCharsets.US_ASCII));

    JsonNode dataset = uploaded("form", "multipart/form-data; boundary=limit", form.toByteArray());

    assertThat(dataset.path("rows").asInt()).isEqualTo(344);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/csv", "application/x-ndjson"})
  void predictionsAreThoseOfTheSameCsv(String form) {
    String csv = Requests.penguinsCsv();
    for (String options : List.of("", "?warnings=true&pass=sex&pass=species", "?missing=male")) {
      String path = MODELS + SPECIES + "/predictions" + options;
      HttpResponse<String> parquet = send(path, PARQUET, penguins(), "Accept", form);
      assertThat(parquet.statusCode()).as(parquet.body()).isEqualTo(200);
      assertThat(parquet.headers().firstValue("Content-Type").orElse("")).startsWith(form);
      assertThat(parquet.body())
          .isEqualTo(send("POST", path, "text/csv", csv, "Accept", form).body());
    }
  }

  @Test
  void evaluationsAreThoseOfTheSameCsv() {
    String path = MODELS + SPECIES + "/evaluations";
    HttpResponse<String> parquet = send(path, PARQUET, penguins());
    assertThat(parquet.statusCode()).as(parquet.body()).isEqualTo(200);
    assertThat(body(parquet))
        .isEqualTo(body(send("POST", path, "text/csv", Requests.penguinsCsv())));
  }

  @Test
  void refusesWhatIsDamagedByName() {
    byte[] bytes = penguins();
    assertRefused(
        send(DATASETS + "?name=cut", PARQUET, Arrays.copyOf(bytes, bytes.length - 9)),
        400,
        "malformed-data",
        "the Parquet file must begin and end with PAR1, does not: it is cut, or is no Parquet");
    assertRefused(
        send(DATASETS + "?name=none", PARQUET, new byte[3]),
        400,
        "malformed-data",
        "the Parquet file must have at least 12 bytes, has 3");
    assertRefused(
        send(MODELS + SPECIES + "/predictions", PARQUET, "no".getBytes(StandardCharsets.US_ASCII)),
        400,
        "malformed-data");
  }

  @Test
  void refusesWhatIsNotReadByName() {
    assertRefused(
        send(DATASETS + "?name=nested", PARQUET, file(FILES.resolve("list.parquet"))),
        422,
        "invalid-data",
        "column 'list': the Parquet file has a list there, and only flat columns are read");
    assertRefused(
        send(DATASETS + "?name=options&delimiter=%3B", PARQUET, penguins()),
        400,
        "invalid-parameter",
        "delimiter: is of text/csv, the body is application/vnd.apache.parquet");
    assertRefused(
        send(DATASETS + "?name=columns&categorical=wings", PARQUET, penguins()),
        422,
        "invalid-data");
  }

  @Test
  void refusesRowsThatAreNotThoseOfTheModel() {
    String path = MODELS + SPECIES + "/predictions";
    assertRefused(
        send(path, PARQUET, file(FILES.resolve("snappy.parquet"))),
        400,
        "malformed-data",
        "column 'flag': is no column of the training data");
    assertRefused(
        send(path + "?unknown=ignore", PARQUET, file(FILES.resolve("struct.parquet"))),
        422,
        "invalid-data",
        "column 'island', row 0, counted from 0: must have a value, is absent");
  }

  @Test
  void nothingIsAnsweredAsParquet() {
    assertRefused(
        send(MODELS + SPECIES + "/predictions", PARQUET, penguins(), "Accept", PARQUET),
        406,
        "not-acceptable");
  }
}
