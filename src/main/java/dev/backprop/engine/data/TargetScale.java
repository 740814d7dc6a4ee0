package dev.backprop.engine.data;

import org.jspecify.annotations.Nullable;

/// How the numbers of one target column become what a network is trained on, and its outputs
/// answers.
///
/// @param mean of the training part
/// @param std its population deviation; 1 if it has one value only
/// @param curve null for `z = (y - mean) / std`
/// @param range what answers are clamped to; null if they are not
public record TargetScale(
    double mean, double std, @Nullable TargetCurve curve, @Nullable Range range) {

  /// Standardized, with answers as they come.
  public TargetScale(double mean, double std) {
    this(mean, std, null, null);
  }

  /// From the least to the greatest number of the training part.
  public record Range(double min, double max) {}

  /// The same with answers between these and those that they were clamped to.
  TargetScale clamped(double min, double max) {
    Range wider =
        range == null
            ? new Range(min, max)
            : new Range(Math.min(min, range.min), Math.max(max, range.max));
    return new TargetScale(mean, std, curve, wider);
  }

  /// What the network is trained on.
  public double encode(double y) {
    return curve == null ? (y - mean) / std : curve.encode(y);
  }

  private double decode(double z) {
    return curve == null ? z * std + mean : curve.decode(z);
  }

  /// The number that an output of the network says, before it is clamped.
  public double unclamped(double z) {
    return decode(z);
  }

  /// The derivative of [#unclamped].
  public double slope(double z) {
    return curve == null ? std : curve.slope(z);
  }

  /// The number that an output of the network says.
  public double answer(double z) {
    double y = decode(z);
    return range == null ? y : Math.clamp(y, range.min, range.max);
  }

  /// How far the answer is from the mean, in deviations. Errors are summed up so, for then the
  /// squares of the largest and of the smallest numbers are numbers too.
  public double measuredAnswer(double z) {
    if (curve == null) {
      return range == null ? z : Math.clamp(z, measured(range.min), measured(range.max));
    }
    return measured(answer(z));
  }

  /// The same of a target, which is no answer and is not clamped.
  public double measuredTarget(double z) {
    return curve == null ? z : measured(curve.decode(z));
  }

  /// The same of what a model without inputs would answer: the mean.
  ///
  /// @param z the mean of what the network is trained on
  public double measuredBaseline(double z) {
    return curve == null ? z : 0;
  }

  private double measured(double y) {
    return Math.clamp((y - mean) / std, -Float.MAX_VALUE, Float.MAX_VALUE);
  }
}
