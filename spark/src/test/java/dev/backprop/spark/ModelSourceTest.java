package dev.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Artifacts come from files, file systems and a service.
class ModelSourceTest {

  private static final String VERSION = "/api/v1/models/m/versions/3";

  @SuppressWarnings("NullAway.Init")
  private HttpServer server;

  private String url = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", ModelSourceTest::answer);
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort() + VERSION;
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /// Answers as the service does, which has one version and one key.
  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!"Bearer key".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        refuse(exchange, 401, "{\"code\": \"unauthorized\", \"detail\": \"a key is needed\"}");
      } else if (!exchange.getRequestURI().getPath().equals(VERSION + "/artifact")) {
        refuse(exchange, 404, "nothing");
      } else {
        byte[] bytes = Files.readAllBytes(Path.of(Kinds.artifact("numbers")));
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  private static void refuse(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Test
  void theSameBytesComeFromAFileAFileSystemAndAService() throws IOException {
    byte[] file = ModelSource.read(Kinds.artifact("numbers"), null);
    assertThat(ModelSource.read(Path.of(Kinds.artifact("numbers")).toUri().toString(), null))
        .isEqualTo(file);
    assertThat(ModelSource.read(url, "key")).isEqualTo(file);
    assertThat(ModelSource.read(url + "/artifact", "key")).isEqualTo(file);
  }

  @Test
  void whatTheServiceRefusesHasItsCode() {
    refused(ProblemCode.UNAUTHORIZED, "answers 401: a key is needed", url, "other");
    refused(ProblemCode.INVALID_PARAMETER, "answers 404: nothing", url + "0", "key");
  }

  @Test
  void whatIsNotThereIsNamed() {
    refused(ProblemCode.NOT_FOUND, "no-model.zip", "no-model.zip", "");
    refused(ProblemCode.NOT_FOUND, "no-model.zip", "file:///no-model.zip", "");
    refused(ProblemCode.INVALID_PARAMETER, "nowhere://m", "nowhere://m", "");
  }

  private static void refused(ProblemCode code, String words, String location, String key) {
    assertThatThrownBy(() -> ModelSource.read(location, key))
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }
}
