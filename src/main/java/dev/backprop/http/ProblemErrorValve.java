package dev.backprop.http;

import java.io.IOException;
import java.time.Duration;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/// Answers with a problem where Tomcat itself refuses a request, before any filter sees it: a bad
/// request line, a header that is too long.
///
/// Tomcat makes it by its class name, hence public and without arguments.
public final class ProblemErrorValve extends ErrorReportValve {

  private final ProblemWriter problems = new ProblemWriter(SpecJson.mapper());

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    ProblemException problem =
        switch (status) {
          case 400 ->
              new ProblemException(
                  ProblemCode.BAD_REQUEST,
                  "the request line, a header or the length of the body is not valid HTTP");
          case 404 -> new ProblemException(ProblemCode.NOT_FOUND, "there is no such path");
          case 405 ->
              new ProblemException(
                  ProblemCode.METHOD_NOT_ALLOWED,
                  "the method is not allowed: " + request.getMethod());
          case 413 -> new ProblemException(ProblemCode.TOO_LARGE, "the body is too large");
          case 414 ->
              new ProblemException(ProblemCode.URI_TOO_LONG, "the request line is too long");
          case 431 ->
              new ProblemException(ProblemCode.HEADERS_TOO_LARGE, "the headers are too large");
          case 503 ->
              new ProblemException(ProblemCode.SERVICE_STOPPING, "the service is not available")
                  .withRetryAfter(Duration.ofSeconds(10));
          default ->
              status < 500
                  ? new ProblemException(ProblemCode.BAD_REQUEST, "refused with status " + status)
                  : new ProblemException(ProblemCode.INTERNAL_ERROR, "the service failed");
        };
    try {
      problems.write(problem, request.getRequest(), response.getResponse());
      response.finishResponse();
    } catch (IOException _) {
      // The client has gone.
    }
  }
}
