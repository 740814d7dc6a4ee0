package dev.backprop.engine.nn;

import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.Scaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A layer of the [ReferenceNetwork], which remembers the batch that went through it.
@SuppressWarnings("ArrayRecordComponent")
abstract sealed class ReferenceLayer {

  /// The index of its first parameter among all.
  final int offset;

  private ReferenceLayer(int offset) {
    this.offset = offset;
  }

  /// Behind its last parameter.
  abstract int end();

  abstract int units();

  /// A row for each example.
  ///
  /// @param masks null in prediction
  abstract double[][] forward(double[] theta, double[][] x, double @Nullable [][][] masks);

  /// Adds dJ/dtheta to `gradient`.
  ///
  /// @return dJ/dx
  abstract double[][] backward(double[] theta, double[][] da, double[] gradient);

  /// Of the last batch from the nearest jump of a derivative.
  double distanceFromKinks() {
    return Double.POSITIVE_INFINITY;
  }

  /// All layers, the output layer last.
  static Sequence of(NetworkSpec spec, int inputs, int outputs) {
    int members = spec.networks();
    Builder builder = new Builder(spec.resolvedScaling());
    List<ReferenceLayer> layers = new ArrayList<>();
    if (members > 1) {
      layers.add(new Adapters(members, inputs));
      builder.offset = layers.getFirst().end();
    }
    layers.addAll(builder.layers(spec.layers(), inputs));
    int width = layers.isEmpty() ? inputs : layers.getLast().units();
    List<ReferenceLayer> heads = new ArrayList<>();
    int offset = builder.offset;
    for (int m = 0; m < members; m++) {
      heads.add(
          new Dense(
              offset,
              width,
              outputs,
              spec.outputActivation(),
              spec.resolvedScaling().factor(width),
              false));
      offset = heads.getLast().end();
    }
    layers.add(members > 1 ? new Heads(heads) : heads.getFirst());
    return new Sequence(0, layers);
  }

  private static final class Builder {

    private final Scaling scaling;

    private int offset;

    /// Of the layer in hand among all of the spec.
    private int index;

    Builder(Scaling scaling) {
      this.scaling = scaling;
    }

    List<ReferenceLayer> layers(List<LayerSpec> specs, int inputs) {
      List<ReferenceLayer> layers = new ArrayList<>();
      int width = inputs;
      for (LayerSpec spec : specs) {
        ReferenceLayer layer = layer(spec, width);
        layers.add(layer);
        offset = layer.end();
        width = layer.units();
      }
      return layers;
    }

    private ReferenceLayer layer(LayerSpec spec, int width) {
      int place = index++;
      return switch (spec) {
        case LayerSpec.Dense dense ->
            new Dense(
                offset,
                width,
                dense.units(),
                dense.activation(),
                scaling.factor(width),
                dense.parametric());
        case LayerSpec.Dropout _ -> new Dropout(offset, width, place);
        case LayerSpec.LayerNorm(double epsilon) -> new LayerNorm(offset, width, epsilon);
        case LayerSpec.BatchNorm(double epsilon, double _) -> new BatchNorm(offset, width, epsilon);
        case LayerSpec.Residual(List<LayerSpec> inner, boolean projects) ->
            new Residual(width, new Sequence(offset, layers(inner, width)), projects);
      };
    }
  }

  private static double[][] zeros(int rows, int columns) {
    return new double[rows][columns];
  }

  /// One layer behind the other.
  static final class Sequence extends ReferenceLayer {

    private final List<ReferenceLayer> layers;

    Sequence(int offset, List<ReferenceLayer> layers) {
      super(offset);
      this.layers = layers;
    }

    @Override
    int end() {
      return layers.isEmpty() ? offset : layers.getLast().end();
    }

    @Override
    int units() {
      return layers.getLast().units();
    }

    @Override
    double[][] forward(double[] theta, double[][] x, double @Nullable [][][] masks) {
      double[][] a = x;
      for (ReferenceLayer layer : layers) {
        a = layer.forward(theta, a, masks);
      }
      return a;
    }

    @Override
    double[][] backward(double[] theta, double[][] da, double[] gradient) {
      double[][] left = da;
      for (ReferenceLayer layer : layers.reversed()) {
        left = layer.backward(theta, left, gradient);
      }
      return left;
    }

    @Override
    double distanceFromKinks() {
      return layers.stream()
          .mapToDouble(ReferenceLayer::distanceFromKinks)
          .min()
          .orElse(Double.POSITIVE_INFINITY);
    }
  }

