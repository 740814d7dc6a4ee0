package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.Initializer;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

  private static final int[] NONE_SILENT = {};

  /// 4 - dense 5 gelu - dropout - dense 3 relu - 2.
  private static NetworkSpec spec() {
    return NetworkSpec.of(
            List.of(
                Defaults.fill(LayerSpec.Dense.class, 5, new Activation.Gelu()),
                new LayerSpec.Dropout(0.2),
                Defaults.fill(LayerSpec.Dense.class, 3)),
            Defaults.fill(OutputSpec.class),
            null)
        .resolve(Task.MULTICLASS_CLASSIFICATION);
  }

  private static Network network(Kernels kernels) {
    return Network.initialize(spec(), 4, 2, NONE_SILENT, 1, kernels);
  }

  @Test
  void viewsNameThePartsOfTheFlatArrayWithoutGaps() {
    Parameters parameters = network(new JavaKernels()).parameters();
    assertThat(parameters.views())
        .containsExactly(
            new Parameters.View("layers.0.weight", 0, 4, 5, true),
            new Parameters.View("layers.0.bias", 20, 5, 1, false),
            new Parameters.View("layers.2.weight", 25, 5, 3, true),
            new Parameters.View("layers.2.bias", 40, 3, 1, false),
            new Parameters.View("output.weight", 43, 3, 2, true),
            new Parameters.View("output.bias", 49, 2, 1, false));
    assertThat(parameters.size()).isEqualTo(51);
    assertThat(Network.parameterCount(spec(), 4, 2)).isEqualTo(51);
    Matrix weight = parameters.matrix(2);
    assertThat(weight.values()).isSameAs(parameters.values());
    assertThat(weight.offset()).isEqualTo(25);
    assertThat(weight.rows()).isEqualTo(5);
    assertThat(weight.columns()).isEqualTo(3);
  }

  @Test
  void anotherArrayOfTheSameLayoutStartsAtZero() {
    Parameters parameters = network(new JavaKernels()).parameters();
    Parameters gradient = parameters.like();
    assertThat(gradient.views()).isEqualTo(parameters.views());
    assertThat(gradient.values()).hasSize(51).containsOnly(0);
    assertThat(gradient.values()).isNotSameAs(parameters.values());
  }

  @Test
  void shapesAreKnownWithoutBuilding() {
    List<LayerShape> shapes = Network.shapes(spec(), InputLayout.numbers(4), 2);
    assertThat(shapes)
        .containsExactly(
            new LayerShape("dense", 4, 5, 25),
            new LayerShape("dropout", 5, 5, 0),
            new LayerShape("dense", 5, 3, 18),
            new LayerShape("dense", 3, 2, 8));
    Network network = network(new JavaKernels());
    assertThat(network.shapes()).isEqualTo(shapes);
    assertThat(network.inputs()).isEqualTo(4);
    assertThat(network.outputs()).isEqualTo(2);
    assertThat(network.spec()).isEqualTo(spec());
  }

  @Test
  void keepsTheParametersThatItIsGiven() {
    float[] parameters = new float[51];
    Network network = Network.of(spec(), 4, 2, parameters, new JavaKernels());
    assertThat(network.parameters().values()).isSameAs(parameters);
  }

  @Test
  void refusesTooFewOrTooManyParameters() {
    assertThatThrownBy(() -> Network.of(spec(), 4, 2, new float[50], new JavaKernels()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the network has 51 parameters, 50 were given");
    LayerSpec wide = Defaults.fill(LayerSpec.Dense.class, 65_536);
    NetworkSpec huge = NetworkSpec.of(List.of(wide, wide), null, null).resolve(Task.REGRESSION);
    assertThatThrownBy(() -> Network.initialize(huge, 1, 1, NONE_SILENT, 0, new JavaKernels()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parameters must be at most 2147483639, were 4295229441");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bytesOfAWorkspaceAreKnownWithoutBuilding(boolean training) {
    Network network = network(new JavaKernels());
    Workspace w = training ? network.trainingWorkspace(9) : network.workspace(9);
    Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int l = 0; l < 4; l++) {
      w.pass(l).matrices().forEach(matrix -> arrays.add(matrix.values()));
    }
    arrays.add(w.x().values());
    arrays.add(w.y().values());
    arrays.add(w.outputs().values());
    long bytes = arrays.stream().mapToLong(array -> 4L * array.length).sum();
    assertThat(Network.workspaceBytes(spec(), InputLayout.numbers(4), 2, 9, training))
        .isEqualTo(bytes + (training ? Mask.bytes(9, 5) : 0));
    assertThat(w.capacity()).isEqualTo(9);
  }

  /// As much as without the normalization, whose own arrays come on top.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bytesOfNormalizationAreKnownWithoutBuilding(boolean training) {
    LayerSpec norm = Defaults.fill(LayerSpec.LayerNorm.class);
    LayerSpec batchNorm = Defaults.fill(LayerSpec.BatchNorm.class);
    NetworkSpec spec =
        NetworkSpec.of(
                List.of(norm, Defaults.fill(LayerSpec.Dense.class, 5), norm, batchNorm), null, null)
            .resolve(Task.REGRESSION);
    Network network = Network.initialize(spec, 4, 1, NONE_SILENT, 1, new JavaKernels());
    Workspace w = training ? network.trainingWorkspace(9) : network.workspace(9);
    Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    long doubles = 0;
    for (int l = 0; l < 5; l++) {
      w.pass(l).matrices().forEach(matrix -> arrays.add(matrix.values()));
      Normalization kept = w.pass(l).normalization();
      if (kept != null) {
        doubles += kept.mean().length + kept.inverse().length + kept.gain().length;
        doubles += kept.bias().length + kept.s().length + kept.t().length;
      }
    }
    arrays.add(w.x().values());
    arrays.add(w.y().values());
    arrays.add(w.outputs().values());
    long bytes = arrays.stream().mapToLong(array -> 4L * array.length).sum() + 8 * doubles;
    assertThat(Network.workspaceBytes(spec, InputLayout.numbers(4), 1, 9, training))
        .isEqualTo(bytes);
    assertThat(network.shapes())
        .containsExactly(
            new LayerShape("layer-norm", 4, 4, 8),
            new LayerShape("dense", 4, 5, 25),
            new LayerShape("layer-norm", 5, 5, 10),
            new LayerShape("batch-norm", 5, 5, 10),
            new LayerShape("dense", 5, 1, 6));
  }

  /// 4 - dense 5 - block of [dense 3 - block of [dense 3] ] with projection - 1.
  private static NetworkSpec blocks() {
    LayerSpec three = Defaults.fill(LayerSpec.Dense.class, 3, new Activation.Tanh());
    LayerSpec inner = new LayerSpec.Residual(List.of(three), false);
    LayerSpec outer = new LayerSpec.Residual(List.of(three, inner), true);
    return NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 5), outer), null, null)
        .resolve(Task.REGRESSION);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bytesOfResidualBlocksAreKnownWithoutBuilding(boolean training) {
    Network network = Network.initialize(blocks(), 4, 1, NONE_SILENT, 1, new JavaKernels());
    Workspace w = training ? network.trainingWorkspace(9) : network.workspace(9);
    Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int l = 0; l < 8; l++) {
      w.pass(l).matrices().forEach(matrix -> arrays.add(matrix.values()));
    }
    arrays.add(w.x().values());
    arrays.add(w.y().values());
    arrays.add(w.outputs().values());
    assertThat(Network.workspaceBytes(blocks(), InputLayout.numbers(4), 1, 9, training))
        .isEqualTo(arrays.stream().mapToLong(array -> 4L * array.length).sum());
  }

  @Test
  void residualBlocksStandAroundTheirLayers() {
    Network network = Network.initialize(blocks(), 4, 1, NONE_SILENT, 1, new JavaKernels());
    assertThat(network.shapes())
        .containsExactly(
            new LayerShape("dense", 4, 5, 25),
            new LayerShape("residual", 5, 5, 0),
            new LayerShape("dense", 5, 3, 18),
            new LayerShape("residual", 3, 3, 0),
            new LayerShape("dense", 3, 3, 12),
            new LayerShape("residual-end", 3, 3, 0),
            new LayerShape("residual-end", 5, 3, 15),
            new LayerShape("dense", 3, 1, 4));
    assertThat(network.parameters().views())
        .containsSequence(
            new Parameters.View("layers.1.layers.0.weight", 25, 5, 3, true),
            new Parameters.View("layers.1.layers.0.bias", 40, 3, 1, false),
            new Parameters.View("layers.1.layers.1.layers.0.weight", 43, 3, 3, true),
            new Parameters.View("layers.1.layers.1.layers.0.bias", 52, 3, 1, false),
            new Parameters.View("layers.1.projection", 55, 5, 3, true));
  }

  @Test
  void aBlockWithoutAProjectionHasAsManyOutputsAsInputs() {
    LayerSpec three = Defaults.fill(LayerSpec.Dense.class, 3);
    LayerSpec block = new LayerSpec.Residual(List.of(three), false);
    LayerSpec five = Defaults.fill(LayerSpec.Dense.class, 5);
    NetworkSpec nested =
        NetworkSpec.of(
                List.of(five, new LayerSpec.Residual(List.of(five, block), true)), null, null)
            .resolve(Task.REGRESSION);
    assertThatThrownBy(() -> Network.parameterCount(nested, 4, 1))
        .isInstanceOf(InvalidSpecException.class)
        .hasMessage(
            "/layers/1/layers/1: must have as many outputs as inputs, 5, or a projection; has 3");
  }

  /// Three times the inputs.
  @Test
  void predictionKeepsWhatSkipsABlock() {
    LayerSpec.Dense identity =
        new LayerSpec.Dense(
            2, new Activation.Identity(), new Initializer.Zeros(), new Initializer.Zeros());
    LayerSpec nothing =
        new LayerSpec.Residual(List.of(identity, identity, new LayerSpec.Dropout(0.5)), false);
    LayerSpec thrice =
        new LayerSpec.Residual(
            List.of(new LayerSpec.Residual(List.of(nothing, nothing), false)), false);
    NetworkSpec spec = NetworkSpec.of(List.of(thrice), null, null).resolve(Task.REGRESSION);
    int count = (int) Network.parameterCount(spec, 2, 1);
    float[] parameters = new float[count];
    parameters[count - 3] = 1;
    parameters[count - 2] = 10;
    Network network = Network.of(spec, 2, 1, parameters, new JavaKernels());
    for (Workspace w : List.of(network.workspace(2), network.workspace(7))) {
      w.rows(2);
      System.arraycopy(new float[] {1, 2, 3, -4}, 0, w.x().values(), 0, 4);
      network.forward(w);
      assertThat(Arrays.copyOf(w.outputs().values(), 2)).containsExactly(3 * 21, 3 * -37);
    }
  }

  @Test
  void aWorkspaceForPredictionRefusesToTrain() {
    Network network = network(new JavaKernels());
    Workspace w = network.workspace(1);
    network.forward(w);
    assertThatThrownBy(() -> network.backward(w, 1, network.parameters().like()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this workspace is for prediction");
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "openblas"})
  void aBatchOfNoRowsHasNoLossAndNoGradient(String kernels) {
    Network network = network(KernelSelection.select(kernels).kernels());
    Workspace w = network.trainingWorkspace(4);
    w.rows(0);
    network.forwardTraining(w, 1, 1, 0);
    assertThat(network.loss(w)).isZero();
    Parameters gradient = network.parameters().like();
    Arrays.fill(gradient.values(), 7);
    network.backward(w, 4, gradient);
    assertThat(gradient.values()).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "openblas"})
  void manyThreadsPredictTheSameBits(String kernels) throws Exception {
    Network network = network(KernelSelection.select(kernels).kernels());
    float[] alone = predict(network);
    try (ExecutorService executor = Executors.newFixedThreadPool(16)) {
      List<Future<Boolean>> same = new ArrayList<>();
      for (int t = 0; t < 64; t++) {
        same.add(executor.submit(() -> Arrays.equals(predict(network), alone)));
      }
      for (Future<Boolean> result : same) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  private static float[] predict(Network network) {
    Workspace w = network.workspace(33);
    for (int i = 0; i < w.x().size(); i++) {
      w.x().values()[i] = (float) Math.sin(i);
    }
    network.forward(w);
    return w.outputs().values();
  }

  @Test
  void slopesOfPreluAreParametersOfTheirLayer() {
    LayerSpec.Dense prelu = Defaults.fill(LayerSpec.Dense.class, 5, new Activation.Prelu(0.125));
    NetworkSpec spec = NetworkSpec.of(List.of(prelu, prelu), null, null).resolve(Task.REGRESSION);
    Network network = Network.initialize(spec, 4, 1, new int[0], 1, new JavaKernels());
    assertThat(network.parameters().views())
        .extracting(Parameters.View::name)
        .containsExactly(
            "layers.0.weight",
            "layers.0.bias",
            "layers.0.slope",
            "layers.1.weight",
            "layers.1.bias",
            "layers.1.slope",
            "output.weight",
            "output.bias");
    assertThat(network.parameters().size()).isEqualTo(26 + 31 + 6);
    assertThat(network.shapes()).extracting(LayerShape::parameters).containsExactly(26L, 31L, 6L);
    assertThat(network.parameters().views().get(5))
        .isEqualTo(new Parameters.View("layers.1.slope", 26 + 30, 1, 1, false));
    assertThat(network.parameters().values()[25]).isEqualTo(0.125f);
    assertThat(network.parameters().values()[56]).isEqualTo(0.125f);
  }
}
