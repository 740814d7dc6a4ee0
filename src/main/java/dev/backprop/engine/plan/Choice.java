package dev.backprop.engine.plan;

import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.TargetTransform;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Why one member of an ensemble is served alone.
///
/// @param metric by which the members were compared
/// @param member the one that is served, from 1
/// @param members all that were compared, in their order
public record Choice(Metric metric, int member, List<Compared> members) {

  /// @param member of the ensemble, from 1
  /// @param target what was done to numeric targets; null if the target is not numeric
  /// @param score the metric on the rows that the member has not learned from, in units of the
  ///   target; null if it is not finite
  /// @param figures all that are defined on these rows; the loss is that of standardized targets,
  ///   whatever the member learned
  /// @param folds in their order; one if the rows are held out once
  public record Compared(
      int member,
      @Nullable TargetTransform target,
      @Nullable Double score,
      Map<String, Double> figures,
      List<CrossValidationResult.Fold> folds) {

    public Compared {
      figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
      folds = List.copyOf(folds);
    }
  }

  public Choice {
    members = List.copyOf(members);
  }
}
