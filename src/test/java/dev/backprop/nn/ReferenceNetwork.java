package dev.backprop.nn;

import dev.backprop.spec.Activation;
import dev.backprop.spec.LayerSpec;
import dev.backprop.spec.LossSpec;
import dev.backprop.spec.NetworkSpec;

/// The network of a spec in double precision, straight from the formulas, one example after the
/// other and nothing simplified or fused: what the engine is compared with. It shares the specs and
/// the layout of the parameters with the engine, and no code.
///
///     z(l) = W(l) a(l-1) + b(l)          a(l) = f(z(l))
///     delta(L) = dJ/da(L) f'(z(L))       delta(l-1) = [ W(l)ᵀ delta(l) ] * f'(z(l-1))
///     dJ/dW(l) = delta(l) a(l-1)ᵀ        dJ/db(l) = delta(l)
@SuppressWarnings("ArrayRecordComponent")
final class ReferenceNetwork {

  /// @param masks for each example and layer the factors of dropout, empty for a dense layer
  record Batch(double[][] x, double[][] y, double[][][] masks) {}

  /// @param z for each layer
  /// @param a the inputs, then for each layer its outputs
  private record Trace(double[][] z, double[][] a) {}

  private final NetworkSpec spec;
  private final int layers;
  private final int[] widths;

  /// Where W of a layer begins; b follows, then the slope of a prelu.
  private final int[] offsets;

  ReferenceNetwork(NetworkSpec spec, int inputs, int outputs) {
    this.spec = spec;
    layers = spec.layers().size() + 1;
    widths = new int[layers + 1];
    offsets = new int[layers + 1];
    widths[0] = inputs;
    for (int l = 0; l < layers; l++) {
      if (l == layers - 1) {
        widths[l + 1] = outputs;
      } else if (spec.layers().get(l) instanceof LayerSpec.Dense dense) {
        widths[l + 1] = dense.units();
      } else {
        widths[l + 1] = widths[l];
      }
      int slope = activation(l) instanceof Activation.Prelu ? 1 : 0;
      offsets[l + 1] = offsets[l] + (dense(l) ? widths[l + 1] * (widths[l] + 1) + slope : 0);
    }
  }

  /// a(L) of one example.
  double[] outputs(double[] theta, double[] x, double[][] masks) {
    return forward(theta, x, masks).a[layers];
  }

  /// J, the mean over the batch.
  double loss(double[] theta, Batch batch) {
    double sum = 0;
    for (int i = 0; i < batch.x.length; i++) {
      sum += loss(outputs(theta, batch.x[i], batch.masks[i]), batch.y[i]);
    }
    return sum / batch.x.length;
  }

  /// dJ/dtheta.
  double[] gradient(double[] theta, Batch batch) {
    double[] gradient = new double[theta.length];
    for (int i = 0; i < batch.x.length; i++) {
      Trace trace = forward(theta, batch.x[i], batch.masks[i]);
      backward(theta, trace, batch.y[i], batch.masks[i], gradient);
    }
    for (int p = 0; p < gradient.length; p++) {
      gradient[p] /= batch.x.length;
    }
    return gradient;
  }

