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
    Pass.Mask mask = new Pass.Mask(Matrix.allocate(x.capacity(), units));
    return new Pass(x, a, a, turn, mask, null, null, null);
  }

  @Override
  public int keptColumns(boolean training) {
    return training ? 2 * units : 0;
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
    Pass.Mask mask = Objects.requireNonNull(pass.mask());
    draw(mask, seed, epoch, position);
    float[] x = pass.x().values();
    float[] m = mask.factors.values();
    float[] a = pass.a().values();
    int size = pass.a().size();
    for (int i = 0; i < size; i++) {
      a[i] = x[i] * m[i];
    }
  }

  /// dX = dA * M.
  @Override
  public void backward(
      Pass pass, Parameters theta, Parameters gradient, @Nullable Matrix dx, Kernels kernels) {
    if (dx == null) {
      return;
    }
    float[] da = pass.gradient().values();
    float[] m = Objects.requireNonNull(pass.mask()).factors.values();
    float[] out = dx.values();
    int size = dx.size();
    for (int i = 0; i < size; i++) {
      out[i] = da[i] * m[i];
    }
  }

  /// A key of 64 bits for each example, hashed with the unit's index to 24 bits.
  private void draw(Pass.Mask mask, long seed, int epoch, long position) {
    double rate = spec.rate(mask.progress);
    float[] m = mask.factors.values();
    int threshold = (int) Math.round(rate * (1 << 24));
    float scale = (float) (1 / (1 - rate));
    int n = mask.factors.rows() / members;
    for (int i = 0; i < mask.factors.rows(); i++) {
      int member = i / n;
      long place = ((long) layer << 40) + ((long) member << 32) + position + (i - member * n);
      long key = Draws.bits(seed, Draws.Purpose.DROPOUT, epoch, place);
      int high = (int) (key >>> 32);
      int low = (int) key;
      int row = i * units;
      for (int j = 0; j < units; j++) {
        int kept = (threshold - 1 - (Draws.hash(high, low, j) >>> 8)) >>> 31;
        m[row + j] = scale * kept;
      }
    }
  }
}
