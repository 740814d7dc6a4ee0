package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.storage.Databases;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What a service kept in SQLite it finds in PostgreSQL.
class CopyTest {

  private static final List<String> PATHS =
      List.of(
          "/api/v1/models",
          "/api/v1/models/first",
          "/api/v1/models/first/predictions?inputs=0,1",
          "/api/v1/models/second/versions/1",
          "/api/v1/datasets",
          "/api/v1/trainings?state=succeeded");

  private static List<String> postgresql(String url) {
    return List.of("--spring.datasource.url=" + url, "--spring.datasource.username=postgres");
  }

  private static String property(Path directory) {
    return "--backprop.data-directory=" + directory;
  }

  private static Told copy(Path data, String url) {
    return Told.by("copy", "--to", url, property(data), "--spring.datasource.username=postgres");
  }

  @Test
  void aServiceOverTheCopyAnswersAsTheFirstOneDid(@TempDir Path data) throws Exception {
    Map<String, String> answers = new LinkedHashMap<>();
    List<String> paths = new ArrayList<>(PATHS);
    String running;
    String waiting;
    try (RunningService service = RunningService.start(List.of(property(data)))) {
      service.succeeded(Requests.xor("first"));
      String second = service.succeeded(Requests.xor("second")).path("id").asString();
      service.succeeded(Requests.xor("first"));
      String gone = upload(service, "gone", "");
      String dataset = upload(service, "penguins", "key-1");
      assertThat(service.delete(gone).statusCode()).isEqualTo(204);
      paths.addAll(List.of("/api/v1/trainings/" + second, dataset, dataset + "/rows?limit=400"));
      for (String path : paths) {
        answers.put(path, service.get(path).body());
      }
      running = service.begin(Requests.endless("running"));
      waiting = service.begin(Requests.seconds("waiting", 1));
      service.awaitEpoch(running);
    }
    String url = Databases.emptyPostgresql();

    Told told = copy(data, url);

    assertThat(told.errors()).isEmpty();
    assertThat(told.code()).isZero();
    assertThat(told.out())
        .matches(
            "\\d+ rows of \\d+ tables were copied from .*, [\\d.]+ MB; their counts and hashes agree.\\R");
    try (RunningService service = RunningService.start(postgresql(url))) {
      for (String path : paths) {
        assertThat(service.get(path).body()).as(path).isEqualTo(answers.get(path));
      }
      HttpResponse<String> again = uploaded(service, "penguins", "key-1");
      assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
      assertThat(service.post("/api/v1/trainings/" + running + "/cancel", "").statusCode())
          .isEqualTo(202);
      assertThat(service.ended(waiting).path("state").asString()).isEqualTo("succeeded");
      // Numbers go on where they were.
      JsonNode next = service.succeeded(Requests.xor("first"));
      assertThat(next.path("result").path("version").asInt()).isEqualTo(3);
      upload(service, "newer", "");
      assertThat(service.get("/api/v1/datasets").body()).contains("\"newer\"", "\"penguins\"");
    }
  }

  private static HttpResponse<String> uploaded(RunningService service, String name, String key) {
    String path = "/api/v1/datasets?name=" + name;
    return key.isEmpty()
        ? service.send("POST", path, "text/csv", Requests.penguinsCsv())
        : service.send("POST", path, "text/csv", Requests.penguinsCsv(), "Idempotency-Key", key);
  }

  private static String upload(RunningService service, String name, String key) {
    HttpResponse<String> answer = uploaded(service, name, key);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return answer.headers().firstValue("Location").orElseThrow();
  }

