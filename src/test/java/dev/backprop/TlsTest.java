package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The four properties of `docs/operations.md` make the service answer over TLS, with the
/// certificate that lies there now.
class TlsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static RunningService start(Path directory) {
    return RunningService.start(
        List.of(
            "--backprop.data-directory=" + directory.resolve("data"),
            "--server.ssl.bundle=service",
            "--spring.ssl.bundle.pem.service.keystore.certificate="
                + directory.resolve("certificate.pem"),
            "--spring.ssl.bundle.pem.service.keystore.private-key=" + directory.resolve("key.pem"),
            "--spring.ssl.bundle.pem.service.reload-on-update=true",
            "--spring.ssl.bundle.watch.file.quiet-period=50ms"));
  }

  @Test
  void aReplacedCertificateIsServedWithoutARestart(@TempDir Path directory) throws Exception {
    Certificate first = Certificate.make(directory);
    Certificate second = Certificate.make(directory);
    write(first, directory);
    try (RunningService service = start(directory)) {
      HttpResponse<String> answer = get(service, first);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("/api/v1/models");
      assertThat(served(answer)).isEqualTo(first.certificate());
      assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
      assertThatThrownBy(() -> get(service, second)).isInstanceOf(SSLHandshakeException.class);

      write(second, directory);

      assertThat(served(untilBelieved(service, second))).isEqualTo(second.certificate());
      assertThatThrownBy(() -> get(service, first)).isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void plainRequestsAreTurnedAway(@TempDir Path directory) throws Exception {
    write(Certificate.make(directory), directory);
    try (RunningService service = start(directory)) {
      HttpResponse<String> answer = service.get("/actuator/health");
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("TLS");
    }
  }

  private static void write(Certificate certificate, Path directory)
      throws IOException, GeneralSecurityException {
    certificate.write(directory.resolve("certificate.pem"), directory.resolve("key.pem"));
  }

  /// Over a connection of its own.
  private static HttpResponse<String> get(RunningService service, Certificate believed)
      throws IOException, GeneralSecurityException {
    URI uri = URI.create("https://localhost:" + service.port() + "/api/v1");
    try (HttpClient client = HttpClient.newBuilder().sslContext(believed.believed()).build()) {
      return client.send(
          HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpResponse<String> untilBelieved(RunningService service, Certificate believed)
      throws IOException, GeneralSecurityException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return get(service, believed);
      } catch (SSLHandshakeException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  private static X509Certificate served(HttpResponse<?> answer) throws IOException {
    SSLSession session = answer.sslSession().orElseThrow();
    return (X509Certificate) Objects.requireNonNull(session.getPeerCertificates())[0];
  }
}
