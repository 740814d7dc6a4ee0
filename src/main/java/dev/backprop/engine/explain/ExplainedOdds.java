package dev.backprop.engine.explain;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.scoring.Member;
import java.util.Arrays;
import java.util.List;

/// The log-odds F of one class. The networks h count w_h, together 1; z_h are their logits, p_h
/// their probabilities, β the inverse temperature:
///
///     P_k = Σ_h w_h p_hk        Z_k = ln P_k         F = ln(p / (1 - p)) of p = softmax(β Z)_c
///                                                      = β Z_c - ln Σ_{k≠c} exp(β Z_k)
///     g_c = β                   g_k = -β exp(β Z_k) / Σ_{l≠c} exp(β Z_l)
///     a_hk = g_k w_h p_hk / P_k
///     dF/dz_hj = a_hj - p_hj Σ_k a_hk
///
/// A sigmoid output is two classes with the logits 0 and z. All is done with logarithms, so that
/// classes of any probability have slopes.
final class ExplainedOdds implements Explained {

  private final int output;
  private final boolean sigmoid;
  private final int explained;
  private final double inverseTemperature;

  /// ln w_h.
  private final double[] weights;

  /// ln p_h, a row a network; Z; g.
  private final double[][] logs;

  private final double[] mean;
  private final double[] g;

  /// Of one class.
  ///
  /// @param members with networks
  /// @param output the output of the class if there are several, else 0
  /// @param sigmoid whether outputs are two classes each
  /// @param explained of the classes: the first or the second of a sigmoid, else the output
  ExplainedOdds(
      List<Member> members, int output, boolean sigmoid, int explained, double temperature) {
    this.output = output;
    this.sigmoid = sigmoid;
    this.explained = explained;
    this.inverseTemperature = 1 / temperature;
    this.weights = Arrays.stream(weights(members)).map(Math::log).toArray();
    int classes = sigmoid ? 2 : members.getFirst().scorer().network().outputs();
    this.logs = new double[weights.length][classes];
    this.mean = new double[classes];
    this.g = new double[classes];
  }

  /// How much each network counts, together 1; those that share weights are behind each other.
  static double[] weights(List<Member> members) {
    double all = members.stream().mapToInt(Member::weight).sum();
    return members.stream()
        .flatMapToDouble(
            member -> {
              int k = member.scorer().network().members();
              double[] each = new double[k];
              Arrays.fill(each, member.weight() / (all * k));
              return Arrays.stream(each);
            })
        .toArray();
  }

  @Override
  public boolean ofOutputs() {
    return false;
  }

  @Override
  public double unit() {
    return inverseTemperature;
  }

  @Override
  public boolean clamped(Together all, int row, int n) {
    return false;
  }

  @Override
  public double at(Together all, int row, int n) {
    int network = 0;
    for (int m = 0; m < all.answers().length; m++) {
      Matrix z = all.answers()[m].logits();
      for (int i = row; i < z.rows(); i += n) {
        logProbabilities(z, i, logs[network++]);
      }
    }
    Arrays.setAll(mean, this::logMean);
    double odds = odds();
    network = 0;
    for (Matrix slopes : all.slopes()) {
      for (int i = row; i < slopes.rows(); i += n) {
        write(network++, slopes, i);
      }
    }
    return odds;
  }

  private void logProbabilities(Matrix z, int row, double[] logs) {
    int from = z.offset() + row * z.columns();
    if (sigmoid) {
      double logit = z.values()[from + output];
      double log = Math.log1p(Math.exp(-Math.abs(logit)));
      logs[0] = -Math.max(0, logit) - log;
      logs[1] = Math.min(0, logit) - log;
      return;
    }
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < logs.length; k++) {
      max = Math.max(max, z.values()[from + k]);
    }
    double sum = 0;
    for (int k = 0; k < logs.length; k++) {
      sum += Math.exp(z.values()[from + k] - max);
    }
    double lse = max + Math.log(sum);
    for (int k = 0; k < logs.length; k++) {
      logs[k] = z.values()[from + k] - lse;
    }
  }

  /// Z of a class.
  private double logMean(int k) {
    double max = Double.NEGATIVE_INFINITY;
    for (int h = 0; h < weights.length; h++) {
      max = Math.max(max, weights[h] + logs[h][k]);
    }
    double sum = 0;
    for (int h = 0; h < weights.length; h++) {
      sum += Math.exp(weights[h] + logs[h][k] - max);
    }
    return max + Math.log(sum);
  }

  /// F and g.
  private double odds() {
    double beta = inverseTemperature;
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < g.length; k++) {
      max = k == explained ? max : Math.max(max, beta * mean[k]);
    }
    double sum = 0;
    for (int k = 0; k < g.length; k++) {
      g[k] = k == explained ? 0 : Math.exp(beta * mean[k] - max);
      sum += g[k];
    }
    for (int k = 0; k < g.length; k++) {
      g[k] = k == explained ? beta : -beta * g[k] / sum;
    }
    return beta * mean[explained] - max - Math.log(sum);
  }

  private void write(int h, Matrix slopes, int row) {
    int from = slopes.offset() + row * slopes.columns();
    double sum = 0;
    for (int k = 0; k < g.length; k++) {
      sum += share(h, k);
    }
    if (sigmoid) {
      Arrays.fill(slopes.values(), from, from + slopes.columns(), 0);
      slopes.values()[from + output] = (float) (share(h, 1) - Math.exp(logs[h][1]) * sum);
      return;
    }
    for (int k = 0; k < g.length; k++) {
      slopes.values()[from + k] = (float) (share(h, k) - Math.exp(logs[h][k]) * sum);
    }
  }

  /// a_hk.
  private double share(int h, int k) {
    return g[k] * Math.exp(weights[h] + logs[h][k] - mean[k]);
  }
}
