package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A fully connected layer of q units on p inputs, for a batch of n examples:
///
///     X   (n x p)  inputs            dX  (n x p)  dJ/dX, the error to the left
///     W   (p x q)  weights           dW  (p x q)  weight gradient
///     b   (q)      biases            db  (q)      bias gradient
///     Z   (n x q)  weighted inputs   dZ  (n x q)  output error δ, a row for each example
///     A   (n x q)  activations       dA  (n x q)
///
/// A column of W belongs to a unit, a row to an input: so stored, Z and dW need no operand
/// whose rows would first have to be turned.
///
/// The formulas are BP1-BP4 of Nielsen, Neural Networks and Deep Learning, chapter 2, for all
/// examples of a batch at once.
///
/// With a factor s on the weights, Z = s X W + b. Then dZ is multiplied by s as soon as db is taken:
/// dW = Xᵀ s dZ, dX = s dZ Wᵀ.
///
/// @param weight index of W among the views of the parameters; b follows, and behind it the slope
///   of f if that is learned
/// @param factor s, 1 if there is none
record Dense(int inputs, int units, Activation f, int weight, float factor) implements Layer {

  @Override
  public int views() {
    return learnsSlope() ? 3 : 2;
  }

  boolean learnsSlope() {
    return f instanceof Activation.Prelu;
  }

  private float slope(Parameters theta) {
    Matrix slope = theta.matrix(weight + 2);
    return slope.values()[slope.offset()];
  }

  @Override
  public LayerShape shape() {
    return new LayerShape("dense", inputs, units, ((long) inputs + 1) * units + views() - 2);
  }

  @Override
  public Pass pass(Matrix x, Matrix turn, List<Pass> before) {
    Matrix z = Activations.readsZTwice(f) ? Matrix.allocate(x.capacity(), units) : turn;
    return new Pass(x, z, turn, null);
  }

  @Override
  public Pass trainingPass(Matrix x, Matrix turn, List<Pass> before) {
    Matrix a = Matrix.allocate(x.capacity(), units);
    Matrix z = Activations.keepsZ(f) ? Matrix.allocate(x.capacity(), units) : a;
    return new Pass(x, z, a, turn);
  }

  @Override
  public int keptColumns(boolean training) {
    boolean own = training ? Activations.keepsZ(f) : Activations.readsZTwice(f);
    return Layer.super.keptColumns(training) + (own ? units : 0);
  }

  /// Z = X W + b, A = f(Z).
  @Override
  public void forward(Pass pass, Parameters theta, Kernels kernels) {
    product(pass, theta, kernels);
    activate(pass, theta);
  }

  /// Z = X W + b.
  void product(Pass pass, Parameters theta, Kernels kernels) {
    begin(pass.z(), 0, pass.z().size(), theta.matrix(weight + 1), factor);
    kernels.addMultiplyNN(pass.x(), theta.matrix(weight), pass.z());
    end(pass.z(), 0, pass.z().size(), theta.matrix(weight + 1), factor);
  }

  /// What a product is added to: some rows of z = b, or zeros if there is a factor.
  static void begin(Matrix z, int from, int to, Matrix b, float factor) {
    if (factor == 1) {
      fillRows(z, from, to, b);
    } else {
      Arrays.fill(z.values(), from, to, 0);
    }
  }

  /// If there is a factor, some rows of z = s z + b.
  static void end(Matrix z, int from, int to, Matrix b, float factor) {
    if (factor != 1) {
      multiply(z, from, to, factor);
      int q = z.columns();
      for (int row = from; row < to; row += q) {
        add(b.values(), b.offset(), z.values(), row, q);
      }
    }
  }

  private static void add(float[] b, int from, float[] z, int to, int q) {
    for (int j = 0; j < q; j++) {
      z[to + j] += b[from + j];
    }
  }

  /// If there is a factor, some rows of z = s z.
  static void multiply(Matrix z, int from, int to, float factor) {
    if (factor != 1) {
      float[] values = z.values();
      for (int i = from; i < to; i++) {
        values[i] *= factor;
      }
    }
  }

