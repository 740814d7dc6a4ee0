package dev.backprop.service.prediction;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.scoring.Evaluation;
import org.jspecify.annotations.Nullable;

/// How good a version of a model is on the rows of a request.
///
/// @param rows some of them; left out if none are asked for
record EvaluationAnswer(
    String model,
    int version,
    On on,
    Evaluation metrics,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable FoundRows rows) {

  /// Which rows they are.
  ///
  /// @param dataset the id of the data set; null if they came with the request
  record On(@Nullable String dataset, int rows) {

    static On of(GivenRows rows) {
      return new On(rows instanceof DatasetRows uploaded ? uploaded.id() : null, rows.size());
    }
  }
}
