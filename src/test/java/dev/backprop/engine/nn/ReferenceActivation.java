package dev.backprop.engine.nn;

import dev.backprop.engine.spec.Activation;

/// The activation functions of the [ReferenceNetwork] and their slopes.
final class ReferenceActivation {

  private ReferenceActivation() {}

  /// dJ/dz = dJ/da f'(z); for softmax da_k/dz_j = a_k ([j = k] - a_j).
  static double[] delta(Activation f, double[] z, double[] a, double[] da, double learned) {
    double[] delta = new double[z.length];
    for (int j = 0; j < z.length; j++) {
      if (f instanceof Activation.Softmax) {
        for (int k = 0; k < z.length; k++) {
          delta[j] += da[k] * a[k] * ((j == k ? 1 : 0) - a[j]);
        }
      } else {
        delta[j] = da[j] * slope(f, z[j], learned);
      }
    }
    return delta;
  }

  static double f(Activation f, double[] row, int j, double learned) {
    double z = row[j];
    return switch (f) {
      case Activation.Identity _ -> z;
      case Activation.Sigmoid _ -> sigmoid(z);
      case Activation.Tanh _ -> Math.tanh(z);
      case Activation.Relu _ -> z > 0 ? z : 0;
      case Activation.LeakyRelu(double slope) -> z > 0 ? z : slope * z;
      case Activation.Prelu _ -> z > 0 ? z : learned * z;
      case Activation.Elu(double alpha) -> z > 0 ? z : alpha * Math.expm1(z);
      case Activation.Selu _ ->
          1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * Math.expm1(z));
      case Activation.Gelu _ -> z * normalDistribution(z);
      case Activation.Silu _ -> z * sigmoid(z);
      case Activation.Mish _ -> z * Math.tanh(Math.log1p(Math.exp(z)));
      case Activation.Softplus _ -> Math.log1p(Math.exp(z));
      case Activation.Exponential _ -> Math.exp(z);
      case Activation.Softmax _ -> {
        double sum = 0;
        for (double other : row) {
          sum += Math.exp(other);
        }
        yield Math.exp(z) / sum;
      }
    };
  }

  private static double slope(Activation f, double z, double learned) {
    return switch (f) {
      case Activation.Identity _ -> 1;
      case Activation.Sigmoid _ -> sigmoid(z) * (1 - sigmoid(z));
      case Activation.Tanh _ -> 1 - Math.tanh(z) * Math.tanh(z);
      case Activation.Relu _ -> z > 0 ? 1 : 0;
      case Activation.LeakyRelu(double slope) -> z > 0 ? 1 : slope;
      case Activation.Prelu _ -> z > 0 ? 1 : learned;
      case Activation.Elu(double alpha) -> z > 0 ? 1 : alpha * Math.exp(z);
      case Activation.Selu _ -> 1.0507009873554805 * (z > 0 ? 1 : 1.6732632423543772 * Math.exp(z));
      case Activation.Gelu _ ->
          normalDistribution(z) + z * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
      case Activation.Silu _ -> sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z));
      case Activation.Mish _ -> {
        double t = Math.tanh(Math.log1p(Math.exp(z)));
        yield t + z * (1 - t * t) * sigmoid(z);
      }
      case Activation.Softplus _ -> sigmoid(z);
      case Activation.Exponential _ -> Math.exp(z);
      case Activation.Softmax _ -> throw new IllegalArgumentException("softmax works on a row");
    };
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  /// Φ(z) = 1/2 + φ(z) (z + z³/3 + z⁵/(3·5) + …).
  private static double normalDistribution(double z) {
    double term = z;
    double sum = 0;
    for (int k = 1; Math.abs(term) > 1e-18; k++) {
      sum += term;
      term *= z * z / (2 * k + 1);
    }
    return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }
}
