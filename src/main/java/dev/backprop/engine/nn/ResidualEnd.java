package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The end of a residual block (He et al. 2015, equations 1 and 2), for a batch of n examples:
///
///     X     (n x p)  inputs of the block                 dX     (n x p)
///     F(X)  (n x q)  what its layers have made of them   dF(X)  (n x q)
///     W     (p x q)  projection; absent if p = q will do without
///     Y     (n x q)  F(X) + X or F(X) + X W              dY     (n x q)
///
/// F(X) are the inputs of this layer. Everything of Y goes into both of its terms, hence dF(X) = dY
/// and dW = Xᵀ dY; dX has two terms too, which meet at the [ResidualStart].
///
/// @param blockInputs p
/// @param units q
/// @param start index among the layers of the start of the block
/// @param projection index of W among the views of the parameters; negative if there is none
record ResidualEnd(int blockInputs, int units, int start, int projection) implements Layer {

  @Override
  public int inputs() {
    return units;
  }

  @Override
  public int views() {
    return projection < 0 ? 0 : 1;
  }

  @Override
  public LayerShape shape() {
    return new LayerShape("residual-end", blockInputs, units, (long) views() * blockInputs * units);
  }

  @Override
  public Pass pass(Matrix x, Matrix turn, List<Pass> before) {
    return Layer.super.pass(x, turn, before).with(skip(before.get(start)));
  }

  /// dY waits for the start of the block.
  @Override
  public Pass trainingPass(Matrix x, Matrix turn, List<Pass> before) {
    Pass.Skip skip = skip(before.get(start));
    Matrix a = Matrix.allocate(x.capacity(), units);
    return new Pass(x, a, a, skip.dy()).with(skip);
  }

  private static Pass.Skip skip(Pass pass) {
    return Objects.requireNonNull(pass.skip());
  }

  /// Y = F(X) + X or F(X) + X W.
  @Override
  public void forward(Pass pass, Parameters theta, Kernels kernels) {
    Matrix x = skip(pass).x();
    if (projection >= 0) {
      copy(pass.x(), pass.a());
      kernels.addMultiplyNN(x, theta.matrix(projection), pass.a());
    } else {
      add(pass.x(), x, pass.a());
    }
  }

  /// dF(X) = dY, dW = Xᵀ dY.
  @Override
  public void backward(
      Pass pass, Parameters theta, Parameters gradient, @Nullable Matrix dx, Kernels kernels) {
    Matrix dy = pass.gradient();
    if (projection >= 0) {
      kernels.multiplyTN(skip(pass).x(), dy, gradient.matrix(projection));
    }
    if (dx != null) {
      copy(dy, dx);
    }
  }

  /// dF(X) = dY.
  @Override
  public void slopes(Pass pass, Parameters theta, Matrix dx, Kernels kernels) {
    copy(pass.gradient(), dx);
  }

  private static void copy(Matrix from, Matrix to) {
    System.arraycopy(from.values(), 0, to.values(), 0, to.size());
  }

  /// C = A + B.
  static void add(Matrix a, Matrix b, Matrix c) {
    add(a.values(), b.values(), c.values(), c.size());
  }

  private static void add(float[] a, float[] b, float[] c, int size) {
    for (int i = 0; i < size; i++) {
      c[i] = a[i] + b[i];
    }
  }
}