  @Test
  void refusesTheDatabaseOfAServiceThatRuns(@TempDir Path data) throws Exception {
    try (RunningService service = RunningService.start(List.of(property(data)))) {
      Told told = copy(data, Databases.emptyPostgresql());

      assertThat(told.code()).isEqualTo(1);
      assertThat(told.errors())
          .isEqualToNormalizingNewlines(
              "The data directory %s is in use by another process. Stop the service first, and start it over the copy.\n"
                  .formatted(data));
      assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void refusesATargetThatIsNotEmpty(@TempDir Path data) throws Exception {
    RunningService.start(List.of(property(data))).close();
    String url = Databases.emptyPostgresql();
    try (RunningService service = RunningService.start(postgresql(url))) {
      upload(service, "theirs", "");
    }

    Told told = copy(data, url);

    assertThat(told.code()).isEqualTo(1);
    assertThat(told.errors()).contains("The target is not empty: its table blob_chunks has 1 row.");
  }

  @Test
  void takesATargetThatAServiceHasOnlyStartedOver(@TempDir Path data) throws Exception {
    try (RunningService service = RunningService.start(List.of(property(data)))) {
      upload(service, "mine", "");
    }
    String url = Databases.emptyPostgresql();
    try (RunningService service = RunningService.start(postgresql(url))) {
      Told told = copy(data, url);

      assertThat(told.code()).isEqualTo(1);
      assertThat(told.errors())
          .contains("its table training_processes has 1 row", "no service runs");
      assertThat(service.get("/api/v1/datasets").statusCode()).isEqualTo(200);
    }

    assertThat(copy(data, url).code()).isZero();
  }

  /// The last table breaks down, when most is there.
  @Test
  void leavesTheTargetEmptyIfItFails(@TempDir Path data) throws Exception {
    try (RunningService service = RunningService.start(List.of(property(data)))) {
      service.succeeded(Requests.xor("mine"));
    }
    execute(
        "jdbc:sqlite:" + data.resolve("backprop.db"),
        "UPDATE training_epochs SET reports = 'a' || char(0)");
    String url = Databases.emptyPostgresql();

    Told told = copy(data, url);

    assertThat(told.code()).isEqualTo(1);
    assertThat(told.errors())
        .startsWith("The copy to jdbc:postgresql:")
        .contains("Nothing was kept in the target.");
    assertThat(told.errors().lines()).hasSize(1);
    for (String table : List.of("blobs", "models", "trainings", "training_epochs")) {
      assertThat(count(url, table)).as(table).isZero();
    }
    // So that it can be tried again.
    execute(
        "jdbc:sqlite:" + data.resolve("backprop.db"), "UPDATE training_epochs SET reports = '[]'");
    assertThat(copy(data, url).code()).isZero();
    assertThat(count(url, "models")).isEqualTo(1);
  }

  @Test
  void goesOnNumberingWhereTheSourceWould(@TempDir Path data) throws Exception {
    RunningService.start(List.of(property(data))).close();
    execute(
        "jdbc:sqlite:" + data.resolve("backprop.db"),
        "INSERT INTO sqlite_sequence (name, seq) VALUES ('datasets', 41)");
    String url = Databases.emptyPostgresql();
    assertThat(copy(data, url).code()).isZero();

    try (RunningService service = RunningService.start(postgresql(url))) {
      upload(service, "next", "");
    }
    assertThat(number(url, "SELECT number FROM datasets")).isEqualTo(42);
  }

  @Test
  void saysWhatItNeeds(@TempDir Path data) throws Exception {
    Told nothing = Told.by("copy");
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.errors()).startsWith("copy --to JDBC-URL: one database must be named");

    Told other = Told.by("copy", "--to=jdbc:mysql://localhost/x?password=secret", property(data));
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.errors())
        .startsWith("The target must begin with jdbc:postgresql:.")
        .doesNotContain("secret");

    Told none = copy(data.resolve("none"), Databases.emptyPostgresql());
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.errors())
        .startsWith("There is no database " + data.resolve("none/backprop.db"));

    RunningService.start(List.of(property(data))).close();
    Told unreachable = copy(data, "jdbc:postgresql://localhost:1/x?password=secret");
    assertThat(unreachable.code()).isEqualTo(1);
    assertThat(unreachable.errors())
        .startsWith(
            "The copy to jdbc:postgresql://localhost:1/x failed: Connection to localhost:1 refused")
        .doesNotContain("secret");
    assertThat(Files.exists(data.resolve("backprop.db-wal"))).isFalse();
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long count(String url, String table) throws SQLException {
    return number(url, "SELECT count(*) FROM " + table);
  }

  private static long number(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "postgres", null);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
