package dev.backprop.http;

import dev.backprop.http.IdempotencyKeys.Remembered;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/// `Idempotency-Key`: who is not sure whether a training, a data set or a model was accepted sends
/// the same request again, and gets the first answer. Bodies are compared by their SHA-256, so none
/// is kept.
final class IdempotencyFilter extends OncePerRequestFilter {

  private static final String KEY = "Idempotency-Key";
  private static final String REPLAYED = "Idempotency-Replayed";
  private static final int MAX_KEY = 255;
  private static final Pattern PATHS =
      Pattern.compile("/api/v1/(trainings|datasets|models/[^/]+/versions)");

  private final IdempotencyKeys keys;
  private final InstantSource clock;

  IdempotencyFilter(IdempotencyKeys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return request.getHeader(KEY) == null
        || !request.getMethod().equals("POST")
        || !PATHS.matcher(request.getRequestURI()).matches();
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String key = valid(request.getHeader(KEY));
    Remembered before = keys.begin(key);
    Digested digested = new Digested(request);
    if (before != null) {
      replay(before, digested, response);
      return;
    }
    ContentCachingResponseWrapper answer = new ContentCachingResponseWrapper(response);
    Remembered accepted = null;
    try {
      chain.doFilter(digested, answer);
      if (isAcceptance(answer.getStatus())) {
        accepted =
            new Remembered(
                digested.fingerprint(),
                answer.getStatus(),
                answer.getContentType(),
                answer.getHeader(HttpHeaders.LOCATION),
                answer.getContentAsByteArray(),
                clock.instant());
      }
    } finally {
      keys.end(key, accepted);
    }
    answer.copyBodyToResponse();
  }

  /// 201 for a data set or a model, 202 for a training; a 200 has only validated.
  private static boolean isAcceptance(int status) {
    return status == HttpServletResponse.SC_CREATED || status == HttpServletResponse.SC_ACCEPTED;
  }

  private static void replay(Remembered before, Digested again, HttpServletResponse response)
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

  /// A request whose body is digested as it is read.
  private static final class Digested extends HttpServletRequestWrapper {

    private final MessageDigest digest = Sha256.digest();
    private @Nullable Stream stream;

    Digested(HttpServletRequest request) {
      super(request);
      String head = request.getRequestURI() + '?' + request.getQueryString() + '\n';
      digest.update((head + request.getContentType() + '\n').getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      if (stream == null) {
        stream = new Stream(getRequest().getInputStream(), digest);
      }
      return stream;
    }

    /// Of the whole request; reads what nobody has read.
    String fingerprint() throws IOException {
      getInputStream().skip(Long.MAX_VALUE);
      return Sha256.hex(digest);
    }
  }

  private static final class Stream extends ServletInputStream {

    private final ServletInputStream body;
    private final InputStream digested;

    Stream(ServletInputStream body, MessageDigest digest) {
      this.body = body;
      this.digested = new DigestInputStream(body, digest);
    }

    @Override
    public int read() throws IOException {
      return digested.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return digested.read(into, offset, length);
    }

    @Override
    public boolean isFinished() {
      return body.isFinished();
    }

    @Override
    public boolean isReady() {
      return body.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      body.setReadListener(listener);
    }
  }
}
