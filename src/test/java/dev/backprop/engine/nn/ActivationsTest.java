package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The activation functions that are computed in several steps, number by number; the others are
/// one function of `Elementwise` each, and all of them stand in the gradient tests.
class ActivationsTest {

  /// Arguments beyond which single functions of the reference overflow or lose their digits.
  private static final double FAR = 5;

  private static final double SIGNIFICANT = 1e-30;

  static Activation[] composed() {
    return new Activation[] {
      new Activation.Gelu(), new Activation.Softplus(), new Activation.Silu(), new Activation.Mish()
    };
  }

  @ParameterizedTest
  @MethodSource("composed")
  void agreesWithTheReferenceAtEveryArgument(Activation f) {
    Matrix z = arguments();
    Matrix a = Matrix.allocate(z.rows(), 1);
    Matrix d = Matrix.allocate(z.rows(), 1);
    Arrays.fill(d.values(), 1);
    Activations.forward(f, z, a);
    Activations.backward(f, z, a, d);
    double worst = 0;
    double worstSlope = 0;
    for (int i = 0; i < z.size(); i++) {
      double[] row = {z.values()[i]};
      double expected = ReferenceActivation.f(f, row, 0, 0);
      double slope = ReferenceActivation.delta(f, row, row, new double[] {1}, 0)[0];
      if (Math.abs(expected) > SIGNIFICANT) {
        worst = Math.max(worst, Math.abs(a.values()[i] / expected - 1));
      }
      worstSlope = Math.max(worstSlope, Math.abs(d.values()[i] - slope));
    }
    assertThat(worst).isLessThanOrEqualTo(3e-7);
    assertThat(worstSlope).isLessThanOrEqualTo(2.5e-7);
  }

  /// If z² is no number of a float any more, f' is still 1/2.
  @Test
  void theSlopeOfGeluAtTinyArgumentsIsOneHalf() {
    Matrix z = matrix(0, -0f, Float.MIN_VALUE, -1e-40f, 1e-30f, -2e-30f, 1e-26f);
    Matrix a = Matrix.allocate(z.rows(), 1);
    Matrix d = matrix(1, 1, 1, 1, 1, 1, 1);
    Activations.forward(new Activation.Gelu(), z, a);
    Activations.backward(new Activation.Gelu(), z, a, d);
    assertThat(d.values()).containsOnly(0.5f);
  }

  /// As erfc in double precision has it: f(-10) = -10 Φ(-10), f(10) = 10 to the last digit.
  @Test
  void geluHasItsTails() {
    Matrix z = matrix(-40, -10, 10, 1e30f);
    Matrix a = Matrix.allocate(z.rows(), 1);
    Activations.forward(new Activation.Gelu(), z, a);
    assertThat(a.values()[0]).isZero();
    assertThat(a.values()[1] / -7.61985302416047e-23).isBetween(1 - 3e-7, 1 + 3e-7);
    assertThat(a.values()[2]).isEqualTo(10);
    assertThat(a.values()[3]).isEqualTo(1e30f);
  }

  private static Matrix arguments() {
    int half = 30_000;
    float[] z = new float[2 * half + 1];
    for (int i = 0; i < half; i++) {
      z[2 * i] = (float) (FAR * (i + 1) / half);
      z[2 * i + 1] = -z[2 * i];
    }
    return new Matrix(z, 0, z.length, 1);
  }

  private static Matrix matrix(float... z) {
    return new Matrix(z, 0, z.length, 1);
  }
}