  /// The factors of each member: from an example x to k of them, x * r_m. All examples of a member
  /// stand behind those of the one before.
  private static final class Adapters extends ReferenceLayer {

    private final int members;
    private final int p;
    private double[][] x = {};

    Adapters(int members, int p) {
      super(0);
      this.members = members;
      this.p = p;
    }

    @Override
    int end() {
      return members * p;
    }

    @Override
    int units() {
      return p;
    }

    @Override
    double[][] forward(double[] theta, double[][] inputs, double @Nullable [][][] masks) {
      x = inputs;
      double[][] a = zeros(members * x.length, p);
      for (int i = 0; i < a.length; i++) {
        for (int j = 0; j < p; j++) {
          a[i][j] = theta[i / x.length * p + j] * x[i % x.length][j];
        }
      }
      return a;
    }

    @Override
    double[][] backward(double[] theta, double[][] da, double[] gradient) {
      double[][] left = zeros(x.length, p);
      for (int i = 0; i < da.length; i++) {
        for (int j = 0; j < p; j++) {
          gradient[i / x.length * p + j] += da[i][j] * x[i % x.length][j];
          left[i % x.length][j] += da[i][j] * theta[i / x.length * p + j];
        }
      }
      return left;
    }
  }

  /// A layer for the examples of each member.
  private static final class Heads extends ReferenceLayer {

    private final List<ReferenceLayer> heads;

    Heads(List<ReferenceLayer> heads) {
      super(heads.getFirst().offset);
      this.heads = heads;
    }

    @Override
    int end() {
      return heads.getLast().end();
    }

    @Override
    int units() {
      return heads.getFirst().units();
    }

    @Override
    double[][] forward(double[] theta, double[][] x, double @Nullable [][][] masks) {
      List<double[]> a = new ArrayList<>();
      int n = x.length / heads.size();
      for (int m = 0; m < heads.size(); m++) {
        double[][] own = Arrays.copyOfRange(x, m * n, (m + 1) * n);
        a.addAll(List.of(heads.get(m).forward(theta, own, masks)));
      }
      return a.toArray(double[][]::new);
    }

    @Override
    double[][] backward(double[] theta, double[][] da, double[] gradient) {
      List<double[]> left = new ArrayList<>();
      int n = da.length / heads.size();
      for (int m = 0; m < heads.size(); m++) {
        double[][] own = Arrays.copyOfRange(da, m * n, (m + 1) * n);
        left.addAll(List.of(heads.get(m).backward(theta, own, gradient)));
      }
      return left.toArray(double[][]::new);
    }

    @Override
    double distanceFromKinks() {
      return heads.stream()
          .mapToDouble(ReferenceLayer::distanceFromKinks)
          .min()
          .orElse(Double.POSITIVE_INFINITY);
    }
  }

  /// W, then b, then the slope of a prelu or the shares w of a parametric activation, a = z + w
  /// (f(z) - z):
  ///
  ///     z(l) = W(l) a(l-1) + b(l)          a(l) = f(z(l))
  ///     delta(L) = dJ/da(L) f'(z(L))       delta(l-1) = [ W(l)ᵀ delta(l) ] * f'(z(l-1))
  ///     dJ/dW(l) = delta(l) a(l-1)ᵀ        dJ/db(l) = delta(l)
  private static final class Dense extends ReferenceLayer {

    private final int p;
    private final int q;
    private final Activation f;
    private final double factor;
    private final boolean parametric;
    private double[][] x = {};
    private double[][] z = {};
    private double[][] a = {};

    Dense(int offset, int p, int q, Activation f, double factor, boolean parametric) {
      super(offset);
      this.parametric = parametric;
      this.factor = factor;
      this.p = p;
      this.q = q;
      this.f = f;
    }

    @Override
    int end() {
      return offset + q * (p + 1) + (f instanceof Activation.Prelu ? 1 : parametric ? q : 0);
    }

    @Override
    int units() {
      return q;
    }

    /// The slope of a prelu, its last parameter; not a number for the others.
    private double learnedSlope(double[] theta) {
      return f instanceof Activation.Prelu ? theta[end() - 1] : Double.NaN;
    }

    private double share(double[] theta, int j) {
      return theta[offset + q * (p + 1) + j];
    }

