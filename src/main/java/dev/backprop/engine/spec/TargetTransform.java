package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/// What is done to the numbers of a target before they are learned; undone in every answer.
public enum TargetTransform {
  @JsonProperty("none")
  NONE,

  /// The logarithm of 1 + y, or of 1 + y - min if the training part has numbers below 0.
  @JsonProperty("log")
  LOG,

  /// To a normal distribution, by the quantiles of the training part.
  @JsonProperty("quantile")
  QUANTILE,

  /// One of the others, whichever validates best. Decided before anything is trained on it.
  @JsonProperty("auto")
  AUTO;

  /// What [#AUTO] may be decided as, in the order in which they are tried. Each is a function of
  /// all numbers.
  public static final List<TargetTransform> CANDIDATES = List.of(NONE, LOG, QUANTILE);

  /// As requests have it.
  @Override
  public String toString() {
    return TypeName.of(this);
  }
}
