package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An activation f of which each unit learns the share w that it takes, the rest being the identity
/// (RealMLP, Holzmüller et al. 2024), for a batch of n examples of q units. It stands behind a
/// [Dense] layer without an activation, whose outputs are the weighted inputs:
///
///     Z  (n x q)  inputs                        dZ  (n x q)
///     w  (q)      shares                        dw  (q)
///     F  (n x q)  f(Z)
///     A  (n x q)  Z + w (F - Z)                 dA  (n x q)
///
/// Computed as w F + (1 - w) Z, so that A is F to the last bit as long as w is 1.
///
/// @param units q
/// @param f element by element
/// @param share index of w among the views of the parameters
record ParametricActivation(int units, Activation f, int share) implements Layer {

  @Override
  public int inputs() {
    return units;
  }

  @Override
  public int views() {
    return 1;
  }

  @Override
  public LayerShape shape() {
    return new LayerShape(LayerShape.ACTIVATION, units, units, units);
  }

  /// F is kept as z.
  @Override
  public Pass trainingPass(Matrix x, Matrix turn, List<Pass> before) {
    Matrix a = Matrix.allocate(x.capacity(), units);
    return new Pass(x, Matrix.allocate(x.capacity(), units), a, turn);
  }

  @Override
  public int keptColumns(boolean training) {
    return training ? 2 * units : 0;
  }

  /// A = w F + (1 - w) Z.
  @Override
  public void forward(Pass pass, Parameters theta, Kernels kernels) {
    Activations.forward(f, pass.x(), pass.z());
    Matrix w = theta.matrix(share);
    float[] f = pass.z().values();
    for (int row = 0; row < pass.x().size(); row += units) {
      mix(w.values(), w.offset(), f, pass.x().values(), pass.a().values(), row, units);
    }
  }

  /// dw = Σ rows of dA * (F - Z), dZ = w dA * f'(Z) + (1 - w) dA.
  @Override
  public void backward(
      Pass pass, Parameters theta, Parameters gradient, @Nullable Matrix dx, Kernels kernels) {
    Matrix da = pass.gradient();
    float[] d = da.values();
    Matrix dw = gradient.matrix(share);
    Arrays.fill(dw.values(), dw.offset(), dw.offset() + units, 0);
    for (int row = 0; row < da.size(); row += units) {
      addUp(d, pass.z().values(), pass.x().values(), row, dw.values(), dw.offset(), units);
    }
    if (dx != null) {
      slopes(pass, theta, dx, kernels);
    }
  }

  @Override
  public void slopes(Pass pass, Parameters theta, Matrix dx, Kernels kernels) {
    Matrix da = pass.gradient();
    float[] d = da.values();
    System.arraycopy(d, 0, dx.values(), 0, da.size());
    Activations.backward(f, pass.x(), pass.z(), da);
    Matrix w = theta.matrix(share);
    for (int row = 0; row < da.size(); row += units) {
      mix(w.values(), w.offset(), d, dx.values(), dx.values(), row, units);
    }
  }

  /// c = w a + (1 - w) b.
  private static void mix(float[] w, int wo, float[] a, float[] b, float[] c, int row, int q) {
    for (int j = 0; j < q; j++) {
      float share = w[wo + j];
      c[row + j] = share * a[row + j] + (1 - share) * b[row + j];
    }
  }

  private static void addUp(float[] d, float[] f, float[] z, int row, float[] s, int so, int q) {
    for (int j = 0; j < q; j++) {
      s[so + j] += d[row + j] * (f[row + j] - z[row + j]);
    }
  }
}
