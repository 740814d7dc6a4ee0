package dev.backprop.spark.training;

import dev.backprop.engine.spec.InvalidSpecException;
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
import tools.jackson.databind.json.JsonMapper;

/// What a training tells while it runs, one JSON object a line.
public final class TrainEvents {

  private final JsonMapper json = StrictJson.mapper();
  private final PrintStream out;

  public TrainEvents(PrintStream out) {
    this.out = out;
  }

  /// @param fields names and values by turns; a value that is null is left out
  void tell(String event, @Nullable Object... fields) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", event);
    for (int i = 0; i < fields.length; i += 2) {
      Object value = fields[i + 1];
      if (value != null) {
        line.put(String.valueOf(fields[i]), value);
      }
    }
    out.println(json.writeValueAsString(line));
    out.flush();
  }

  /// Tells why it has failed, with one of the service's codes.
  public void failed(Throwable thrown) {
    ProblemException problem = problem(thrown);
    tell("failed", "code", problem.code().code(), "detail", problem.detail());
  }

  private static ProblemException problem(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      ProblemException problem = known(cause);
      if (problem != null) {
        return problem;
      }
    }
    LoggerFactory.getLogger(TrainEvents.class).error("failed for an unknown reason", thrown);
    return new ProblemException(ProblemCode.INTERNAL_ERROR, thrown.toString());
  }

  private static @Nullable ProblemException known(Throwable cause) {
    String words = String.valueOf(cause.getMessage());
    return switch (cause) {
      case ProblemException problem -> problem;
      case InvalidSpecException spec -> TrainSpec.problem(spec);
      case InvalidDataException data ->
          new ProblemException(
              ProblemCode.INVALID_DATA, "column '%s' %s".formatted(data.column(), data.detail()));
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
          words.contains("spark.driver.maxResultSize")
              ? new ProblemException(ProblemCode.EXCEEDS_MEMORY, words)
              : words.contains("No space left on device")
                  ? new ProblemException(ProblemCode.STORAGE_FULL, words)
                  : null;
    };
  }
}
