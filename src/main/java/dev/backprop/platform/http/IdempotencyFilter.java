package dev.backprop.platform.http;

import dev.backprop.platform.http.IdempotencyStore.Remembered;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ContentCachingResponseWrapper;
import tools.jackson.databind.json.JsonMapper;

/// `Idempotency-Key`: who is not sure whether a training, a data set or a model was accepted sends
/// the same request again, and gets the first answer. Bodies are compared by their SHA-256, so none
/// is kept. A key belongs to its caller.
@Component
@Order(FilterOrder.IDEMPOTENCY)
final class IdempotencyFilter extends OncePerRequestFilter {

  private static final String KEY = "Idempotency-Key";
  private static final String REPLAYED = "Idempotency-Replayed";
  private static final int MAX_KEY = 255;

  private final IdempotencyStore store;
  private final AnnotatedPaths paths;
  private final JsonMapper json;
  private final InstantSource clock;

  IdempotencyFilter(
      IdempotencyStore store,
      @Qualifier(HttpConfiguration.METHODS) RequestMappingHandlerMapping methods,
      JsonMapper json,
      InstantSource clock) {
    this.store = store;
    this.paths = new AnnotatedPaths(methods, Idempotent.class);
    this.json = json;
    this.clock = clock;
  }

  private IdempotentAnswer answer(String key, DigestedRequest request) throws IOException {
    String fingerprint = request.fingerprint();
    String prefix = request.getContextPath();
    return answer ->
        store.accept(key, RememberedLinks.without(prefix, remembered(fingerprint, answer)));
  }

  /// The answer as it is going to be written.
  private Remembered remembered(String fingerprint, ResponseEntity<?> answer) {
    return new Remembered(
        fingerprint,
        answer.getStatusCode().value(),
        MediaType.APPLICATION_JSON_VALUE,
        answer.getHeaders().getFirst(HttpHeaders.LOCATION),
        json.writeValueAsBytes(answer.getBody()),
        clock.instant());
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return request.getHeader(KEY) == null
        || !request.getMethod().equals("POST")
        || !paths.match(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String key = CallersKey.of(request.getUserPrincipal(), valid(request.getHeader(KEY)));
    Remembered before = store.begin(key);
    DigestedRequest digested = new DigestedRequest(request);
    if (before != null) {
      replay(RememberedLinks.with(request.getContextPath(), before), digested, response);
      return;
    }
    IdempotentAnswer.Source source = () -> answer(key, digested);
    digested.setAttribute(IdempotentAnswer.ATTRIBUTE, source);
    ContentCachingResponseWrapper answer = new ContentCachingResponseWrapper(response);
    Remembered accepted = null;
    try {
      chain.doFilter(digested, answer);
      if (isAcceptance(answer.getStatus())) {
        accepted = RememberedLinks.without(request.getContextPath(), given(digested, answer));
      }
    } finally {
      store.end(key, accepted);
    }
    answer.copyBodyToResponse();
  }

  /// The answer as it has been written.
  private Remembered given(DigestedRequest request, ContentCachingResponseWrapper answer)
      throws IOException {
    return new Remembered(
        request.fingerprint(),
        answer.getStatus(),
        answer.getContentType(),
        answer.getHeader(HttpHeaders.LOCATION),
        answer.getContentAsByteArray(),
        clock.instant());
  }

  /// 201 for a data set or a model, 202 for a training; a 200 has only validated.
  private static boolean isAcceptance(int status) {
    return status == HttpServletResponse.SC_CREATED || status == HttpServletResponse.SC_ACCEPTED;
  }

  private static void replay(Remembered before, DigestedRequest again, HttpServletResponse response)
      throws IOException {
    if (!before.fingerprint().equals(again.fingerprint())) {
      throw new ProblemException(
          ProblemCode.IDEMPOTENCY_KEY_REUSED,
          "the Idempotency-Key was used before with another request");
    }
    response.setStatus(before.status());
    response.setHeader(REPLAYED, "true");
    if (before.location() != null) {
      response.setHeader(HttpHeaders.LOCATION, before.location());
    }
    response.setContentType(before.contentType());
    response.setContentLength(before.body().length);
    response.getOutputStream().write(before.body());
  }

  private static String valid(String key) {
    if (key.isEmpty() || key.length() > MAX_KEY || key.chars().anyMatch(c -> c < '!' || c > '~')) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER,
          "%s: must be 1 to %d visible ASCII characters, had %d"
              .formatted(KEY, MAX_KEY, key.length()));
    }
    return key;
  }
}
