package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/// A factor that moves with the progress t of a training, from 0 before its first step to 1 behind
/// its last.
public enum FactorSchedule {
  /// 1.
  @JsonProperty("constant")
  CONSTANT {
    @Override
    public double factor(double t) {
      return 1;
    }
  },

  /// 1 for t <= 1/2, then half a cosine down to 0, ½ (1 + cos(π (2t - 1))). The `flat_cos` of
  /// RealMLP (Holzmüller et al. 2024).
  @JsonProperty("flat-cos")
  FLAT_COS {
    @Override
    public double factor(double t) {
      return t <= 0.5 ? 1 : (1 + Math.cos(Math.PI * (2 * t - 1))) / 2;
    }
  };

  /// The factor, from 0 to 1.
  ///
  /// @param t from 0 to 1
  public abstract double factor(double t);

  /// As requests have it.
  @Override
  public String toString() {
    return TypeName.of(this);
  }
}
