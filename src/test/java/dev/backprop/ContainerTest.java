package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The image does the main job: with a read-only file system and a key from its environment it
/// trains penguins and predicts one. Needs `docker compose build` before; the system property
/// `backprop.image` names another image.
@EnabledIf(
    value = "imageExists",
    disabledReason = "no such image here: run `docker compose build` first")
@Testcontainers(disabledWithoutDocker = true)
class ContainerTest {
  private static final String IMAGE = System.getProperty("backprop.image", "backprop:latest");

  private static final String KEY = Told.by("keys", "generate").out().strip();

  @Container
  private final GenericContainer<?> container =
      new GenericContainer<>(DockerImageName.parse(IMAGE))
          .withExposedPorts(8080)
          .withEnv("BACKPROP_SECURITY_ADMINKEY", KEY)
          .withTmpFs(Map.of("/tmp", "size=64m"))
          .withCreateContainerCmdModifier(
              create ->
                  Objects.requireNonNull(create.getHostConfig())
                      .withReadonlyRootfs(true)
                      .withMemory(2L << 30))
          .waitingFor(
              Wait.forHttp("/actuator/health/readiness")
                  .withStartupTimeout(Duration.ofSeconds(60)));

  private final JsonMapper json = new JsonMapper();

  static boolean imageExists() throws InterruptedException {
    try {
      return new ProcessBuilder("docker", "image", "inspect", IMAGE)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no docker on the path
    }
  }

  @Test
  void trainsPenguinsAndPredicts() throws Exception {
    JsonNode dataset =
        send(
            201,
            request("/api/v1/datasets?name=penguins")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofFile(Path.of("docs", "samples", "penguins.csv"))));
    String training =
        """
        {"model": "penguins", "data": {"dataset": "%s", "target": "species"}}
        """
            .formatted(dataset.get("id").asString());
    JsonNode trained =
        send(
            202,
            request("/api/v1/trainings")
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=60")
                .POST(BodyPublishers.ofString(training)));
    assertThat(trained.get("state").asString()).isEqualTo("succeeded");

    JsonNode answer =
        send(
            200,
            request(
                    "/api/v1/models/penguins/predictions?island=Biscoe&bill_length_mm=46.1"
                        + "&bill_depth_mm=13.2&flipper_length_mm=211&body_mass_g=4500&sex=female&year=2007")
                .GET());
    assertThat(answer.get("prediction").asString()).isEqualTo("Gentoo");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create(
                "http://" + container.getHost() + ":" + container.getMappedPort(8080) + path))
        .header("X-API-Key", KEY);
  }

  private JsonNode send(int expectedStatus, HttpRequest.Builder request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(expectedStatus);
      return json.readTree(response.body());
    }
  }
}
