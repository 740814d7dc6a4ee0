package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.storage.Databases;
import dev.backprop.service.command.Commands;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The first key, made without the API.
class KeysCommandTest {

  private record Ended(int code, String printed, String complained) {}

  private static Ended run(List<String> properties, String... words) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    List<String> arguments = new ArrayList<>(List.of("keys"));
    arguments.addAll(Arrays.asList(words));
    arguments.addAll(properties);
    int code =
        new Commands(
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                new PrintStream(complained, true, StandardCharsets.UTF_8))
            .run(arguments.toArray(String[]::new))
            .orElseThrow();
    return new Ended(
        code,
        printed.toString(StandardCharsets.UTF_8).strip(),
        complained.toString(StandardCharsets.UTF_8).strip());
  }

  private static int models(RunningService service, String key) {
    return service.get("/api/v1/models", "X-API-Key", key).statusCode();
  }

  @Test
  void isThereWhenTheServiceStarts(@TempDir Path directory) {
    List<String> properties = List.of("--backprop.data-directory=" + directory.resolve("new"));
    Ended made = run(properties, "create", "--role=admin", "--name", "by hand");
    assertThat(made.code()).as(made.complained()).isZero();
    assertThat(made.printed()).matches("bp_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}");

    try (RunningService service = RunningService.start(properties)) {
      assertThat(models(service, made.printed())).isEqualTo(200);
      assertThat(service.get("/api/v1/models").statusCode()).isEqualTo(401);
      JsonNode key =
          ServiceCalls.body(service.get("/api/v1/keys", "X-API-Key", made.printed()))
              .at("/items/0");
      assertThat(key.path("name").asString()).isEqualTo("by hand");
      assertThat(key.path("createdBy").isNull()).isTrue();

      Ended refused = run(properties, "create", "--role", "train");
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.printed()).isEmpty();
      assertThat(refused.complained())
          .contains("is in use by another process. Stop the service first");
    }
    Ended second = run(properties, "create", "--role", "predict");
    try (RunningService service = RunningService.start(properties)) {
      assertThat(models(service, made.printed())).isEqualTo(200);
      assertThat(models(service, second.printed())).isEqualTo(200);
    }
  }

  @Test
  void isMadeBesideServicesThatShareADatabase() throws Exception {
    List<String> properties =
        List.of(
            "--spring.datasource.url=" + Databases.emptyPostgresql(),
            "--spring.datasource.username=postgres");
    Ended first = run(properties, "create", "--role", "admin");
    assertThat(first.code()).as(first.complained()).isZero();
    try (RunningService service = RunningService.start(properties)) {
      assertThat(models(service, first.printed())).isEqualTo(200);
      Ended second = run(properties, "create", "--role", "train");
      assertThat(models(service, second.printed())).isEqualTo(200);
    }
  }

  @Test
  void goesAlongWithACopy(@TempDir Path directory) throws Exception {
    String data = "--backprop.data-directory=" + directory;
    String key = run(List.of(data), "create", "--role", "admin").printed();
    String url = Databases.emptyPostgresql();
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    assertThat(new Commands(nowhere, System.err).run("copy", "--to", url + "&user=postgres", data))
        .hasValue(0);
    try (RunningService service =
        RunningService.start(
            List.of("--spring.datasource.url=" + url, "--spring.datasource.username=postgres"))) {
      assertThat(models(service, key)).isEqualTo(200);
      String made =
          ServiceCalls.body(service.post("/api/v1/keys", "{\"role\": \"train\"}", "X-API-Key", key))
              .path("key")
              .asString();
      assertThat(models(service, made)).isEqualTo(200);
      assertThat(service.get("/api/v1/models").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void oneForTheConfigurationIsKeptNowhere(@TempDir Path directory) {
    List<String> properties = List.of("--backprop.data-directory=" + directory.resolve("none"));
    String key = run(properties, "generate").printed();
    assertThat(directory).isEmptyDirectory();
    assertThat(run(properties, "generate").printed()).isNotEqualTo(key);

    List<String> configured = new ArrayList<>(properties);
    configured.add("--backprop.security.admin-key=" + key);
    try (RunningService service = RunningService.start(configured)) {
      assertThat(models(service, key)).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', a word is missing",
    "make, the first word was make",
    "create, a role must be given",
    "create --role, must be followed by its value",
    "create --role emperor, 'must be predict, train or admin, was emperor'",
    "create --role admin --role admin, must be given once",
    "create --role admin --expires never, was --expires",
    "create --role admin --name=, must have 1 to 100 characters",
    "generate now, the first word was generate",
  })
  void saysWhatItDoesNotUnderstand(String words, String complaint, @TempDir Path directory) {
    Ended ended =
        run(
            List.of("--backprop.data-directory=" + directory.resolve("none")),
            words.isEmpty() ? new String[0] : words.split(" ", -1));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.printed()).isEmpty();
    assertThat(ended.complained())
        .startsWith("keys create --role ROLE [--name NAME] | generate: ")
        .contains(complaint);
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "--backprop.storage=memory, keeps everything in memory",
    "--spring.datasource.url=jdbc:mysql://x/y, must begin with jdbc:postgresql:",
    "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/x?password=hidden, cannot be used",
  })
  void saysWhyItCannot(String property, String complaint) {
    Ended ended = run(List.of(property), "create", "--role", "admin");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.printed()).isEmpty();
    assertThat(ended.complained()).contains(complaint).doesNotContain("hidden");
  }
}
