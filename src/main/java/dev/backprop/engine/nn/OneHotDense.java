package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A [Dense] layer many of whose inputs are one-hot, with the letters of that layer. A one-hot input
/// is a row of W that is added, never a product with zeros; c are the inputs that are not zero:
///
///     z = b + Σ of the others x_j W_j + Σ x_c W_c      dW_c = Σ of their examples x_c dz
///     dx_c = dz W_cᵀ
///
/// The columns of X of the other inputs, and their rows of W, are brought together for one product.
/// Where a one-hot input is zero, dx is not computed: it is multiplied by that zero to the left.
record OneHotDense(Dense dense, OneHots hots) implements Layer {

  @Override
  public int inputs() {
    return dense.inputs();
  }

  @Override
  public int units() {
    return dense.units();
  }

  @Override
  public int views() {
    return dense.views();
  }

  @Override
  public LayerShape shape() {
    return dense.shape();
  }

  @Override
  public Pass pass(Matrix x, Matrix turn, List<Pass> before) {
    return dense.pass(x, turn, before).with(rows(x, before, false));
  }

  @Override
  public Pass trainingPass(Matrix x, Matrix turn, List<Pass> before) {
    return dense.trainingPass(x, turn, before).with(rows(x, before, true));
  }

  private HotRows rows(Matrix x, List<Pass> before, boolean training) {
    Matrix inputs = before.isEmpty() ? x : before.getFirst().x();
    return HotRows.of(inputs, hots, units(), x.capacity(), training);
  }

  @Override
  public int keptColumns(boolean training) {
    return dense.keptColumns(training) + (training ? 2 : 1) * hots.others().length;
  }

  @Override
  public long scratchBytes(long rows, boolean training) {
    return HotRows.bytes(hots, units(), rows, training);
  }

  @Override
  public void forward(Pass pass, Parameters theta, Kernels kernels) {
    product(pass, theta, kernels);
    dense.activate(pass, theta);
  }

  /// Z = X W + b.
  void product(Pass pass, Parameters theta, Kernels kernels) {
    HotRows rows = Objects.requireNonNull(pass.hot());
    Matrix w = theta.matrix(dense.weight());
    Matrix z = pass.z();
    hots.find(rows.inputs(), rows.places(), rows.counts());
    Dense.begin(z, 0, z.size(), theta.matrix(dense.weight() + 1), dense.factor());
    if (rows.x() != null && rows.w() != null) {
      gather(pass.x(), rows.x());
      for (int k = 0; k < hots.others().length; k++) {
        int from = w.offset() + hots.others()[k] * units();
        System.arraycopy(w.values(), from, rows.w().values(), k * units(), units());
      }
      kernels.addMultiplyNN(rows.x(), rows.w(), z);
    }
    addRows(pass, rows, w, z);
    Dense.end(z, 0, z.size(), theta.matrix(dense.weight() + 1), dense.factor());
  }

  private void gather(Matrix from, Matrix to) {
    int[] others = hots.others();
    for (int i = 0; i < from.rows(); i++) {
      for (int k = 0; k < others.length; k++) {
        to.values()[i * others.length + k] = from.values()[i * inputs() + others[k]];
      }
    }
  }

  /// Z += x_c W_c.
  private void addRows(Pass pass, HotRows rows, Matrix w, Matrix z) {
    int n = rows.inputs().rows();
    int q = units();
    for (int i = 0; i < z.rows(); i++) {
      int first = i % n * hots.groups();
      int end = first + rows.counts()[i % n];
      int k = first;
      for (; k + 4 <= end; k += 4) {
        addFour(pass.x(), i, rows.places(), k, w, z);
      }
      for (; k < end; k++) {
        int c = rows.places()[k];
        float x = pass.x().values()[i * inputs() + c];
        add(x, w.values(), w.offset() + c * q, z.values(), i * q, q);
      }
    }
  }

