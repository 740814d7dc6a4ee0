package dev.backprop.engine.explain;

import dev.backprop.engine.data.TargetScale;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.scoring.Member;
import java.util.Arrays;
import java.util.List;

/// A number F in the units of the training data, before it is clamped. Each member m counts w_m,
/// together 1; a_m is the mean of the outputs of its k_m networks, s_m its scale, s that of all:
///
///     y_m = s_m(a_m)        z = Σ_m w_m s⁻¹(y_m)        F = s(z)
///
/// Of several quantiles, which are answered in their order, F is the one in the asked place.
final class ExplainedNumber implements Explained {

  /// Answers that are nearer than this, relatively, are the same.
  private static final double SAME = 1e-6;

  private final TargetScale scale;
  private final List<TargetScale> scales;
  private final double[] weights;
  private final int output;

  /// z of each output, and how far that of a member moves it: (members x outputs).
  private final double[] z;

  private final double[] order;
  private final double[][] moves;
  private final boolean sorted;

  /// @param scale of the whole
  /// @param scales of each member
  /// @param output the answered number, or its place among sorted ones
  /// @param sorted whether several outputs are answered in their order
  ExplainedNumber(
      TargetScale scale,
      List<TargetScale> scales,
      List<Member> members,
      int output,
      boolean sorted) {
    this.scale = scale;
    this.scales = List.copyOf(scales);
    this.output = output;
    this.sorted = sorted;
    double all = members.stream().mapToInt(Member::weight).sum();
    this.weights = members.stream().mapToDouble(member -> member.weight() / all).toArray();
    int outputs = members.getFirst().scorer().network().outputs();
    this.z = new double[outputs];
    this.order = new double[outputs];
    this.moves = new double[weights.length][outputs];
  }

  @Override
  public boolean ofOutputs() {
    return true;
  }

  @Override
  public double unit() {
    return scale.std();
  }

  @Override
  public double at(Together all, int row, int n) {
    means(all, row, n, false);
    int asked = asked();
    double slope = scale.slope(z[asked]);
    for (int m = 0; m < weights.length; m++) {
      Matrix slopes = all.slopes()[m];
      int networks = slopes.rows() / n;
      for (int i = row; i < slopes.rows(); i += n) {
        int from = slopes.offset() + i * slopes.columns();
        Arrays.fill(slopes.values(), from, from + slopes.columns(), 0);
        slopes.values()[from + asked] = (float) (slope * moves[m][asked] / networks);
      }
    }
    return scale.unclamped(z[asked]);
  }

  @Override
  public boolean clamped(Together all, int row, int n) {
    means(all, row, n, false);
    double free = scale.unclamped(z[asked()]);
    means(all, row, n, true);
    double answer = scale.answer(z[asked()]);
    return Math.abs(answer - free) > SAME * Math.abs(free);
  }

  /// The output that is answered in the asked place.
  private int asked() {
    if (!sorted) {
      return output;
    }
    System.arraycopy(z, 0, order, 0, z.length);
    Arrays.sort(order);
    int found = 0;
    while (z[found] != order[output]) {
      found++;
    }
    return found;
  }

  /// z and the moves.
  private void means(Together all, int row, int n, boolean clamp) {
    Arrays.fill(z, 0);
    for (int m = 0; m < weights.length; m++) {
      Matrix a = all.answers()[m].outputs();
      TargetScale own = scales.get(m);
      for (int j = 0; j < z.length; j++) {
        double sum = 0;
        for (int i = row; i < a.rows(); i += n) {
          sum += a.values()[a.offset() + i * a.columns() + j];
        }
        int networks = a.rows() / n;
        double mean = sum / networks;
        double number = clamp ? own.answer(mean) : own.unclamped(mean);
        double encoded = own.equals(scale) && !clamp ? mean : scale.encode(number);
        z[j] += weights[m] * encoded;
        moves[m][j] =
            own.equals(scale) ? weights[m] : weights[m] * own.slope(mean) / scale.slope(encoded);
      }
    }
  }
}
