package dev.backprop.engine.spec;

import org.jspecify.annotations.Nullable;

/// A learned vector for each category of a column, in place of one-hot inputs (Guo and Berkhahn
/// 2016, Entity Embeddings of Categorical Variables).
///
/// @param units numbers of a vector, 1 … 65,536; null until [#resolve] unless given
public record EmbeddingSpec(@Interval("[1, 65536]") @Nullable Integer units) {

  public static final int MAX_UNITS = 65_536;

  private static final int MAX_DEFAULT_UNITS = 50;

  public EmbeddingSpec {
    if (units != null) {
      Check.range("/units", units, 1, MAX_UNITS);
    }
  }

  /// Units left out are min(50, ⌈categories / 2⌉), the rule of thumb of fast.ai's course of 2018.
  ///
  /// @param categories of the column, a missing cell not counted
  public EmbeddingSpec resolve(int categories) {
    return units != null
        ? this
        : new EmbeddingSpec(Math.clamp(Math.ceilDiv(categories, 2), 1, MAX_DEFAULT_UNITS));
  }

  /// The units of a resolved embedding.
  public int resolvedUnits() {
    if (units == null) {
      throw new IllegalStateException("the embedding is not resolved");
    }
    return units;
  }
}
