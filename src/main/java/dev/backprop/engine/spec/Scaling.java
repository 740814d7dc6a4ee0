package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What the weights of a dense layer of p inputs are multiplied by.
public enum Scaling {
  /// Nothing: z = x W + b.
  @JsonProperty("standard")
  STANDARD {
    @Override
    public double factor(int inputs) {
      return 1;
    }
  },

  /// z = x W / √p + b, the parametrization of the neural tangent kernel (Jacot et al. 2018), as
  /// RealMLP has it (Holzmüller et al. 2024). Weights of all layers are then of one size, so that
  /// one learning rate suits all.
  @JsonProperty("ntk")
  NTK {
    @Override
    public double factor(int inputs) {
      return 1 / Math.sqrt(inputs);
    }
  };

  /// @param inputs p
  public abstract double factor(int inputs);

  /// As requests have it.
  @Override
  public String toString() {
    return TypeName.of(this);
  }
}
