package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The output layers of k members, up to their logits, for a batch of n examples. Each is a
/// [Dense] layer of q units for the n rows of its member, without an activation:
///
///     X  (kn x p)  inputs, the n rows of a member behind those of the one before
///     W_m, b_m     (p x q) and (q), of each member
///     Z  (kn x q)  logits in the same order
///
/// @param members k
/// @param weight index of the first W among the views of the parameters; its b follows, then the
///   next W
/// @param factor on the weights, as of [Dense]
record Heads(int inputs, int units, int members, int weight, float factor) implements Layer {

  @Override
  public int views() {
    return 2 * members;
  }

  @Override
  public LayerShape shape() {
    return new LayerShape("dense", inputs, units, members * ((long) inputs + 1) * units);
  }

  @Override
  public Pass pass(Matrix x, Matrix turn, List<Pass> before) {
    return Layer.super.pass(x, turn, before).with(new HeadRows(members));
  }

  @Override
  public Pass trainingPass(Matrix x, Matrix turn, List<Pass> before) {
    return Layer.super.trainingPass(x, turn, before).with(new HeadRows(members));
  }

  private static HeadRows rows(Pass pass) {
    return Objects.requireNonNull(pass.heads());
  }

  /// Z_m = X_m W_m + b_m.
  @Override
  public void forward(Pass pass, Parameters theta, Kernels kernels) {
    Matrix z = pass.a();
    Matrix[] xs = rows(pass).x().of(pass.x());
    Matrix[] zs = rows(pass).z().of(z);
    int size = z.size() / members;
    for (int m = 0; m < members; m++) {
      Matrix b = theta.matrix(weight + 2 * m + 1);
      Dense.begin(z, m * size, (m + 1) * size, b, factor);
      kernels.addMultiplyNN(xs[m], theta.matrix(weight + 2 * m), zs[m]);
      Dense.end(z, m * size, (m + 1) * size, b, factor);
    }
  }

  /// dX_m = dZ_m W_mᵀ.
  @Override
  public void slopes(Pass pass, Parameters theta, Matrix dx, Kernels kernels) {
    Matrix dz = pass.gradient();
    Dense.multiply(dz, 0, dz.size(), factor);
    leftOf(rows(pass).dz().of(dz), rows(pass).dx().of(dx), theta, kernels);
  }

  private void leftOf(Matrix[] dzs, Matrix[] dxs, Parameters theta, Kernels kernels) {
    for (int m = 0; m < members; m++) {
      kernels.multiplyNT(dzs[m], theta.matrix(weight + 2 * m), dxs[m]);
    }
  }

  /// dW_m = X_mᵀ dZ_m, db_m = Σ rows of dZ_m, dX_m = dZ_m W_mᵀ.
  @Override
  public void backward(
      Pass pass, Parameters theta, Parameters gradient, @Nullable Matrix dx, Kernels kernels) {
    Matrix dz = pass.gradient();
    Matrix[] xs = rows(pass).x().of(pass.x());
    Matrix[] dzs = rows(pass).dz().of(dz);
    int size = dz.size() / members;
    for (int m = 0; m < members; m++) {
      Dense.sumRows(dz, m * size, (m + 1) * size, gradient.matrix(weight + 2 * m + 1));
      Dense.multiply(dz, m * size, (m + 1) * size, factor);
      kernels.multiplyTN(xs[m], dzs[m], gradient.matrix(weight + 2 * m));
    }
    if (dx != null) {
      leftOf(dzs, rows(pass).dx().of(dx), theta, kernels);
    }
  }
}
