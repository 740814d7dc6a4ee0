package dev.backprop.service.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.plan.Standing;
import dev.backprop.platform.problem.Problem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a training ended, as it is stored. Each state has some of the fields.
record StoredEnding(
    @Nullable JobResult result,
    @Nullable List<String> warnings,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Map<String, Number>> metrics,
    @Nullable Problem error) {

  static StoredEnding of(JobEnd end) {
    return switch (end) {
      case JobEnd.Succeeded(JobResult result, List<String> warnings, var metrics, _) ->
          new StoredEnding(result, warnings, metrics, null);
      case JobEnd.Failed(Problem error) -> new StoredEnding(null, null, null, error);
      case JobEnd.Cancelled(Problem error) -> new StoredEnding(null, null, null, error);
    };
  }

  /// @param standing of the version, which is kept beside this
  /// @return null if the training has not ended in that state
  @Nullable JobEnd end(JobState state, @Nullable Standing standing) {
    return switch (state) {
      case QUEUED, RUNNING -> null;
      case SUCCEEDED -> new JobEnd.Succeeded(known(result), known(warnings), metrics, standing);
      case FAILED -> new JobEnd.Failed(known(error));
      case CANCELLED -> new JobEnd.Cancelled(known(error));
    };
  }

  private static <T> T known(@Nullable T field) {
    if (field == null) {
      throw new IllegalStateException("an ending lacks what its state has");
    }
    return field;
  }
}