  /// How far the batch is from the nearest place where a derivative jumps.
  double distanceFromKinks(double[] theta, Batch batch) {
    double nearest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < batch.x.length; i++) {
      Trace trace = forward(theta, batch.x[i], batch.masks[i]);
      for (int l = 0; l < layers; l++) {
        boolean bent =
            dense(l)
                && (activation(l) instanceof Activation.Relu
                    || activation(l) instanceof Activation.LeakyRelu
                    || activation(l) instanceof Activation.Prelu
                    || activation(l) instanceof Activation.Elu
                    || activation(l) instanceof Activation.Selu);
        for (double z : trace.z[l]) {
          nearest = bent ? Math.min(nearest, Math.abs(z)) : nearest;
        }
      }
      for (int j = 0; j < widths[layers]; j++) {
        double e = Math.abs(trace.a[layers][j] - batch.y[i][j]);
        if (spec.resolvedLoss() instanceof LossSpec.AbsoluteError
            || spec.resolvedLoss() instanceof LossSpec.Quantile) {
          nearest = Math.min(nearest, e);
        } else if (spec.resolvedLoss() instanceof LossSpec.Huber(double delta)) {
          nearest = Math.min(nearest, Math.abs(e - delta));
        }
      }
    }
    return nearest;
  }

  private boolean dense(int l) {
    return l == layers - 1 || spec.layers().get(l) instanceof LayerSpec.Dense;
  }

  private Activation activation(int l) {
    return l < layers - 1 && spec.layers().get(l) instanceof LayerSpec.Dense dense
        ? dense.activation()
        : spec.outputActivation();
  }

  private Trace forward(double[] theta, double[] x, double[][] masks) {
    double[][] z = new double[layers][];
    double[][] a = new double[layers + 1][];
    a[0] = x;
    for (int l = 0; l < layers; l++) {
      int p = widths[l];
      int q = widths[l + 1];
      z[l] = new double[q];
      a[l + 1] = new double[q];
      if (dense(l)) {
        for (int j = 0; j < q; j++) {
          z[l][j] = theta[offsets[l] + q * p + j];
          for (int k = 0; k < p; k++) {
            z[l][j] += theta[offsets[l] + j * p + k] * a[l][k];
          }
        }
        for (int j = 0; j < q; j++) {
          a[l + 1][j] = f(activation(l), z[l], j, learnedSlope(theta, l));
        }
      } else {
        for (int j = 0; j < q; j++) {
          a[l + 1][j] = a[l][j] * masks[l][j];
        }
      }
    }
    return new Trace(z, a);
  }

  private void backward(
      double[] theta, Trace trace, double[] y, double[][] masks, double[] gradient) {
    double[] da = lossSlope(trace.a[layers], y);
    for (int l = layers - 1; l >= 0; l--) {
      int p = widths[l];
      int q = widths[l + 1];
      double[] left = new double[p];
      if (dense(l)) {
        double learned = learnedSlope(theta, l);
        double[] delta = delta(activation(l), trace.z[l], trace.a[l + 1], da, learned);
        for (int j = 0; activation(l) instanceof Activation.Prelu && j < q; j++) {
          gradient[offsets[l + 1] - 1] += trace.z[l][j] > 0 ? 0 : da[j] * trace.z[l][j];
        }
        for (int j = 0; j < q; j++) {
          gradient[offsets[l] + q * p + j] += delta[j];
          for (int k = 0; k < p; k++) {
            gradient[offsets[l] + j * p + k] += delta[j] * trace.a[l][k];
            left[k] += theta[offsets[l] + j * p + k] * delta[j];
          }
        }
      } else {
        for (int j = 0; j < q; j++) {
          left[j] = da[j] * masks[l][j];
        }
      }
      da = left;
    }
  }

  /// dJ/dz = dJ/da f'(z); for softmax da_k/dz_j = a_k ([j = k] - a_j).
  private static double[] delta(Activation f, double[] z, double[] a, double[] da, double learned) {
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

  private double loss(double[] a, double[] y) {
    int q = a.length;
    double sum = 0;
    for (int j = 0; j < q; j++) {
      double e = a[j] - y[j];
      sum +=
          switch (spec.resolvedLoss()) {
            case LossSpec.CrossEntropy(double s) -> {
              double t = softmax() ? (1 - s) * y[j] + s / q : (1 - s) * y[j] + s / 2;
              yield softmax()
                  ? -t * Math.log(a[j])
                  : -(t * Math.log(a[j]) + (1 - t) * Math.log(1 - a[j]));
            }
            case LossSpec.Focal(double gamma) -> {
              double positive = -Math.pow(1 - a[j], gamma) * Math.log(a[j]);
              double negative = -Math.pow(a[j], gamma) * Math.log(1 - a[j]);
              yield y[j] * positive + (softmax() ? 0 : (1 - y[j]) * negative);
            }
            case LossSpec.Poisson _ -> (a[j] - y[j] * Math.log(a[j])) / q;
            case LossSpec.Quantile loss ->
                (e > 0 ? (1 - loss.tauOf(j)) * e : -loss.tauOf(j) * e) / q;
            case LossSpec.SquaredError _ -> e * e / q;
            case LossSpec.Quadratic _ -> e * e / 2;
            case LossSpec.AbsoluteError _ -> Math.abs(e) / q;
            case LossSpec.Huber(double delta) ->
                (Math.abs(e) <= delta ? e * e / 2 : delta * (Math.abs(e) - delta / 2)) / q;
          };
    }
    return sum;
  }

  private double[] lossSlope(double[] a, double[] y) {
    int q = a.length;
    double[] da = new double[q];
    for (int j = 0; j < q; j++) {
      double e = a[j] - y[j];
      da[j] =
          switch (spec.resolvedLoss()) {
            case LossSpec.CrossEntropy(double s) -> {
              double t = softmax() ? (1 - s) * y[j] + s / q : (1 - s) * y[j] + s / 2;
              yield softmax() ? -t / a[j] : -t / a[j] + (1 - t) / (1 - a[j]);
            }
            case LossSpec.Focal(double gamma) ->
                y[j] * focalSlope(a[j], gamma)
                    - (softmax() ? 0 : (1 - y[j]) * focalSlope(1 - a[j], gamma));
            case LossSpec.Poisson _ -> (1 - y[j] / a[j]) / q;
            case LossSpec.Quantile loss -> (e > 0 ? 1 - loss.tauOf(j) : -loss.tauOf(j)) / q;
            case LossSpec.SquaredError _ -> 2 * e / q;
            case LossSpec.Quadratic _ -> e;
            case LossSpec.AbsoluteError _ -> Math.signum(e) / q;
            case LossSpec.Huber(double delta) ->
                (Math.abs(e) <= delta ? e : delta * Math.signum(e)) / q;
          };
    }
    return da;
  }

  /// The slope of a prelu, the last parameter of its layer; not a number for the others.
  private double learnedSlope(double[] theta, int l) {
    return activation(l) instanceof Activation.Prelu ? theta[offsets[l + 1] - 1] : Double.NaN;
  }

  private boolean softmax() {
    return spec.outputActivation() instanceof Activation.Softmax;
  }

  /// d/dp of -(1 - p)^gamma ln p.
  private static double focalSlope(double p, double gamma) {
    return gamma * Math.pow(1 - p, gamma - 1) * Math.log(p) - Math.pow(1 - p, gamma) / p;
  }

  private static double f(Activation f, double[] row, int j, double learned) {
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
