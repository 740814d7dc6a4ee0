package dev.backprop.platform.http;

import dev.backprop.platform.problem.Problem;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/// Answers with a problem if the container answers by itself, before any filter: a malformed
/// request line, headers that are too large.
final class ProblemErrorReportValve extends ErrorReportValve {

  private static final Logger log = LoggerFactory.getLogger(ProblemErrorReportValve.class);

  private final JsonMapper json;

  ProblemErrorReportValve(JsonMapper json) {
    this.json = json;
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable throwable) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    Problem problem =
        ProblemAnswers.ofStatus(
            status,
            request.getRequestURI(),
            TargetFault.of(throwable, request.getRequestURI(), request.getQueryString()));
    try {
      response.setStatus(problem.status());
      AnswerHeaders.WRITERS.forEach(
          writer -> writer.writeHeaders(request.getRequest(), response.getResponse()));
      response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      response.getOutputStream().write(json.writeValueAsBytes(problem));
      response.finishResponse();
    } catch (IOException | IllegalStateException e) {
      log.debug("A refused request could not be told why", e);
    }
  }
}
