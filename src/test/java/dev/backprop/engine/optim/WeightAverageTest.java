package dev.backprop.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.spec.AveragingSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightAverageTest {

  private static double parameter(int i, int t) {
    return (float) (Math.sin(i + 0.3 * t) + i);
  }

  /// With a short memory, the warm-up ends at step 1; with a long one, it lasts.
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9, 0.999})
  void followsItsFormulaInAnyRanges(double decay) {
    Parameters weights = Layouts.of(new float[5]);
    float[] w = weights.values();
    double[] expected = new double[5];
    for (int i = 0; i < 5; i++) {
      w[i] = (float) parameter(i, 0);
      expected[i] = w[i];
    }
    Parameters averages = Layouts.of(w.clone());
    float[] v = averages.values();
    WeightAverage average = new WeightAverage(new AveragingSpec.Ema(decay), weights, averages);
    for (int t = 1; t <= 40; t++) {
      double d = Math.min(decay, (1.0 + t) / (10.0 + t));
      for (int i = 0; i < 5; i++) {
        w[i] = (float) parameter(i, t);
        expected[i] = d * expected[i] + (1 - d) * w[i];
      }
      average.begin();
      average.update(3, 5);
      average.update(0, 3);
      for (int i = 0; i < 5; i++) {
        assertThat((double) v[i]).as("%d at %d", i, t).isCloseTo(expected[i], within(5e-6));
      }
    }
  }
}
