package dev.backprop.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.nn.Parameters;
import org.junit.jupiter.api.Test;

class GradientClippingTest {

  @Test
  void scalesALongGradientDownToTheNorm() {
    Parameters gradient = Layouts.of(3, 4, 12); // norm 13, over weights and bias
    clip(gradient, 6.5);
    assertThat(gradient.values()).containsExactly(new float[] {1.5f, 2, 6}, within(1e-6f));
  }

  @Test
  void leavesAShortGradientAlone() {
    Parameters gradient = Layouts.of(3, 4, 12);
    clip(gradient, 13.001);
    assertThat(gradient.values()).containsExactly(3, 4, 12);
    Parameters zero = Layouts.of(0, 0, 0);
    clip(zero, 1e-3);
    assertThat(zero.values()).containsOnly(0);
  }

  @Test
  void squaresBeyondTheRangeOfFloatDoNotMatter() {
    Parameters gradient = Layouts.of(3e30f, 4e30f);
    clip(gradient, 5);
    assertThat(gradient.values()).containsExactly(new float[] {3, 4}, within(1e-5f));
  }

  @Test
  void countsEveryElementOfAnyLength() {
    for (int n = 0; n < 13; n++) {
      float[] g = new float[n];
      double squares = 0;
      for (int i = 0; i < n; i++) {
        g[i] = i + 1;
        squares += (i + 1.0) * (i + 1.0);
      }
      assertThat(GradientClipping.sumOfSquares(g, 0, n)).isCloseTo(squares, within(1e-12));
      assertThat(
              GradientClipping.sumOfSquares(g, 0, n / 2)
                  + GradientClipping.sumOfSquares(g, n / 2, n))
          .isCloseTo(squares, within(1e-12));
    }
  }

  private static void clip(Parameters gradient, double maxNorm) {
    float[] g = gradient.values();
    double squares = GradientClipping.sumOfSquares(g, 0, g.length);
    GradientClipping.scale(g, 0, g.length, GradientClipping.factor(squares, maxNorm));
  }
}