    @Override
    double[][] forward(double[] theta, double[][] inputs, double @Nullable [][][] masks) {
      x = inputs;
      z = zeros(x.length, q);
      a = zeros(x.length, q);
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < q; j++) {
          z[i][j] = theta[offset + q * p + j];
          for (int k = 0; k < p; k++) {
            z[i][j] += factor * theta[offset + k * q + j] * x[i][k];
          }
        }
        for (int j = 0; j < q; j++) {
          a[i][j] = ReferenceActivation.f(f, z[i], j, learnedSlope(theta));
          if (parametric) {
            a[i][j] = z[i][j] + share(theta, j) * (a[i][j] - z[i][j]);
          }
        }
      }
      return a;
    }

    @Override
    double[][] backward(double[] theta, double[][] da, double[] gradient) {
      double[][] left = zeros(x.length, p);
      for (int i = 0; i < x.length; i++) {
        double[] delta = ReferenceActivation.delta(f, z[i], a[i], da[i], learnedSlope(theta));
        for (int j = 0; f instanceof Activation.Prelu && j < q; j++) {
          gradient[end() - 1] += z[i][j] > 0 ? 0 : da[i][j] * z[i][j];
        }
        for (int j = 0; parametric && j < q; j++) {
          double bent = ReferenceActivation.f(f, z[i], j, Double.NaN);
          gradient[offset + q * (p + 1) + j] += da[i][j] * (bent - z[i][j]);
          delta[j] = da[i][j] + share(theta, j) * (delta[j] - da[i][j]);
        }
        for (int j = 0; j < q; j++) {
          gradient[offset + q * p + j] += delta[j];
          for (int k = 0; k < p; k++) {
            gradient[offset + k * q + j] += factor * delta[j] * x[i][k];
            left[i][k] += factor * theta[offset + k * q + j] * delta[j];
          }
        }
      }
      return left;
    }

    @Override
    double distanceFromKinks() {
      boolean bent =
          f instanceof Activation.Relu
              || f instanceof Activation.LeakyRelu
              || f instanceof Activation.Prelu
              || f instanceof Activation.Elu
              || f instanceof Activation.Selu;
      double nearest = Double.POSITIVE_INFINITY;
      for (int i = 0; bent && i < z.length; i++) {
        for (double weighted : z[i]) {
          nearest = Math.min(nearest, Math.abs(weighted));
        }
      }
      return nearest;
    }
  }

  /// a = x m.
  private static final class Dropout extends ReferenceLayer {

    private final int q;
    private final int index;
    private double[][][] masks = {};

    Dropout(int offset, int q, int index) {
      super(offset);
      this.q = q;
      this.index = index;
    }

    @Override
    int end() {
      return offset;
    }

    @Override
    int units() {
      return q;
    }

    @Override
    double[][] forward(double[] theta, double[][] x, double @Nullable [][][] drawn) {
      if (drawn == null) {
        return x;
      }
      masks = drawn;
      return masked(x);
    }

    @Override
    double[][] backward(double[] theta, double[][] da, double[] gradient) {
      return masked(da);
    }

    private double[][] masked(double[][] x) {
      double[][] a = zeros(x.length, q);
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < q; j++) {
          a[i][j] = x[i][j] * masks[i][index][j];
        }
      }
      return a;
    }
  }

  /// Numbers by their mean μ and deviation σ, σ² = Σ (x_k - μ)² / n + epsilon:
  ///
  ///     n_j = (x_j - μ) / σ,  dn_j/dx_k = [j = k] / σ - 1 / (n σ) - (x_j - μ) (x_k - μ) / (n σ³)
  private record Normalized(double[] x, double mean, double deviation) {

    static Normalized of(double[] x, double epsilon) {
      double mean = Arrays.stream(x).sum() / x.length;
      double squares = 0;
      for (double value : x) {
        squares += (value - mean) * (value - mean);
      }
      return new Normalized(x, mean, Math.sqrt(squares / x.length + epsilon));
    }

    double at(int j) {
      return (x[j] - mean) / deviation;
    }

    double slope(int j, int k) {
      double s = deviation;
      int n = x.length;
      return (j == k ? 1 / s : 0) - 1 / (n * s) - (x[j] - mean) * (x[k] - mean) / (n * s * s * s);
    }
  }

  /// Gain γ, then bias β: a_ij = γ_j n_ij + β_j, the numbers of an example normalized. All units of
  /// an example move all of its others.
  private static final class LayerNorm extends ReferenceLayer {

    private final int q;
    private final double epsilon;
    private double[][] x = {};

    LayerNorm(int offset, int q, double epsilon) {
      super(offset);
      this.q = q;
      this.epsilon = epsilon;
    }

    @Override
    int end() {
      return offset + 2 * q;
    }

    @Override
    int units() {
      return q;
    }

    @Override
    double[][] forward(double[] theta, double[][] inputs, double @Nullable [][][] masks) {
      x = inputs;
      double[][] a = zeros(x.length, q);
      for (int i = 0; i < x.length; i++) {
        Normalized example = Normalized.of(x[i], epsilon);
        for (int j = 0; j < q; j++) {
          a[i][j] = theta[offset + j] * example.at(j) + theta[offset + q + j];
        }
      }
      return a;
    }

    @Override
    double[][] backward(double[] theta, double[][] da, double[] gradient) {
      double[][] left = zeros(x.length, q);
      for (int i = 0; i < x.length; i++) {
        Normalized example = Normalized.of(x[i], epsilon);
        for (int j = 0; j < q; j++) {
          gradient[offset + j] += da[i][j] * example.at(j);
          gradient[offset + q + j] += da[i][j];
          for (int k = 0; k < q; k++) {
            left[i][k] += da[i][j] * theta[offset + j] * example.slope(j, k);
          }
        }
      }
      return left;
    }
  }

  /// Gain γ, then bias β: a_ij = γ_j n_ij + β_j, the numbers of a unit normalized over the examples
  /// of the batch, in training. All examples move all others.
  private static final class BatchNorm extends ReferenceLayer {

    private final int q;
    private final double epsilon;
    private double[][] x = {};

    BatchNorm(int offset, int q, double epsilon) {
      super(offset);
      this.q = q;
      this.epsilon = epsilon;
    }

    @Override
    int end() {
      return offset + 2 * q;
    }

    @Override
    int units() {
      return q;
    }

    private Normalized unit(int j) {
      return Normalized.of(Arrays.stream(x).mapToDouble(row -> row[j]).toArray(), epsilon);
    }

    @Override
    double[][] forward(double[] theta, double[][] inputs, double @Nullable [][][] masks) {
      x = inputs;
      double[][] a = zeros(x.length, q);
      for (int j = 0; j < q; j++) {
        Normalized unit = unit(j);
        for (int i = 0; i < x.length; i++) {
          a[i][j] = theta[offset + j] * unit.at(i) + theta[offset + q + j];
        }
      }
      return a;
    }

    @Override
    double[][] backward(double[] theta, double[][] da, double[] gradient) {
      double[][] left = zeros(x.length, q);
      for (int j = 0; j < q; j++) {
        Normalized unit = unit(j);
        for (int i = 0; i < x.length; i++) {
          gradient[offset + j] += da[i][j] * unit.at(i);
          gradient[offset + q + j] += da[i][j];
          for (int k = 0; k < x.length; k++) {
            left[k][j] += da[i][j] * theta[offset + j] * unit.slope(i, k);
          }
        }
      }
      return left;
    }
  }

  /// The parameters of f, then W: y = f(x) + x or y = f(x) + W x, hence dJ/dx = [∂f/∂x]ᵀ dJ/dy +
  /// dJ/dy or + Wᵀ dJ/dy, and dJ/dW = dJ/dy xᵀ.
  private static final class Residual extends ReferenceLayer {

    private final int p;
    private final Sequence f;
    private final boolean projects;
    private double[][] x = {};

    Residual(int p, Sequence f, boolean projects) {
      super(f.end());
      this.p = p;
      this.f = f;
      this.projects = projects;
    }

    @Override
    int end() {
      return offset + (projects ? units() * p : 0);
    }

    @Override
    int units() {
      return f.units();
    }

    /// w_jk, or that of the identity.
    private double w(double[] theta, int j, int k) {
      if (projects) {
        return theta[offset + k * units() + j];
      }
      return j == k ? 1 : 0;
    }

    @Override
    double[][] forward(double[] theta, double[][] inputs, double @Nullable [][][] masks) {
      x = inputs;
      double[][] fx = f.forward(theta, x, masks);
      double[][] y = zeros(x.length, units());
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < units(); j++) {
          y[i][j] = fx[i][j];
          for (int k = 0; k < p; k++) {
            y[i][j] += w(theta, j, k) * x[i][k];
          }
        }
      }
      return y;
    }

    @Override
    double[][] backward(double[] theta, double[][] dy, double[] gradient) {
      double[][] left = f.backward(theta, dy, gradient);
      double[][] dx = zeros(x.length, p);
      for (int i = 0; i < x.length; i++) {
        for (int k = 0; k < p; k++) {
          dx[i][k] = left[i][k];
          for (int j = 0; j < units(); j++) {
            dx[i][k] += w(theta, j, k) * dy[i][j];
            if (projects) {
              gradient[offset + k * units() + j] += dy[i][j] * x[i][k];
            }
          }
        }
      }
      return dx;
    }

    @Override
    double distanceFromKinks() {
      return f.distanceFromKinks();
    }
  }
}