  /// A = f(Z).
  void activate(Pass pass, Parameters theta) {
    if (learnsSlope()) {
      Activations.forward(slope(theta), pass.z(), pass.a());
    } else {
      Activations.forward(f, pass.z(), pass.a());
    }
  }

  /// dZ = dA * f'(Z), dW = Xᵀ dZ, db = Σ rows of dZ, dX = dZ Wᵀ.
  @Override
  public void backward(
      Pass pass, Parameters theta, Parameters gradient, @Nullable Matrix dx, Kernels kernels) {
    Matrix dz = pass.gradient();
    deactivate(pass, theta, gradient);
    sumRows(dz, 0, dz.size(), gradient.matrix(weight + 1));
    multiply(dz, 0, dz.size(), factor);
    kernels.multiplyTN(pass.x(), dz, gradient.matrix(weight));
    if (dx != null) {
      kernels.multiplyNT(dz, theta.matrix(weight), dx);
    }
  }

  /// dZ = dA * f'(Z), in its place.
  void deactivate(Pass pass, Parameters theta, Parameters gradient) {
    Matrix dz = pass.gradient();
    if (learnsSlope()) {
      Matrix dSlope = gradient.matrix(weight + 2);
      dSlope.values()[dSlope.offset()] = Activations.backward(slope(theta), pass.z(), dz);
    } else {
      Activations.backward(f, pass.z(), pass.a(), dz);
    }
  }

  @Override
  public void slopes(Pass pass, Parameters theta, Matrix dx, Kernels kernels) {
    Matrix dz = pass.gradient();
    deactivate(pass, theta);
    multiply(dz, 0, dz.size(), factor);
    kernels.multiplyNT(dz, theta.matrix(weight), dx);
  }

  /// dZ = dA * f'(Z), in its place.
  void deactivate(Pass pass, Parameters theta) {
    if (learnsSlope()) {
      Activations.backward(slope(theta), pass.z(), pass.gradient());
    } else {
      Activations.backward(f, pass.z(), pass.a(), pass.gradient());
    }
  }

  /// Some rows of z = b. The filled part doubles with each copy.
  ///
  /// @param from the first element of the first row
  /// @param to behind the last element of the last
  static void fillRows(Matrix z, int from, int to, Matrix b) {
    int q = z.columns();
    int size = to - from;
    float[] values = z.values();
    System.arraycopy(b.values(), b.offset(), values, from, Math.min(q, size));
    for (int filled = q; filled < size; filled += filled) {
      System.arraycopy(values, from, values, from + filled, Math.min(filled, size - filled));
    }
  }

  /// db = the sum of some rows of dz. Eight columns at a time, whose sums stay in registers: with
  /// the sums in an array the compiler could not rule out that they are the numbers that it adds.
  ///
  /// @param from the first element of the first row
  /// @param size behind the last element of the last
  static void sumRows(Matrix dz, int from, int size, Matrix db) {
    int q = dz.columns();
    float[] d = dz.values();
    float[] sum = db.values();
    int to = db.offset();
    int j = 0;
    for (; j + 8 <= q; j += 8) {
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      float s4 = 0;
      float s5 = 0;
      float s6 = 0;
      float s7 = 0;
      for (int i = from + j; i < size; i += q) {
        s0 += d[i];
        s1 += d[i + 1];
        s2 += d[i + 2];
        s3 += d[i + 3];
        s4 += d[i + 4];
        s5 += d[i + 5];
        s6 += d[i + 6];
        s7 += d[i + 7];
      }
      sum[to + j] = s0;
      sum[to + j + 1] = s1;
      sum[to + j + 2] = s2;
      sum[to + j + 3] = s3;
      sum[to + j + 4] = s4;
      sum[to + j + 5] = s5;
      sum[to + j + 6] = s6;
      sum[to + j + 7] = s7;
    }
    for (; j < q; j++) {
      float s = 0;
      for (int i = from + j; i < size; i += q) {
        s += d[i];
      }
      sum[to + j] = s;
    }
  }
}
