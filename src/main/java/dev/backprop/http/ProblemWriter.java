package dev.backprop.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/// Writes problems where no controller is involved: in filters and in the container itself.
public final class ProblemWriter {

  private final JsonMapper mapper;

  public ProblemWriter(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /// Answers with the problem, unless an answer has begun.
  public void write(
      ProblemException problem, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    byte[] body = mapper.writeValueAsBytes(problem.problem(request.getRequestURI()));
    response.resetBuffer();
    response.setStatus(problem.code().status());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setContentLength(body.length);
    if (problem.retryAfter() != null) {
      long seconds = Math.ceilDiv(problem.retryAfter().toMillis(), 1000);
      response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    }
    response.getOutputStream().write(body);
  }
}
