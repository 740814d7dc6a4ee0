package dev.backprop.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.nn.Parameters;
import org.junit.jupiter.api.Test;

class GradientClippingTest {

  @Test
  void scalesALongGradientDownToTheNorm() {
    Parameters gradient = Layouts.of(3, 4, 12); // norm 13, over weights and bias
    GradientClipping.clip(gradient, 6.5);
    assertThat(gradient.values()).containsExactly(new float[] {1.5f, 2, 6}, within(1e-6f));
  }

  @Test
  void leavesAShortGradientAlone() {
    Parameters gradient = Layouts.of(3, 4, 12);
    GradientClipping.clip(gradient, 13.001);
    assertThat(gradient.values()).containsExactly(3, 4, 12);
    Parameters zero = Layouts.of(0, 0, 0);
    GradientClipping.clip(zero, 1e-3);
    assertThat(zero.values()).containsOnly(0);
  }

  @Test
  void squaresBeyondTheRangeOfFloatDoNotMatter() {
    Parameters gradient = Layouts.of(3e30f, 4e30f);
    GradientClipping.clip(gradient, 5);
    assertThat(gradient.values()).containsExactly(new float[] {3, 4}, within(1e-5f));
  }

  @Test
  void normCountsEveryElementOfAnyLength() {
    for (int n = 0; n < 13; n++) {
      float[] g = new float[n];
      double squares = 0;
      for (int i = 0; i < n; i++) {
        g[i] = i + 1;
        squares += (i + 1.0) * (i + 1.0);
      }
      assertThat(GradientClipping.norm(g)).isCloseTo(Math.sqrt(squares), within(1e-12));
    }
  }
}
