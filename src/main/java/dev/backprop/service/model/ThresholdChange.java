package dev.backprop.service.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.figures.Threshold;
import dev.backprop.engine.table.Label;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// From which probability on the positive one of two classes is to be answered.
///
/// @param threshold above 0 and below 1
/// @param positive that class; null for the one that it is
record ThresholdChange(
    double threshold, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Label positive) {

  /// @param card of the version as it is
  /// @throws ProblemException 422 if the version does not answer one of two classes, or if it
  ///   cannot be
  Threshold of(ModelCard card) {
    if (card.threshold() == null) {
      throw ProblemException.at(
          ProblemCode.INVALID_SPEC,
          "/threshold",
          "goes with a version that answers one of two classes, this one answers %s"
              .formatted(
                  card.target().classes() == null || card.target().task().equals("regression")
                      ? "none"
                      : card.target().classes().size()));
    }
    if (!(threshold > 0 && threshold < 1)) {
      throw ProblemException.at(
          ProblemCode.INVALID_SPEC, "/threshold", "must be above 0 and below 1, was " + threshold);
    }
    List<Label> classes = Objects.requireNonNull(card.target().classes());
    int index = classes.indexOf(positive == null ? card.positive() : positive);
    if (index < 0) {
      throw ProblemException.at(
          ProblemCode.INVALID_SPEC,
          "/positive",
          "must be one of the classes '%s' and '%s', was '%s'"
              .formatted(
                  classes.getFirst().text(),
                  classes.getLast().text(),
                  Objects.requireNonNull(positive).text()));
    }
    return new Threshold(threshold, index);
  }
}
