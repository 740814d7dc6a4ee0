package dev.backprop.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.nn.Workspace;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.RegularizationSpec;
import dev.backprop.engine.spec.Task;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A network that has room for them learns 32 random examples by heart.
class OverfitsTest {

  private static final int ROWS = 32;
  private static final int INPUTS = 8;

  @ParameterizedTest
  @CsvSource({
    "MULTICLASS_CLASSIFICATION, 3, java",
    "MULTICLASS_CLASSIFICATION, 3, openblas",
    "MULTILABEL_CLASSIFICATION, 2, openblas",
    "REGRESSION, 2, openblas"
  })
  void learnsByHeart(Task task, int outputs, String kernels) {
    NetworkSpec spec =
        NetworkSpec.of(
                List.of(
                    Defaults.fill(LayerSpec.Dense.class, 64, new Activation.Relu()),
                    Defaults.fill(LayerSpec.Dense.class, 64, new Activation.Tanh())),
                null,
                null)
            .resolve(task);
    Network network =
        Network.initialize(
            spec, INPUTS, outputs, new int[0], 1, KernelSelection.select(kernels).kernels());
    Workspace w = network.trainingWorkspace(ROWS);
    fill(w, task, outputs, new Random(1));
    Parameters gradient = network.parameters().like();
    Optimizer optimizer =
        Optimizer.of(
            new OptimizerSpec.Adam(0.005, 0.9, 0.999, 1e-8),
            RegularizationSpec.NONE,
            network.parameters());
    network.forwardTraining(w, 1, 1, 0);
    assertThat(network.loss(w) / ROWS).isGreaterThan(0.3);
    for (int step = 0; step < 300; step++) {
      network.forwardTraining(w, 1, 1, 0);
      network.backward(w, ROWS, gradient);
      optimizer.step(network.parameters(), gradient, 0.005);
    }
    network.forward(w);
    assertThat(network.loss(w) / ROWS).isLessThan(0.01);
  }

  private static void fill(Workspace w, Task task, int outputs, Random random) {
    for (int i = 0; i < ROWS * INPUTS; i++) {
      w.x().values()[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < ROWS; i++) {
      int label = random.nextInt(outputs);
      for (int j = 0; j < outputs; j++) {
        w.y().values()[i * outputs + j] =
            switch (task) {
              case MULTICLASS_CLASSIFICATION -> j == label ? 1 : 0;
              case MULTILABEL_CLASSIFICATION, BINARY_CLASSIFICATION -> random.nextInt(2);
              case REGRESSION, BARE -> (float) random.nextGaussian();
            };
      }
    }
  }
}
