package dev.backprop.engine.optim;

import dev.backprop.engine.linalg.Team;
import java.util.function.IntConsumer;

/// Operations on vectors of one length n, in slices that threads share. The slices follow from n
/// only, and sums over them are taken in their order, in double precision.
final class Vectors {

  /// Elements of a slice, about: those of two vectors stay in the nearest caches.
  private static final int SLICE = 1 << 14;

  private static final int MAX_SLICES = 1 << 12;

  private final int n;
  private final Team team;
  private final int slices;
  private final double[] parts;

  // The operation in hand.
  private float[] x = new float[0];
  private float[] y = x;
  private float[] z = x;
  private double c;

  // Made once: an operation allocates nothing.
  private final IntConsumer dot = this::dot;
  private final IntConsumer combine = this::combine;
  private final IntConsumer scale = this::scale;
  private final IntConsumer absoluteSum = this::absoluteSum;
  private final IntConsumer maximum = this::maximum;

  Vectors(int n, Team team) {
    this.n = n;
    this.team = team;
    slices = Math.clamp(n / SLICE, 1, MAX_SLICES);
    parts = new double[slices];
  }

  int slices() {
    return slices;
  }

  /// The begin of a slice; the one before ends there.
  int start(int slice) {
    return (int) ((long) slice * n / slices);
  }

  /// a·b.
  double dot(float[] a, float[] b) {
    x = a;
    y = b;
    team.run(slices, dot);
    double sum = 0;
    for (double part : parts) {
      sum += part;
    }
    return sum;
  }

  /// Four sums, so that no addition waits for the one before it.
  private void dot(int slice) {
    float[] a = x;
    float[] b = y;
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int end = start(slice + 1);
    int i = start(slice);
    for (; i + 3 < end; i += 4) {
      s0 += (double) a[i] * b[i];
      s1 += (double) a[i + 1] * b[i + 1];
      s2 += (double) a[i + 2] * b[i + 2];
      s3 += (double) a[i + 3] * b[i + 3];
    }
    for (; i < end; i++) {
      s0 += (double) a[i] * b[i];
    }
    parts[slice] = s0 + s1 + s2 + s3;
  }

  /// ‖a‖₁.
  double absoluteSum(float[] a) {
    x = a;
    team.run(slices, absoluteSum);
    double sum = 0;
    for (double part : parts) {
      sum += part;
    }
    return sum;
  }

  private void absoluteSum(int slice) {
    double sum = 0;
    int end = start(slice + 1);
    for (int i = start(slice); i < end; i++) {
      sum += Math.abs(x[i]);
    }
    parts[slice] = sum;
  }

  /// result = a + factor b; the result may be one of them.
  void combine(float[] result, float[] a, double factor, float[] b) {
    x = a;
    y = b;
    z = result;
    c = factor;
    team.run(slices, combine);
  }

  private void combine(int slice) {
    float[] a = x;
    float[] b = y;
    float[] result = z;
    double factor = c;
    int end = start(slice + 1);
    for (int i = start(slice); i < end; i++) {
      result[i] = (float) (a[i] + factor * b[i]);
    }
  }

  /// result = factor a; the result may be a.
  void scale(float[] result, double factor, float[] a) {
    x = a;
    z = result;
    c = factor;
    team.run(slices, scale);
  }

  private void scale(int slice) {
    float[] a = x;
    float[] result = z;
    double factor = c;
    int end = start(slice + 1);
    for (int i = start(slice); i < end; i++) {
      result[i] = (float) (factor * a[i]);
    }
  }

  /// max |a_i|; NaN if one of them is.
  double maximum(float[] a) {
    x = a;
    team.run(slices, maximum);
    double max = 0;
    for (double part : parts) {
      max = Math.max(max, part);
    }
    return max;
  }

  private void maximum(int slice) {
    float max = 0;
    int end = start(slice + 1);
    for (int i = start(slice); i < end; i++) {
      max = Math.max(max, Math.abs(x[i]));
    }
    parts[slice] = max;
  }
}
