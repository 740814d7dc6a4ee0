package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

class MultiplyAddsTest {

  private static final InputLayout FIVE = InputLayout.numbers(5);

  private static LayerSpec dense(int units) {
    return Defaults.fill(LayerSpec.Dense.class, units);
  }

  private static NetworkSpec network(LayerSpec... layers) {
    return NetworkSpec.of(List.of(layers), null, null).resolve(Task.REGRESSION);
  }

  private static long of(NetworkSpec spec, InputLayout inputs, int outputs) {
    long known = Network.multiplyAdds(spec, inputs, outputs);
    Network network =
        Network.initialize(
            spec, inputs, outputs, new int[0], 1, KernelSelection.select("java").kernels());
    assertThat(network.multiplyAdds()).isEqualTo(known);
    assertThat(network.alike().multiplyAdds()).isEqualTo(known);
    return known;
  }

  @Test
  void areInputsTimesUnitsOfEveryProduct() {
    assertThat(of(network(), FIVE, 3)).isEqualTo(5 * 3);
    assertThat(of(network(dense(7), new LayerSpec.Dropout(0.5), dense(4)), FIVE, 2))
        .isEqualTo(5 * 7 + 7 * 4 + 4 * 2);
  }

  @Test
  void ofNetworksThatShareWeightsAreThoseOfAll() {
    assertThat(of(network(dense(7)).withMembers(4), FIVE, 2)).isEqualTo(4 * (5 * 7 + 7 * 2));
  }

  @Test
  void theBlockOfAResidualCountsAndSoDoesItsProjection() {
    assertThat(of(network(dense(6), new LayerSpec.Residual(List.of(dense(6)), false)), FIVE, 1))
        .isEqualTo(5 * 6 + 6 * 6 + 6);
    assertThat(of(network(dense(6), new LayerSpec.Residual(List.of(dense(8)), true)), FIVE, 1))
        .isEqualTo(5 * 6 + 6 * 8 + 6 * 8 + 8);
  }

  /// Rows of weights are added, one of each group.
  @Test
  void manyCategoriesCountAsOneInput() {
    InputLayout layout =
        new InputLayout(
            1 + 400,
            List.of(),
            List.of(1, 400),
            List.of(new InputLayout.OneHot(1, 400)),
            List.of());
    assertThat(of(network(dense(10)), layout, 1)).isEqualTo(2 * 10 + 10);
  }
}
