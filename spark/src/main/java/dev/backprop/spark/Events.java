package dev.backprop.spark;

import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkThrowable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// What a command tells, one JSON object a line.
final class Events {

  private Events() {}

  static void print(PrintStream out, Map<String, Object> event) {
    out.println(StrictJson.mapper().writeValueAsString(event));
    out.flush();
  }

  /// Why a command has failed, with one of the service's codes.
  static Map<String, Object> failed(Throwable thrown) {
    ProblemException problem = problem(thrown);
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event", "failed");
    event.put("code", problem.code().code());
    event.put("detail", problem.detail());
    return event;
  }

  private static ProblemException problem(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      ProblemException problem = known(cause);
      if (problem != null) {
        return problem;
      }
    }
    LoggerFactory.getLogger(Events.class).error("failed for an unknown reason", thrown);
    return new ProblemException(ProblemCode.INTERNAL_ERROR, thrown.toString());
  }

  private static @Nullable ProblemException known(Throwable cause) {
    String words = String.valueOf(cause.getMessage());
    return switch (cause) {
      case ProblemException problem -> problem;
      case InvalidRowException _, InvalidDataException _ ->
          new ProblemException(ProblemCode.INVALID_DATA, words);
      case SparkThrowable spark when spark.getCondition() != null ->
          switch (spark.getCondition().split("\\.", 2)[0]) {
            case "PATH_NOT_FOUND" -> new ProblemException(ProblemCode.NOT_FOUND, words);
            case "UNABLE_TO_INFER_SCHEMA", "COLUMN_ALREADY_EXISTS" ->
                new ProblemException(ProblemCode.INVALID_DATA, words);
            case "FAILED_READ_FILE", "MALFORMED_RECORD_IN_PARSING" ->
                new ProblemException(ProblemCode.MALFORMED_DATA, words);
            default -> null;
          };
      default ->
          words.contains("No space left on device")
              ? new ProblemException(ProblemCode.STORAGE_FULL, words)
              : null;
    };
  }
}
