package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Draws;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.LayerSpec;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Inverted dropout (Srivastava et al. 2014), for a batch of n examples:
///
///     X  (n x q)  inputs           dX  (n x q)  dJ/dX
///     r           rate of the step
///     M  (n x q)  mask: 0 with probability r, else 1 / (1 - r)
///     A  (n x q)  outputs          dA  (n x q)
///
/// An element of M is a pure function of (seed, epoch, position of the example in the epoch, layer,
/// member, unit) and of r. It does not change with the batch that the example is in, unless r does.
///
/// @param members whose rows follow each other, as many for each
/// @param layer index among all layers of the spec, those inside a residual block counted behind the
///   block
record Dropout(int units, LayerSpec.Dropout spec, int layer, int members) implements Layer {

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
    return new LayerShape("dropout", units, units, 0);
  }

  @Override
  public Pass trainingPass(Matrix x, Matrix turn, List<Pass> before) {
    Matrix a = Matrix.allocate(x.capacity(), units);
    return new Pass(x, a, a, turn, new Mask(x.capacity(), units), null, null, null, null);
  }

  @Override
  public long scratchBytes(long rows, boolean training) {
    return training ? Mask.bytes(rows, units) : 0;
  }

  /// A = X.
  @Override
  public void forward(Pass pass, Parameters theta, Kernels kernels) {
    System.arraycopy(pass.x().values(), 0, pass.a().values(), 0, pass.a().size());
  }

  /// A = X * M.
  @Override
  public void forwardTraining(
      Pass pass, Parameters theta, Kernels kernels, long seed, int epoch, long position) {
    Mask mask = Objects.requireNonNull(pass.mask());
    mask.draw(this, pass.a().rows(), seed, epoch, position);
    mask.multiply(pass.x(), pass.a());
  }

  /// The key of a row among `rows`, the first of which is the example at `position`.
  long key(int row, int rows, long seed, int epoch, long position) {
    int n = rows / members;
    int member = row / n;
    long place = ((long) layer << 40) + ((long) member << 32) + position + (row - member * n);
    return Draws.bits(seed, Draws.Purpose.DROPOUT, epoch, place);
  }

  /// dX = dA * M.
  @Override
  public void backward(
      Pass pass, Parameters theta, Parameters gradient, @Nullable Matrix dx, Kernels kernels) {
    if (dx != null) {
      Objects.requireNonNull(pass.mask()).multiply(pass.gradient(), dx);
    }
  }

  /// dX = dA.
  @Override
  public void slopes(Pass pass, Parameters theta, Matrix dx, Kernels kernels) {
    System.arraycopy(pass.gradient().values(), 0, dx.values(), 0, dx.size());
  }
}
