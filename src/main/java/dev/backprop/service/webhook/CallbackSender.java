package dev.backprop.service.webhook;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sends calls. It follows no redirects, because nobody has allowed where these lead.
final class CallbackSender implements AutoCloseable {

  /// How long a try may take, from the connection to the end of the answer.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  private final Signature signature;
  private final InstantSource clock;
  private final Duration patience;

  /// @param patience [#PATIENCE]
  CallbackSender(Signature signature, InstantSource clock, Duration patience) {
    this.signature = signature;
    this.clock = clock;
    this.patience = patience;
  }

  /// @return the status of the answer
  /// @throws IOException if there was none
  int send(URI url, byte[] body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .header("User-Agent", "backprop")
            .header(Signature.HEADER, signature.of(clock.instant(), body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    DiscardedAnswer answer = new DiscardedAnswer();
    CompletableFuture<?> sent = client.sendAsync(request, answer);
    try {
      var _ = sent.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      if (answer.status() == null) {
        throw new HttpTimeoutException(
            "no answer within %s s".formatted(patience.toMillis() / 1e3));
      }
    } catch (ExecutionException e) {
      if (answer.status() == null) {
        throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
      }
    } finally {
      sent.cancel(true);
    }
    Integer status = answer.status();
    if (status == null) {
      throw new IOException("no answer");
    }
    return status;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
