package dev.backprop.platform.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestOperations;
import org.springframework.web.client.RestTemplate;

/// Asks the issuer of tokens for its keys, and each time for a while not again. A token that names
/// a key which nobody knows makes the decoder ask; whoever sends many of them shall neither keep
/// the issuer busy, nor make others wait for one that does not answer.
final class IssuerRequests implements ClientHttpRequestInterceptor {

  /// So long at most a new key of the issuer is unknown.
  static final Duration KEPT = Duration.ofSeconds(5);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// What an address has answered.
  ///
  /// @param failure null if it has answered
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Answer(
      Instant at,
      HttpStatusCode status,
      HttpHeaders headers,
      byte[] body,
      @Nullable IOException failure) {}

  private final InstantSource clock;
  private final ReentrantLock asking = new ReentrantLock(true);

  /// The description of the issuer, and its keys; guarded by the lock.
  private final Map<URI, Answer> answers = new HashMap<>();

  IssuerRequests(InstantSource clock) {
    this.clock = clock;
  }

  RestOperations client() {
    SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
    requests.setConnectTimeout(PATIENCE);
    requests.setReadTimeout(PATIENCE);
    RestTemplate client = new RestTemplate(requests);
    client.getInterceptors().add(this);
    return client;
  }

  @Override
  public ClientHttpResponse intercept(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
    asking.lock();
    try {
      Answer known = answers.get(request.getURI());
      if (known == null || !clock.instant().isBefore(known.at().plus(KEPT))) {
        known = asked(request, body, execution);
        answers.put(request.getURI(), known);
      }
      if (known.failure() != null) {
        throw known.failure();
      }
      return new Repeated(known);
    } finally {
      asking.unlock();
    }
  }

  /// It counts from when the answer came.
  private Answer asked(HttpRequest request, byte[] body, ClientHttpRequestExecution execution) {
    try (ClientHttpResponse response = execution.execute(request, body)) {
      HttpHeaders headers = HttpHeaders.copyOf(response.getHeaders());
      byte[] content = response.getBody().readAllBytes();
      return new Answer(clock.instant(), response.getStatusCode(), headers, content, null);
    } catch (IOException e) {
      return new Answer(
          clock.instant(), HttpStatusCode.valueOf(503), new HttpHeaders(), new byte[0], e);
    }
  }

  private record Repeated(Answer answer) implements ClientHttpResponse {

    @Override
    public HttpStatusCode getStatusCode() {
      return answer.status();
    }

    @Override
    public String getStatusText() {
      return "";
    }

    @Override
    public HttpHeaders getHeaders() {
      return answer.headers();
    }

    @Override
    public InputStream getBody() {
      return new ByteArrayInputStream(answer.body());
    }

    @Override
    public void close() {}
  }
}
