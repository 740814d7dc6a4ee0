package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Batch normalization (Ioffe and Szegedy 2015, algorithms 1 and 2), for a mini-batch of n examples
/// of q units:
///
///     X     (n x q)  inputs                          dX  (n x q)  dJ/dX
///     μ, σ  (q)      mean and deviation of a column of X, σ² = v + epsilon, v = Σ (x - μ)² / n
///     X̂     (n x q)  (X - μ) / σ
///     γ, β  (q)      gain and bias                   dγ, dβ  (q)
///     A     (n x q)  γ X̂ + β                         dA  (n x q)
///
/// Prediction takes the running mean and variance in place of μ and v, which follow the
/// mini-batches, from 0 and 1 on:
///
///     mean     <- (1 - momentum) mean + momentum μ
///     variance <- (1 - momentum) variance + momentum v n / (n - 1)
///
/// the variance being the unbiased one and momentum that of the new, as in PyTorch.
///
/// A workspace may hold a part of the mini-batch, a shard. Then the shards meet here twice: forward
/// when each has summed up its inputs, and on the way back when each has summed up its derivatives.
/// Statistics are those of the whole mini-batch, combined in the order of the shards.
///
/// @param gain index of γ among the views of the parameters; β follows
/// @param statistic index of the running mean among the statistics of the parameters; the variance
///   follows
record BatchNorm(int units, double epsilon, double momentum, int gain, int statistic)
    implements Layer {

  @Override
  public int inputs() {
    return units;
  }

  @Override
  public int views() {
    return 2;
  }

  @Override
  public LayerShape shape() {
    return new LayerShape("batch-norm", units, units, 2L * units);
  }

  @Override
  public Pass pass(Matrix x, Matrix turn, List<Pass> before) {
    return Layer.super.pass(x, turn, before).with(Normalization.forPrediction(0, units));
  }

  @Override
  public Pass trainingPass(Matrix x, Matrix turn, List<Pass> before) {
    return Layer.super.trainingPass(x, turn, before).with(Normalization.forTraining(units, units));
  }

  @Override
  public long scratchBytes(long rows, boolean training) {
    return Normalization.bytes(training ? units : 0, units, training);
  }

  private static Normalization normalization(Pass pass) {
    return Objects.requireNonNull(pass.normalization());
  }

  /// A = s X + t with s = γ / √(variance + epsilon), t = β - s mean.
  @Override
  public void forward(Pass pass, Parameters theta, Kernels kernels) {
    Normalization norm = normalization(pass);
    norm.load(theta, gain);
    float[] values = theta.values();
    int mean = theta.statistics().get(statistic).offset();
    int variance = theta.statistics().get(statistic + 1).offset();
    for (int j = 0; j < units; j++) {
      norm.gain()[j] /= Math.sqrt(values[variance + j] + epsilon);
      norm.bias()[j] -= norm.gain()[j] * values[mean + j];
    }
    float[] x = pass.x().values();
    float[] a = pass.a().values();
    for (int row = 0; row < pass.x().size(); row += units) {
      scaleAndShift(x, row, units, norm.gain(), norm.bias(), a);
    }
  }

  /// μ and Σ (x - μ)² of the rows of this shard, until the meeting.
  void gather(Pass pass) {
    Normalization norm = normalization(pass);
    float[] x = pass.x().values();
    int n = pass.x().rows();
    Arrays.fill(norm.mean(), 0);
    Arrays.fill(norm.inverse(), 0);
    for (int row = 0; row < n * units; row += units) {
      add(x, row, units, norm.mean());
    }
    for (int j = 0; j < units; j++) {
      norm.mean()[j] /= n;
    }
    for (int row = 0; row < n * units; row += units) {
      addSquares(x, row, units, norm.mean(), norm.inverse());
    }
  }

  /// From what each shard has gathered to μ and 1/σ of the mini-batch in all of them, and to the
  /// next running statistics. For shards of n and m examples whose means are δ apart (Chan et al.
  /// 1979, equations 2.1):
  ///
  ///     μ <- μ + δ m / (n + m)
  ///     Σ (x - μ)² <- the sum of both + δ² n m / (n + m)
  ///
  /// @param place of this layer in the network
  void meetForward(Workspace[] shards, int count, int place, Parameters theta) {
    Normalization all = normalization(shards[0].pass(place));
    int n = shards[0].pass(place).x().rows();
    for (int s = 1; s < count; s++) {
      int m = shards[s].pass(place).x().rows();
      combine(all, n, normalization(shards[s].pass(place)), m);
      n += m;
    }
    if (n < 2) {
      throw new IllegalArgumentException(
          "a mini-batch to normalize must have at least 2 examples, had " + n);
    }
    run(theta.values(), theta.statistics().get(statistic).offset(), all.mean(), 1);
    run(
        theta.values(),
        theta.statistics().get(statistic + 1).offset(),
        all.inverse(),
        1 / (n - 1.0));
    for (int j = 0; j < units; j++) {
      all.inverse()[j] = 1 / Math.sqrt(all.inverse()[j] / n + epsilon);
    }
    for (int s = 1; s < count; s++) {
      Normalization norm = normalization(shards[s].pass(place));
      System.arraycopy(all.mean(), 0, norm.mean(), 0, units);
      System.arraycopy(all.inverse(), 0, norm.inverse(), 0, units);
    }
  }

  private void combine(Normalization to, int n, Normalization from, int m) {
    double share = m / (double) (n + m);
    for (int j = 0; j < units; j++) {
      double delta = from.mean()[j] - to.mean()[j];
      to.mean()[j] += delta * share;
      to.inverse()[j] += from.inverse()[j] + delta * delta * n * share;
    }
  }

  private void run(float[] values, int offset, double[] of, double factor) {
    for (int j = 0; j < units; j++) {
      values[offset + j] =
          (float) ((1 - momentum) * values[offset + j] + momentum * (of[j] * factor));
    }
  }

  /// A = γ (X - μ) / σ + β.
  @Override
  public void forwardTraining(
      Pass pass, Parameters theta, Kernels kernels, long seed, int epoch, long position) {
    Normalization norm = normalization(pass);
    norm.load(theta, gain);
    float[] x = pass.x().values();
    float[] a = pass.a().values();
    for (int j = 0; j < units; j++) {
      norm.gain()[j] *= norm.inverse()[j];
    }
    for (int row = 0; row < pass.x().size(); row += units) {
      normalize(x, row, units, norm.mean(), norm.gain(), norm.bias(), a);
    }
  }

  /// Of the rows of this shard dγ = Σ dA * X̂ and dβ = Σ dA, until the meeting.
  void gatherBackward(Pass pass, Parameters gradient) {
    Normalization norm = normalization(pass);
    float[] x = pass.x().values();
    float[] da = pass.gradient().values();
    Arrays.fill(norm.s(), 0);
    Arrays.fill(norm.t(), 0);
    for (int row = 0; row < pass.x().size(); row += units) {
      add(da, row, units, norm.s());
      addProducts(da, x, row, units, norm.mean(), norm.t());
    }
    for (int j = 0; j < units; j++) {
      norm.t()[j] *= norm.inverse()[j];
    }
    norm.store(gradient, gain);
  }

  /// From the sums of each shard to the means over the mini-batch in all of them.
  ///
  /// @param place of this layer in the network
  void meetBackward(Workspace[] shards, int count, int place) {
    Normalization all = normalization(shards[0].pass(place));
    int n = shards[0].pass(place).x().rows();
    for (int s = 1; s < count; s++) {
      Normalization norm = normalization(shards[s].pass(place));
      for (int j = 0; j < units; j++) {
        all.s()[j] += norm.s()[j];
        all.t()[j] += norm.t()[j];
      }
      n += shards[s].pass(place).x().rows();
    }
    for (int j = 0; j < units; j++) {
      all.s()[j] /= n;
      all.t()[j] /= n;
    }
    for (int s = 1; s < count; s++) {
      Normalization norm = normalization(shards[s].pass(place));
      System.arraycopy(all.s(), 0, norm.s(), 0, units);
      System.arraycopy(all.t(), 0, norm.t(), 0, units);
    }
  }

  /// dX = (dA - mean of dA - X̂ · mean of dA * X̂) γ / σ, the means over the mini-batch.
  @Override
  public void backward(
      Pass pass, Parameters theta, Parameters gradient, @Nullable Matrix dx, Kernels kernels) {
    if (dx == null) {
      return;
    }
    Normalization norm = normalization(pass);
    float[] x = pass.x().values();
    float[] da = pass.gradient().values();
    for (int j = 0; j < units; j++) {
      norm.t()[j] *= norm.inverse()[j];
    }
    for (int row = 0; row < dx.size(); row += units) {
      rowLeft(da, x, row, units, norm.mean(), norm.gain(), norm.s(), norm.t(), dx.values());
    }
  }

  /// dX = γ / √(variance + epsilon) dA, the factors being those of the forward pass.
  @Override
  public void slopes(Pass pass, Parameters theta, Matrix dx, Kernels kernels) {
    double[] s = normalization(pass).gain();
    float[] da = pass.gradient().values();
    for (int i = 0; i < dx.size(); i++) {
      dx.values()[i] = (float) (da[i] * s[i % units]);
    }
  }

  private static void scaleAndShift(float[] x, int row, int q, double[] s, double[] t, float[] a) {
    for (int j = 0; j < q; j++) {
      a[row + j] = (float) (x[row + j] * s[j] + t[j]);
    }
  }

  private static void add(float[] x, int row, int q, double[] sum) {
    for (int j = 0; j < q; j++) {
      sum[j] += x[row + j];
    }
  }

  private static void addSquares(float[] x, int row, int q, double[] mean, double[] sum) {
    for (int j = 0; j < q; j++) {
      double centred = x[row + j] - mean[j];
      sum[j] += centred * centred;
    }
  }

  private static void addProducts(
      float[] da, float[] x, int row, int q, double[] mean, double[] sum) {
    for (int j = 0; j < q; j++) {
      sum[j] += da[row + j] * (x[row + j] - mean[j]);
    }
  }

  /// @param g γ / σ
  private static void normalize(
      float[] x, int row, int q, double[] mean, double[] g, double[] b, float[] a) {
    for (int j = 0; j < q; j++) {
      a[row + j] = (float) ((x[row + j] - mean[j]) * g[j] + b[j]);
    }
  }

  /// @param g γ / σ
  /// @param t mean of dA * X̂, divided by σ
  private static void rowLeft(
      float[] da,
      float[] x,
      int row,
      int q,
      double[] mean,
      double[] g,
      double[] s,
      double[] t,
      float[] dx) {
    for (int j = 0; j < q; j++) {
      dx[row + j] = (float) ((da[row + j] - s[j] - (x[row + j] - mean[j]) * t[j]) * g[j]);
    }
  }
}
