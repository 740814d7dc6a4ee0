package dev.backprop.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.nn.InputLayout;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.Task;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MaxNormTest {

  /// Two inputs, two hidden units, one output: weights (3, 4) and (0.3, 0.4) of the hidden units,
  /// stored by inputs, biases, weights (-6, 8), bias.
  private static final float[] START = {3, 0.3f, 4, 0.4f, 9, 9, -6, 8, 9};

  private static Parameters parameters(NetworkSpec spec, int inputs, float[] values) {
    return Network.of(spec.resolve(Task.REGRESSION), inputs, 1, values, new JavaKernels())
        .parameters();
  }

  private static NetworkSpec hidden(int units, double rateFactor) {
    return NetworkSpec.of(
        List.of(Defaults.fill(LayerSpec.Dense.class, units, null, null, null, rateFactor)),
        null,
        null);
  }

  private static float[] projected(Parameters parameters, double c) {
    MaxNorm maxNorm = new MaxNorm(c, parameters);
    for (int piece = 0; piece < maxNorm.pieces(); piece++) {
      maxNorm.project(piece);
    }
    return parameters.values();
  }

  @Test
  void unitsAboveTheNormAreScaledDownAndNothingElse() {
    assertThat(projected(parameters(hidden(2, 1), 2, START.clone()), 1))
        .containsExactly(new float[] {0.6f, 0.3f, 0.8f, 0.4f, 9, 9, -0.6f, 0.8f, 9}, within(1e-7f));
    assertThat(projected(parameters(hidden(2, 1), 2, START.clone()), 10)).containsExactly(START);
  }

  @Test
  void aLayerThatIsHeldIsLeft() {
    assertThat(projected(parameters(hidden(2, 0), 2, START.clone()), 1))
        .containsExactly(new float[] {3, 0.3f, 4, 0.4f, 9, 9, -0.6f, 0.8f, 9}, within(1e-7f));
  }

  /// 300 units of 200 weights are four pieces, 20 of 20,000 are two.
  @Test
  void everyUnitOfALargeLayerIsProjected() {
    for (int[] shape : new int[][] {{200, 300}, {20_000, 20}}) {
      int inputs = shape[0];
      int units = shape[1];
      NetworkSpec spec = hidden(units, 1);
      float[] values =
          new float[(int) Network.parameterCount(spec.resolve(Task.REGRESSION), inputs, 1)];
      Arrays.fill(values, 0.5f);
      Parameters parameters = parameters(spec, inputs, values);
      MaxNorm maxNorm = new MaxNorm(2, parameters);
      assertThat(maxNorm.pieces()).isEqualTo(units == 20 ? 3 : 5);
      projected(parameters, 2);
      for (int unit = 0; unit < units; unit++) {
        double squares = 0;
        for (int k = 0; k < inputs; k++) {
          squares += (double) values[k * units + unit] * values[k * units + unit];
        }
        assertThat(Math.sqrt(squares)).as("unit %d", unit).isCloseTo(2, within(1e-6));
      }
      assertThat(values[units * inputs]).isEqualTo(0.5f);
    }
  }

  @Test
  void rowsOfEmbeddingsAreCategoriesAndStay() {
    NetworkSpec spec =
        NetworkSpec.of(List.of(), null, null)
            .resolve(Task.REGRESSION)
            .withEmbeddings(new LinkedHashMap<>(Map.of("city", new EmbeddingSpec(2))));
    InputLayout layout = new InputLayout(1, List.of(new InputLayout.Index("city", 0, 2)));
    float[] values = {3, 4, 5, 6, 3, 4, 7};
    projected(Network.of(spec, layout, 1, values, new JavaKernels()).parameters(), 1);
    assertThat(values).containsExactly(new float[] {3, 4, 5, 6, 0.6f, 0.8f, 7}, within(1e-7f));
  }

  /// An infinite weight must be found by whoever looks for divergence.
  @Test
  void whatIsNotFiniteStaysSo() {
    float[] values = {Float.POSITIVE_INFINITY, Float.NaN, 4, 1, 0, 0, 1, 1, 0};
    projected(parameters(hidden(2, 1), 2, values), 1);
    assertThat(values[0]).isNaN();
    assertThat(values[1]).isNaN();
  }
}
