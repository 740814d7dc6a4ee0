package dev.backprop.engine.data;

import java.util.Arrays;

/// How a number becomes what a network is trained on, and back: an ascending function of all
/// numbers.
public sealed interface TargetCurve {

  /// What the network is trained on.
  double encode(double y);

  /// The number that is encoded so. No number is larger in magnitude than [TargetEncoder#MAX].
  double decode(double z);

  /// The derivative of [#decode], to the right where it bends.
  double slope(double z);

  /// `z = (t - mean) / std` for `t = sign(d) log(1 + |d|)`, `d = y - shift`. The sign makes it a
  /// function of all numbers: those below the shift come only in rows that did not train.
  ///
  /// @param shift the least number of the training part if it is below 0, else 0
  /// @param mean of the logarithms of the training part
  /// @param std of them, above 0
  record Log(double shift, double mean, double std) implements TargetCurve {

    /// Beyond it, a number would be beyond [TargetEncoder#MAX] by far.
    private static final double MOST = Math.log1p(10 * TargetEncoder.MAX);

    /// Of the numbers that train, missing ones NaN.
    static Log fit(double[] values, Moments moments) {
      double shift = Math.min(0, moments.min());
      Moments logs = Moments.of(values.length, i -> bent(values[i] - shift));
      return new Log(shift, logs.mean(), logs.std() == 0 ? 1 : logs.std());
    }

    private static double bent(double d) {
      return Math.copySign(Math.log1p(Math.abs(d)), d);
    }

    @Override
    public double encode(double y) {
      return (bent(y - shift) - mean) / std;
    }

    @Override
    public double decode(double z) {
      double t = Math.clamp(z * std + mean, -MOST, MOST);
      double d = Math.copySign(Math.expm1(Math.abs(t)), t);
      return Math.clamp(shift + d, -TargetEncoder.MAX, TargetEncoder.MAX);
    }

    @Override
    public double slope(double z) {
      double t = z * std + mean;
      return Math.abs(t) > MOST ? 0 : std * Math.exp(Math.abs(t));
    }
  }

  /// Straight lines between quantiles of the training part and those of a normal distribution. The
  /// first and the last line go on beyond the training part.
  ///
  /// @param values ascending, no two alike, at least one
  /// @param normals for each value its place in a normal distribution, ascending
  @SuppressWarnings("ArrayRecordComponent") // a thousand numbers; never compared
  record Quantiles(double[] values, double[] normals) implements TargetCurve {

    /// The most values.
    public static final int MOST = 1000;

    /// Of the numbers that train, missing ones NaN. Equal numbers have the middle of their places.
    static Quantiles fit(double[] numbers) {
      double[] sorted = Arrays.stream(numbers).filter(y -> !Double.isNaN(y)).sorted().toArray();
      int places = Math.min(MOST, sorted.length);
      double[] values = new double[Math.max(1, places)];
      double[] normals = new double[values.length];
      double edge = 0.5 / Math.max(1, sorted.length);
      int n = 0;
      for (int from = 0, to; from < places; from = to) {
        double value = at(sorted, from, places);
        to = from + 1;
        while (to < places && at(sorted, to, places) == value) {
          to++;
        }
        double share = places == 1 ? 0.5 : (from + to - 1) / 2.0 / (places - 1);
        values[n] = value;
        normals[n++] = Normal.quantile(Math.clamp(share, edge, 1 - edge));
      }
      int kept = Math.max(1, n);
      return new Quantiles(Arrays.copyOf(values, kept), Arrays.copyOf(normals, kept));
    }

    /// One of so many quantiles, a number of the training part.
    private static double at(double[] sorted, int place, int places) {
      if (places == 1) {
        return sorted[0];
      }
      return sorted[(int) Math.round((double) place * (sorted.length - 1) / (places - 1))];
    }

    @Override
    public double encode(double y) {
      return line(values, normals, y);
    }

    @Override
    public double decode(double z) {
      return Math.clamp(line(normals, values, z), -TargetEncoder.MAX, TargetEncoder.MAX);
    }

    @Override
    public double slope(double z) {
      if (normals.length == 1) {
        return 1;
      }
      int found = Arrays.binarySearch(normals, z);
      int i = Math.clamp(found >= 0 ? found : -found - 2, 0, normals.length - 2);
      return (values[i + 1] - values[i]) / (normals[i + 1] - normals[i]);
    }

    private static double line(double[] from, double[] to, double at) {
      if (from.length == 1) {
        return to[0] + (at - from[0]);
      }
      int found = Arrays.binarySearch(from, at);
      if (found >= 0) {
        return to[found];
      }
      int i = Math.clamp(-found - 2, 0, from.length - 2);
      double share = (at - from[i]) / (from[i + 1] - from[i]);
      return to[i] + share * (to[i + 1] - to[i]);
    }
  }
}
