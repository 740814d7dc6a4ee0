package dev.backprop.engine.figures;

import dev.backprop.engine.spec.InvalidSpecException;

/// When the positive one of two classes is answered: from that probability of it up.
///
/// @param threshold above 0 and below 1
/// @param positive index of the class, 0 or 1
public record Threshold(double threshold, int positive) {

  /// The likelier class, of equal ones the second.
  public static final Threshold HALF = new Threshold(0.5, 1);

  public Threshold {
    if (!(threshold > 0 && threshold < 1)) {
      throw new InvalidSpecException("/threshold", "must be above 0 and below 1, was " + threshold);
    }
    if (positive != 0 && positive != 1) {
      throw new InvalidSpecException("/positive", "must be 0 or 1, was " + positive);
    }
  }

  /// The class that is answered.
  ///
  /// @param probability of the positive class; equal to the threshold it counts as positive
  public int answer(double probability) {
    return probability >= threshold ? positive : 1 - positive;
  }
}
