package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the service keeps it can read again; what a failing disk has made of it is told.
class ReadableTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  private static String body(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ReadableTest.class.getResourceAsStream("/undefined/" + name))) {
      byte[] bytes = (name.endsWith(".gz") ? new GZIPInputStream(in) : in).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /// @param classes of the rows, in turns
  private static String folds(String... classes) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add("{\"x\": %d, \"y\": \"%s\"}".formatted(i % 7, classes[i % classes.length]));
    }
    return """
    {"model": "long", "data": {"target": "y", "rows": [%s]},
     "training": {"epochs": 2, "crossValidation": {"folds": 2}}}"""
        .formatted(String.join(", ", rows));
  }

  private static String model(RunningService service, String body) {
    JsonNode training = service.trained(body);
    assertThat(training.path("state").asString()).as(training.toString()).isEqualTo("succeeded");
    assertFinite(training.toString());
    return training.path("links").path("model").asString();
  }

  private static void assertFinite(String answer) {
    assertThat(answer).doesNotContainPattern(":\\[?\"?-?(NaN|Infinity)");
  }

  private static JsonNode validation(String card) {
    return JSON.readTree(card).path("metrics").path("validation");
  }

  /// Weights whose products vanish, a variance that is next to nothing, targets as large as may be,
  /// features as large as there are. Logits that overflow although their sigmoids do not, and a
  /// class as long as may be.
  @Test
  void whatCannotBeSaidInNumbersIsNullAndIsReadAgain(@TempDir Path directory) throws Exception {
    List<String> properties = List.of("--backprop.data-directory=" + directory);
    List<String> models = new ArrayList<>();
    List<String> cards = new ArrayList<>();
    try (RunningService service = RunningService.start(properties)) {
      models.add(model(service, body("weights-of-1e-200.json")));
      models.add(model(service, body("variance-of-nearly-nothing.json")));
      models.add(model(service, body("targets-of-1e100.json")));
      models.add(
          model(
              service,
              """
              {"model": "wide", "data": {"target": "y", "rows": [
                {"x": 1.7976931348623157e308, "y": 1}, {"x": -1.7976931348623157e308, "y": 2.5},
                {"x": 1.7976931348623157e308, "y": 1}, {"x": -1.7976931348623157e308, "y": 2.5}]},
               "training": {"epochs": 2}}"""));
      models.add(
          model(
              service,
              """
              {"model": "logits", "data": {"inputs": [[3e38, 3e38, 3e38, 3e38], [0, 0, 0, 0]], "targets": [[1], [0]]},
               "network": {"layers": [], "output": {"activation": "sigmoid", "initializer": "unit-normal"},
                 "loss": "quadratic"},
               "training": {"epochs": 1}}"""));
      models.add(model(service, folds("ä".repeat(25_000), "ß".repeat(25_000), "short")));
      for (String model : models) {
        cards.add(service.get(model).body());
        assertFinite(cards.getLast());
      }
    }
    assertThat(validation(cards.get(0)).path("auc").asDouble()).isBetween(0.0, 1.0);
    assertThat(validation(cards.get(1)).path("r2").isNull()).as(cards.get(1)).isTrue();
    assertThat(cards.get(4)).contains("\"logLoss\":null");

    try (RunningService service = RunningService.start(properties)) {
      for (int i = 0; i < cards.size(); i++) {
        String model = models.get(i);
        assertThat(service.get(model).body()).isEqualTo(cards.get(i));
        HttpResponse<String> copy =
            service.post(
                "/api/v1/models/copy-" + i + "/versions",
                "application/zip",
                service.bytes(model + "/artifact"));
        assertThat(copy.statusCode()).as(copy.body()).isEqualTo(201);
      }
      String prediction = service.get("/api/v1/models/s100/predictions?x=3").body();
      assertThat(JSON.readTree(prediction).path("prediction").isNumber()).as(prediction).isTrue();
      assertFinite(prediction);
    }
  }

  @Test
  void aClassThatIsTooLongForAnyReaderIsRefusedBefore(@TempDir Path directory) throws Exception {
    try (RunningService service =
        RunningService.start(List.of("--backprop.data-directory=" + directory))) {
      for (String body :
          List.of(
              body("class-of-60000-characters.json.gz"),
              folds("ä".repeat(30_000), "b"),
              folds("\ud83d\ude00".repeat(10_000), "b")
                  .replace("\"crossValidation\": {\"folds\": 2}", "\"seed\": 1"))) {
        HttpResponse<String> answer = service.train(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body())
            .contains("invalid-data", "/data/target", "at most 50000 bytes", "has 60000");
      }
    }
  }

  @Test
  void aDamagedPageIsToldAndTheRestAnswers(@TempDir Path directory) throws Exception {
    List<String> properties = List.of("--backprop.data-directory=" + directory);
    String model;
    try (RunningService service = RunningService.start(properties)) {
      model = model(service, body("targets-of-1e100.json"));
    }
    spoil(directory.resolve("backprop.db"), "blob_chunks");

    try (RunningService service = RunningService.start(properties)) {
      HttpResponse<String> prediction = service.get(model + "/predictions?x=3");
      assertThat(prediction.statusCode()).as(prediction.body()).isEqualTo(500);
      assertThat(prediction.body()).contains("\"storage-corrupt\"", "is damaged");
      assertThat(service.get(model).statusCode()).isEqualTo(200);
      assertThat(service.get("/api/v1/models").body()).contains("s100");
      assertThat(service.get("/actuator/health/readiness").body()).contains("\"UP\"");
    }
  }

  @Test
  void aBitThatFlipsInTheFileIsTold(@TempDir Path directory) throws Exception {
    List<String> properties = List.of("--backprop.data-directory=" + directory);
    Path file = directory.resolve("backprop.db");
    String model;
    byte[] weights;
    try (RunningService service = RunningService.start(properties)) {
      model = model(service, body("targets-of-1e100.json"));
      weights = service.bytes(model + "/artifact");
    }
    flush(file);
    // The last numbers of the weights, which stand in the file as they stand in the artifact.
    byte[] bytes = Files.readAllBytes(file);
    int end = indexOf(weights, new byte[] {'P', 'K', 1, 2});
    byte[] last = Arrays.copyOfRange(weights, end - 64, end);
    int at = indexOf(bytes, last);
    assertThat(at).isPositive();
    bytes[at + 10] ^= 1;
    Files.write(file, bytes);

    try (RunningService service = RunningService.start(properties)) {
      HttpResponse<String> prediction = service.get(model + "/predictions?x=3");
      assertThat(prediction.statusCode()).as(prediction.body()).isEqualTo(500);
      assertThat(prediction.body())
          .contains("\"storage-corrupt\"", "s100 version 1 is stored, but cannot be read");
    }
  }

  private static int indexOf(byte[] all, byte[] part) {
    for (int i = 0; i + part.length <= all.length; i++) {
      if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }

  /// Has all that was written in the file itself.
  private static void flush(Path file) throws SQLException {
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = database.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }

  /// Makes the first page of a table none.
  private static void spoil(Path file, String table) throws SQLException, IOException {
    flush(file);
    int page;
    int size;
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = database.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name = '"
                    + table
                    + "'")) {
      assertThat(row.next()).isTrue();
      page = row.getInt(1);
      size = row.getInt(2);
    }
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, (page - 1) * size, (page - 1) * size + 16, (byte) 0x5a);
    Files.write(file, bytes);
  }
}
