package dev.backprop;

import dev.backprop.platform.storage.Databases;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/// The whole service over HTTP, with its embedded database and small enough to meet its bounds. All
/// tests share one, so none may take another's names.
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "backprop.training.queue-capacity=3",
      "backprop.training.max-streams=3",
      "backprop.training.heartbeat=100ms",
      "backprop.http.max-body.json=1MB"
    })
public abstract class ServiceTest extends ServiceCalls {

  @LocalServerPort private int port;
  private @Nullable HttpClient client;

  @DynamicPropertySource
  static void dataDirectory(DynamicPropertyRegistry registry) {
    Path directory = Databases.temporaryDirectory();
    registry.add("backprop.data-directory", () -> directory);
  }

  /// Leaves nothing that the next test would wait for.
  @AfterEach
  void cancelEverything() {
    for (String state : List.of("queued", "running")) {
      body(get("/api/v1/trainings?state=" + state)).path("items").forEach(this::cancel);
    }
    client().shutdownNow();
    client = null;
  }

  private void cancel(JsonNode training) {
    String id = training.path("id").asString();
    post("/api/v1/trainings/" + id + "/cancel", "");
    ended(id);
  }

  @Override
  protected final int port() {
    return port;
  }

  @Override
  protected final HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(PATIENCE)
              .build();
    }
    return client;
  }
}
