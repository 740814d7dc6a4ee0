package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The begin of a residual block: its inputs enter the first of its layers, and wait for the
/// [ResidualEnd].
///
/// @param units p, the inputs of the block
/// @param outputs q, the outputs of the block
/// @param projection index of W among the views of the parameters; negative if there is none
record ResidualStart(int units, int outputs, int projection) implements Layer {

  @Override
  public int inputs() {
    return units;
  }

  @Override
  public int views() {
    return 0;
  }

  @Override
  public LayerShape shape() {
    return new LayerShape("residual", units, units, 0);
  }

  /// A copy of the inputs: the array that has them will be overwritten.
  @Override
  public Pass pass(Matrix x, Matrix turn, List<Pass> before) {
    Matrix a = Matrix.allocate(x.capacity(), units);
    return new Pass(x, a, a, null).with(new Pass.Skip(a, null));
  }

  /// The inputs themselves.
  @Override
  public Pass trainingPass(Matrix x, Matrix turn, List<Pass> before) {
    Matrix dy = Matrix.allocate(x.capacity(), outputs);
    return new Pass(x, x, x, turn).with(new Pass.Skip(x, dy));
  }

  @Override
  public int keptColumns(boolean training) {
    return training ? outputs : units;
  }

  /// A = X.
  @Override
  public void forward(Pass pass, Parameters theta, Kernels kernels) {
    if (pass.a() != pass.x()) {
      System.arraycopy(pass.x().values(), 0, pass.a().values(), 0, pass.a().size());
    }
  }

  /// dX = dA + dY or, with a projection, dA + dY Wᵀ.
  @Override
  public void backward(
      Pass pass, Parameters theta, Parameters gradient, @Nullable Matrix dx, Kernels kernels) {
    if (dx != null) {
      slopes(pass, theta, dx, kernels);
    }
  }

  @Override
  public void slopes(Pass pass, Parameters theta, Matrix dx, Kernels kernels) {
    Matrix dy = Objects.requireNonNull(Objects.requireNonNull(pass.skip()).dy());
    if (projection >= 0) {
      kernels.multiplyNT(dy, theta.matrix(projection), dx);
      ResidualEnd.add(pass.gradient(), dx, dx);
    } else {
      ResidualEnd.add(pass.gradient(), dy, dx);
    }
  }
}
