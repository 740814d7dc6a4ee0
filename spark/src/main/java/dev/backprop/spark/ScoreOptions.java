package dev.backprop.spark;

import java.io.Serializable;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// How rows are answered.
///
/// @param interval the share of the truth that an interval or a set is to have; null for none
/// @param nullIfInvalid whether a row that cannot be answered gets an empty answer and a reason;
///   else it is an [InvalidRowException]
record ScoreOptions(@Nullable BigDecimal interval, boolean nullIfInvalid) implements Serializable {

  /// The column of reasons.
  static final String INVALID = "invalid";
}
