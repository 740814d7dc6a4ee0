package dev.backprop.engine.nn;

import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The network of a spec in double precision, straight from the formulas of its
/// [layers][ReferenceLayer], nothing simplified or fused: what the engine is compared with. It
/// shares the specs and the layout of the parameters with the engine, and no code.
@SuppressWarnings("ArrayRecordComponent")
final class ReferenceNetwork {

  /// @param masks for each example, of members for each example of each, the factors of every layer
  ///   that drops out, at its index among all layers of the spec. Inner layers are counted behind
  ///   the one that has them
  record Batch(double[][] x, double[][] y, double[][][] masks) {}

  private final NetworkSpec spec;
  private final ReferenceLayer.Sequence layers;

  ReferenceNetwork(NetworkSpec spec, int inputs, int outputs) {
    this.spec = spec;
    layers = ReferenceLayer.of(spec, inputs, outputs);
  }

  /// a(L) of one example in training.
  double[] outputs(double[] theta, double[] x, double[][] masks) {
    return outputs(theta, new double[][] {x}, new double[][][] {masks})[0];
  }

  /// a(L) of a batch in training; without masks in prediction. Members have a row for each example,
  /// those of one behind those of another.
  double[][] outputs(double[] theta, double[][] x, double @Nullable [][][] masks) {
    return layers.forward(theta, x, masks);
  }

  /// J, the mean over the batch.
  double loss(double[] theta, Batch batch) {
    return loss(theta, batch, ones(batch));
  }

  /// J, the mean over the batch, each example counting by its weight.
  double loss(double[] theta, Batch batch, double[] weights) {
    double[][] a = outputs(theta, batch.x, batch.masks);
    double sum = 0;
    int n = batch.x.length;
    for (int i = 0; i < a.length; i++) {
      sum += weights[i % n] * loss(a[i], batch.y[i % n]);
    }
    return sum / spec.networks() / Arrays.stream(weights).sum();
  }

  private static double[] ones(Batch batch) {
    double[] ones = new double[batch.x.length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /// dJ/dtheta.
  double[] gradient(double[] theta, Batch batch) {
    return gradient(theta, batch, ones(batch));
  }

  /// dJ/dtheta, each example counting by its weight.
  double[] gradient(double[] theta, Batch batch, double[] weights) {
    double[][] a = outputs(theta, batch.x, batch.masks);
    double[][] da = new double[a.length][];
    int n = batch.x.length;
    for (int i = 0; i < a.length; i++) {
      da[i] = lossSlope(a[i], batch.y[i % n]);
      for (int j = 0; j < da[i].length; j++) {
        da[i][j] *= weights[i % n] / spec.networks() / Arrays.stream(weights).sum();
      }
    }
    double[] gradient = new double[theta.length];
    layers.backward(theta, da, gradient);
    return gradient;
  }

  /// How far the batch is from the nearest jump of a derivative.
  double distanceFromKinks(double[] theta, Batch batch) {
    double[][] a = outputs(theta, batch.x, batch.masks);
    double nearest = layers.distanceFromKinks();
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        double e = Math.abs(a[i][j] - batch.y[i % batch.y.length][j]);
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

  private boolean softmax() {
    return spec.outputActivation() instanceof Activation.Softmax;
  }

  /// d/dp of -(1 - p)^gamma ln p.
  private static double focalSlope(double p, double gamma) {
    return gamma * Math.pow(1 - p, gamma - 1) * Math.log(p) - Math.pow(1 - p, gamma) / p;
  }
}
