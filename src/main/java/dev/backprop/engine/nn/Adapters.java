package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The layer in which k members part that share all weights but these factors and their output
/// layers, for a batch of n examples. It is the minimal ensemble of TabM (Gorishniy et al. 2024,
/// section 3.3), whose factors are those of BatchEnsemble (Wen et al. 2020):
///
///     X  (n x p)   inputs                      dX  (n x p)   dJ/dX
///     R  (k x p)   a factor for each input     dR  (k x p)
///     A  (kn x p)  outputs, the n rows of a member behind those of the one before
///                                              dA  (kn x p)
///
///     A_m = X * R_m      dR_m = Σ rows of dA_m * X      dX = Σ_m dA_m * R_m
///
/// @param members k
/// @param units p
/// @param scale index of R among the views of the parameters
record Adapters(int members, int units, int scale) implements Layer {

  @Override
  public int inputs() {
    return units;
  }

  @Override
  public int spread() {
    return members;
  }

  @Override
  public int views() {
    return 1;
  }

  @Override
  public LayerShape shape() {
    return new LayerShape(LayerShape.MEMBERS, units, units, (long) members * units);
  }

  @Override
  public Pass trainingPass(Matrix x, Matrix turn, List<Pass> before) {
    Matrix a = Matrix.allocate(turn.capacity(), units);
    return new Pass(x, a, a, turn);
  }

  /// A_m = X * R_m.
  @Override
  public void forward(Pass pass, Parameters theta, Kernels kernels) {
    float[] x = pass.x().values();
    float[] a = pass.a().values();
    int size = pass.x().size();
    Matrix r = theta.matrix(scale);
    for (int m = 0; m < members; m++) {
      int factors = r.offset() + m * units;
      for (int row = 0; row < size; row += units) {
        multiply(x, row, r.values(), factors, a, m * size + row, units);
      }
    }
  }

  /// dR_m = Σ rows of dA_m * X, dX = Σ_m dA_m * R_m.
  @Override
  public void backward(
      Pass pass, Parameters theta, Parameters gradient, @Nullable Matrix dx, Kernels kernels) {
    float[] x = pass.x().values();
    float[] da = pass.gradient().values();
    int size = pass.x().size();
    Matrix r = theta.matrix(scale);
    Matrix dr = gradient.matrix(scale);
    Arrays.fill(dr.values(), dr.offset(), dr.offset() + dr.size(), 0);
    if (dx != null) {
      Arrays.fill(dx.values(), 0, size, 0);
    }
    for (int m = 0; m < members; m++) {
      for (int row = 0; row < size; row += units) {
        int from = m * size + row;
        addProducts(da, from, x, row, dr.values(), dr.offset() + m * units, units);
        if (dx != null) {
          addProducts(da, from, r.values(), r.offset() + m * units, dx.values(), row, units);
        }
      }
    }
  }

  /// dX = Σ_m dA_m * R_m.
  @Override
  public void slopes(Pass pass, Parameters theta, Matrix dx, Kernels kernels) {
    float[] da = pass.gradient().values();
    int size = pass.x().size();
    Matrix r = theta.matrix(scale);
    Arrays.fill(dx.values(), 0, size, 0);
    for (int m = 0; m < members; m++) {
      for (int row = 0; row < size; row += units) {
        int factors = r.offset() + m * units;
        addProducts(da, m * size + row, r.values(), factors, dx.values(), row, units);
      }
    }
  }

  private static void multiply(float[] x, int xo, float[] r, int ro, float[] a, int ao, int n) {
    for (int j = 0; j < n; j++) {
      a[ao + j] = x[xo + j] * r[ro + j];
    }
  }

  private static void addProducts(float[] x, int xo, float[] y, int yo, float[] s, int so, int n) {
    for (int j = 0; j < n; j++) {
      s[so + j] += x[xo + j] * y[yo + j];
    }
  }
}
