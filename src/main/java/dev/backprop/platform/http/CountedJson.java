package dev.backprop.platform.http;

import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.CountedBytes;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.http.server.ServletServerHttpResponse;
import tools.jackson.databind.json.JsonMapper;

/// Answers as JSON. They are written whole before the first byte is sent, so that nothing but these
/// bytes is held however slowly a client reads. They are counted among the bytes in flight.
final class CountedJson extends JacksonJsonHttpMessageConverter {

  private static final int UNCOUNTED = 1 << 13;

  private final Budget inFlight;

  CountedJson(JsonMapper json, Budget inFlight) {
    super(json);
    this.inFlight = inFlight;
  }

  @Override
  protected void writeInternal(
      Object object,
      ResolvableType type,
      HttpOutputMessage message,
      @Nullable Map<String, Object> hints)
      throws IOException {
    try (Budget.Claim claim = inFlight.claim()) {
      CountedBytes bytes =
          new CountedBytes(UNCOUNTED, mayBeRefused(message) ? claim::grow : claim::hold);
      super.writeInternal(object, type, new Collected(message.getHeaders(), bytes), hints);
      message.getHeaders().setContentLength(bytes.size());
      bytes.writeTo(message.getBody());
    } catch (HttpMessageNotWritableException e) {
      throw refusal(e);
    }
  }

  /// What the counting has thrown, out of what Jackson and Spring have made of it.
  private static RuntimeException refusal(HttpMessageNotWritableException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof ProblemException problem) {
        return problem;
      }
    }
    return e;
  }

  /// What was accepted or made is told, however much is in flight.
  private static boolean mayBeRefused(HttpOutputMessage message) {
    return message instanceof ServletServerHttpResponse response
        && response.getServletResponse().getStatus() == HttpServletResponse.SC_OK;
  }

  private record Collected(HttpHeaders headers, OutputStream body) implements HttpOutputMessage {

    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }

    @Override
    public OutputStream getBody() {
      return body;
    }
  }
}
