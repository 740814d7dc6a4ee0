package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How much the examples of each class count in the loss that training minimizes: the name
/// `"balanced"`, or an object of weights by class. Validation and metrics know nothing of it, as in
/// Keras.
public sealed interface ClassWeightsSpec {

  /// No weight may be larger, so that sums of weighted losses stay finite.
  double MAX_WEIGHT = 1e30;

  /// As if the classes were equally frequent: n / (k n_c) for the n_c of n training rows that are
  /// of class c, one of k (scikit-learn's `class_weight="balanced"`).
  record Balanced() implements ClassWeightsSpec {

    static final String NAME = "balanced";

    @JsonValue
    String json() {
      return NAME;
    }
  }

  /// @param weights by class, each above 0; every class that is not named weighs 1
  record Given(Map<String, Double> weights) implements ClassWeightsSpec {
    public Given {
      weights.forEach(Given::check);
      weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    private static void check(String name, @Nullable Double weight) {
      if (weight == null || !(weight > 0 && weight <= MAX_WEIGHT)) {
        throw new InvalidSpecException(
            "/" + InvalidSpecException.part(name),
            "must be above 0 and at most %s, was %s".formatted(MAX_WEIGHT, weight));
      }
    }

    @JsonValue
    Map<String, Double> json() {
      return weights;
    }
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static ClassWeightsSpec named(String name) {
    if (!name.equals(Balanced.NAME)) {
      throw new InvalidSpecException(
          "", "must be 'balanced' or an object of weights by class, was '%.100s'".formatted(name));
    }
    return new Balanced();
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static ClassWeightsSpec given(Map<String, Double> weights) {
    return new Given(weights);
  }
}
