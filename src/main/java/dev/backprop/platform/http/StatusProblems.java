package dev.backprop.platform.http;

import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Problems for answers of which nothing is known but their status.
final class StatusProblems {

  private StatusProblems() {}

  /// @param status of an answer that is none of success; one that has no code of its own becomes
  ///   400 or 500
  static Problem of(int status, @Nullable String instance) {
    ProblemCode code =
        switch (status) {
          case 404 -> ProblemCode.NOT_FOUND;
          case 405 -> ProblemCode.METHOD_NOT_ALLOWED;
          case 406 -> ProblemCode.NOT_ACCEPTABLE;
          case 408 -> ProblemCode.REQUEST_TIMEOUT;
          case 413 -> ProblemCode.TOO_LARGE;
          case 414 -> ProblemCode.URI_TOO_LONG;
          case 415 -> ProblemCode.UNSUPPORTED_MEDIA_TYPE;
          case 431 -> ProblemCode.HEADERS_TOO_LARGE;
          // Of what a client said: a transfer coding, a version of HTTP.
          case 501, 505 -> ProblemCode.BAD_REQUEST;
          case 503 -> ProblemCode.BUSY;
          default -> status < 500 ? ProblemCode.BAD_REQUEST : ProblemCode.INTERNAL_ERROR;
        };
    return Problem.of(code, detail(code), instance, List.of());
  }

  private static String detail(ProblemCode code) {
    return switch (code) {
      case NOT_FOUND -> "there is no such path";
      case BAD_REQUEST -> "the request line, a header or the length of the body is malformed";
      case INTERNAL_ERROR -> "the log tells more";
      default -> code.when();
    };
  }
}
