package dev.backprop.engine.figures;

import dev.backprop.engine.data.TargetScale;
import java.util.List;

/// How far the numbers that are answered to one row are from its targets. One thread's scratch,
/// written anew for each row.
public final class NumberRow {

  private final List<TargetScale> scales;
  private final double[] targets;
  private final double[] errors;
  private final double[] shares;

  /// Encoded zeros.
  private final float[] zeros;

  private double pinball;
  private double covered;

  /// @param scales one an output
  public NumberRow(List<TargetScale> scales) {
    this.scales = scales;
    int q = scales.size();
    targets = new double[q];
    errors = new double[q];
    shares = new double[q];
    zeros = new float[q];
    for (int j = 0; j < q; j++) {
      zeros[j] = (float) scales.get(j).encode(0);
    }
  }

  /// Reads a row, as networks are trained on it.
  ///
  /// @param first place of its answers, and of its targets
  public void set(float[] answers, int first, float[] encoded, int firstTarget) {
    for (int j = 0; j < targets.length; j++) {
      TargetScale scale = scales.get(j);
      float target = encoded[firstTarget + j];
      targets[j] = scale.measuredTarget(target);
      errors[j] = scale.measuredAnswer(answers[first + j]) - targets[j];
      // A target that is encoded as zero is cannot be told from it: in original units it may be off
      // by a rounding, which would be divided by.
      shares[j] =
          target == zeros[j]
              ? Double.NaN
              : Math.abs(errors[j] / (targets[j] + scale.mean() / scale.std()));
    }
    pinball = Double.NaN;
    covered = Double.NaN;
  }

  /// The mean over some quantiles of tau (y - a) if y > a, else of (1 - tau) (a - y), in the unit
  /// of y (Koenker and Bassett 1978). Lasts until the next row.
  ///
  /// @param a answered quantiles, ascending
  public void quantiles(List<Double> taus, double[] a, double y) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      double error = a[k] - y;
      sum += (1 - taus.get(k)) * Math.max(0, error) - taus.get(k) * Math.min(0, error);
    }
    pinball = sum / a.length;
  }

  /// The share of outputs whose interval has the target. Lasts until the next row.
  public void covered(double share) {
    covered = share;
  }

  /// In deviations of the training part.
  public double[] targets() {
    return targets;
  }

  /// Answer less target, in such deviations.
  public double[] errors() {
    return errors;
  }

  /// |error / target| in original units; not a number if the target is 0.
  public double[] shares() {
    return shares;
  }

  /// Not a number if the row has no quantiles.
  public double pinball() {
    return pinball;
  }

  /// Not a number if the row has no intervals.
  public double covered() {
    return covered;
  }
}