  /// Four rows at a time need z once.
  private static void addFour(Matrix xs, int i, int[] c, int k, Matrix ws, Matrix zs) {
    float[] w = ws.values();
    float[] z = zs.values();
    int q = zs.columns();
    int row = i * xs.columns();
    float x0 = xs.values()[row + c[k]];
    float x1 = xs.values()[row + c[k + 1]];
    float x2 = xs.values()[row + c[k + 2]];
    float x3 = xs.values()[row + c[k + 3]];
    int w0 = ws.offset() + c[k] * q;
    int w1 = ws.offset() + c[k + 1] * q;
    int w2 = ws.offset() + c[k + 2] * q;
    int w3 = ws.offset() + c[k + 3] * q;
    int to = i * q;
    for (int j = 0; j < q; j++) {
      z[to + j] = z[to + j] + x0 * w[w0 + j] + x1 * w[w1 + j] + x2 * w[w2 + j] + x3 * w[w3 + j];
    }
  }

  private static void add(float x, float[] of, int from, float[] to, int at, int n) {
    for (int j = 0; j < n; j++) {
      to[at + j] += x * of[from + j];
    }
  }

  @Override
  public void backward(
      Pass pass, Parameters theta, Parameters gradient, @Nullable Matrix dx, Kernels kernels) {
    HotRows rows = Objects.requireNonNull(pass.hot());
    Matrix dz = pass.gradient();
    dense.deactivate(pass, theta, gradient);
    Dense.sumRows(dz, 0, dz.size(), gradient.matrix(dense.weight() + 1));
    Dense.multiply(dz, 0, dz.size(), dense.factor());
    weightGradient(pass, rows, gradient.matrix(dense.weight()), kernels);
    if (dx != null) {
      inputGradient(rows, dz, theta.matrix(dense.weight()), dx, kernels);
    }
  }

  private void weightGradient(Pass pass, HotRows rows, Matrix dw, Kernels kernels) {
    Matrix dz = pass.gradient();
    int q = units();
    Arrays.fill(dw.values(), dw.offset(), dw.offset() + dw.size(), 0);
    if (rows.x() != null && rows.dw() != null) {
      kernels.multiplyTN(rows.x(), dz, rows.dw());
      for (int k = 0; k < hots.others().length; k++) {
        int to = dw.offset() + hots.others()[k] * q;
        System.arraycopy(rows.dw().values(), k * q, dw.values(), to, q);
      }
    }
    int n = rows.inputs().rows();
    for (int i = 0; i < dz.rows(); i++) {
      int first = i % n * hots.groups();
      for (int k = first; k < first + rows.counts()[i % n]; k++) {
        int c = rows.places()[k];
        float x = pass.x().values()[i * inputs() + c];
        add(x, dz.values(), i * q, dw.values(), dw.offset() + c * q, q);
      }
    }
  }

  private void inputGradient(HotRows rows, Matrix dz, Matrix w, Matrix dx, Kernels kernels) {
    int p = inputs();
    int q = units();
    int[] others = hots.others();
    Arrays.fill(dx.values(), 0, dx.size(), 0);
    if (rows.w() != null && rows.dx() != null) {
      kernels.multiplyNT(dz, rows.w(), rows.dx());
      for (int i = 0; i < dz.rows(); i++) {
        for (int k = 0; k < others.length; k++) {
          dx.values()[i * p + others[k]] = rows.dx().values()[i * others.length + k];
        }
      }
    }
    int n = rows.inputs().rows();
    for (int i = 0; i < dz.rows(); i++) {
      int first = i % n * hots.groups();
      for (int k = first; k < first + rows.counts()[i % n]; k++) {
        int c = rows.places()[k];
        dx.values()[i * p + c] = dot(dz.values(), i * q, w.values(), w.offset() + c * q, q);
      }
    }
  }

  /// In four sums, which do not wait for each other.
  private static float dot(float[] x, int xo, float[] y, int yo, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int j = 0;
    for (; j + 4 <= n; j += 4) {
      s0 += x[xo + j] * y[yo + j];
      s1 += x[xo + j + 1] * y[yo + j + 1];
      s2 += x[xo + j + 2] * y[yo + j + 2];
      s3 += x[xo + j + 3] * y[yo + j + 3];
    }
    for (; j < n; j++) {
      s0 += x[xo + j] * y[yo + j];
    }
    return s0 + s1 + (s2 + s3);
  }
}
