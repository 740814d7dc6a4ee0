package dev.backprop.engine.spec;

import java.util.LinkedHashMap;
import java.util.Map;

/// Factors on the learning rate by the kind of a parameter, beside those of its layer. What a
/// network does not have, a factor does not change.
///
/// @param biases of dense layers and of layers that normalize, at least 0
/// @param inputScale factors of inputs, at least 0
/// @param slopes of activations that learn, prelu and parametric ones, at least 0
/// @param embeddings at least 0
/// @param periodic what the cosines of numbers learn, at least 0
public record LearningRateFactorsSpec(
    @Interval("[0, ∞)") @Default("1") double biases,
    @Interval("[0, ∞)") @Default("1") double inputScale,
    @Interval("[0, ∞)") @Default("1") double slopes,
    @Interval("[0, ∞)") @Default("1") double embeddings,
    @Interval("[0, ∞)") @Default("1") double periodic) {

  public LearningRateFactorsSpec {
    Check.notNegative("/biases", biases);
    Check.notNegative("/inputScale", inputScale);
    Check.notNegative("/slopes", slopes);
    Check.notNegative("/embeddings", embeddings);
    Check.notNegative("/periodic", periodic);
  }

  /// By name.
  Map<String, Double> all() {
    Map<String, Double> factors = new LinkedHashMap<>();
    factors.put("biases", biases);
    factors.put("inputScale", inputScale);
    factors.put("slopes", slopes);
    factors.put("embeddings", embeddings);
    factors.put("periodic", periodic);
    return factors;
  }
}
