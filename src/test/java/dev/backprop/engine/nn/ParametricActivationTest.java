package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.GradientCases.Ending;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.Task;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Activations of which units learn their shares. Their gradients in all kinds of networks are
/// checked by [NetworkGradientTest].
class ParametricActivationTest {

  private static final float[] Z = {-2, -0.5f, 0, 0.25f, 1.5f, 3};
  private static final float[] W = {0.75f, 1.25f, -0.5f};
  private static final float[] DA = {1, -2, 0.5f, 0.5f, 1, -1};

  /// What two rows of three units give, and what the derivatives DA become.
  private static void check(Activation f, double[] a, double[] dw, double[] dz) {
    ParametricActivation layer = new ParametricActivation(3, f, 0);
    Parameters theta =
        new Parameters(
            W.clone(), List.of(new Parameters.View("layers.0.share", 0, 3, 1, false)), List.of());
    Matrix z = new Matrix(Z.clone(), 0, 2, 3);
    Pass predicting = layer.pass(z, Matrix.allocate(2, 3), List.of());
    layer.forward(predicting, theta, new JavaKernels());
    close(predicting.a().values(), a, 2e-7);

    Pass pass = layer.trainingPass(z, new Matrix(DA.clone(), 0, 2, 3), List.of());
    layer.forward(pass, theta, new JavaKernels());
    close(pass.a().values(), a, 2e-7);
    Parameters gradient = theta.like();
    Arrays.fill(gradient.values(), Float.NaN);
    Matrix dx = Matrix.allocate(2, 3);
    layer.backward(pass, theta, gradient, dx, new JavaKernels());
    close(gradient.values(), dw, 5e-7);
    close(dx.values(), dz, 5e-7);
    assertThat(z.values()).isEqualTo(Z);
  }

  private static void close(float[] actual, double[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).as("%d", i).isCloseTo(expected[i], within(tolerance));
    }
  }

  /// Below 0 an F of 0 leaves 1 - w of z, above 0 F is z itself.
  @Test
  void reluByHand() {
    check(
        new Activation.Relu(),
        new double[] {-0.5, 0.125, 0, 0.25, 1.5, 3},
        new double[] {1 * 2, -2 * 0.5, 0},
        new double[] {0.25, 0.5, 0.75, 0.5, 1, -1});
  }

  /// With numpy as np, z and w and d = dJ/da as above, the slope of f by central differences:
  ///
  ///     selu = lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x))
  ///     mish = lambda x: x * np.tanh(np.log1p(np.exp(x)))
  ///     for f in selu, mish:
  ///         h = 1e-6; slope = (f(z + h) - f(z - h)) / (2 * h)
  ///         a = z + w * (f(z) - z)             # RealMLP's x + (f(x) - x) * w
  ///         dw = (d * (f(z) - z)).sum(axis=0)
  ///         dz = d * (1 + w * (slope - 1))
  ///
  /// Selu bends at 0, where the engine has the slope from below, scale * alpha.
  @Test
  void seluAndMishAsNumpyHasThem() {
    double slopeOfSeluAt0 = 1.0507009873554805 * 1.6732632423543772;
    check(
        new Activation.Selu(),
        new double[] {-1.640124851, -0.739697735, 0, 0.259506435, 1.595064351, 2.923948519},
        new double[] {0.486171155, 0.459567857, -0.152102962},
        new double[] {
          0.4284497,
          -2.1658529,
          0.5 * (1.5 - 0.5 * slopeOfSeluAt0),
          0.5190129,
          1.0633762,
          -0.9746495
        });
    check(
        new Activation.Mish(),
        new double[] {-0.689376112, -0.150929718, 0, 0.189679307, 1.379222833, 3.006732498},
        new double[] {1.707284722, -0.655134184, 0.013464995},
        new double[] {0.1687337, -0.2237767, 0.6, 0.4078148, 1.11061, -0.9894465});
  }

  private static LayerSpec.Dense parametric(int units, Activation f, double rateFactor) {
    return Defaults.fill(LayerSpec.Dense.class, units, f, null, null, rateFactor, null, true);
  }

  @Test
  void sharesAreParametersOfTheirLayer() {
    NetworkSpec spec =
        NetworkSpec.of(
                List.of(
                    parametric(5, new Activation.Mish(), 0.5),
                    new LayerSpec.Residual(
                        List.of(parametric(5, new Activation.Selu(), 1)), false)),
                null,
                null)
            .resolve(Task.REGRESSION);
    Network network = Network.initialize(spec, 4, 1, new int[0], 1, new JavaKernels());
    Parameters theta = network.parameters();
    assertThat(theta.views())
        .extracting(Parameters.View::name)
        .containsExactly(
            "layers.0.weight",
            "layers.0.bias",
            "layers.0.share",
            "layers.1.layers.0.weight",
            "layers.1.layers.0.bias",
            "layers.1.layers.0.share",
            "output.weight",
            "output.bias");
    Parameters.View share = theta.views().get(2);
    assertThat(share)
        .isEqualTo(new Parameters.View("layers.0.share", 4 * 5 + 5, 5, 1, false, 0.5, 1));
    assertThat(Arrays.copyOfRange(theta.values(), share.offset(), share.end())).containsOnly(1);
    assertThat(network.shapes())
        .containsExactly(
            new LayerShape("dense", 4, 5, 25),
            new LayerShape("activation", 5, 5, 5),
            new LayerShape("residual", 5, 5, 0),
            new LayerShape("dense", 5, 5, 30),
            new LayerShape("activation", 5, 5, 5),
            new LayerShape("residual-end", 5, 5, 0),
            new LayerShape("dense", 5, 1, 6));
    assertThat(theta.size()).isEqualTo(25 + 5 + 30 + 5 + 6);
    assertThat(network.watch().size()).isEqualTo(4);
    assertThat(network.watch().name(0)).isEqualTo("layers.0");
  }

  /// Members share them, as they share weights.
  @Test
  void membersHaveTheSameShares() {
    NetworkSpec spec =
        NetworkSpec.of(List.of(parametric(5, new Activation.Mish(), 1)), null, null)
            .withMembers(3)
            .resolve(Task.REGRESSION);
    Network network = Network.initialize(spec, 4, 1, new int[0], 1, new JavaKernels());
    assertThat(network.parameters().views())
        .filteredOn(view -> view.name().equals("layers.0.share"))
        .extracting(Parameters.View::size)
        .containsExactly(5);
  }

  /// The outputs of a layer are those behind its activation.
  @Test
  void aWatchSeesWhatUnitsAnswer() {
    NetworkSpec spec =
        NetworkSpec.of(List.of(parametric(5, new Activation.Relu(), 1)), null, null)
            .resolve(Task.REGRESSION);
    Network network = Network.initialize(spec, 4, 1, new int[0], 1, new JavaKernels());
    Parameters.View bias = network.parameters().views().get(1);
    network.parameters().values()[bias.offset() + 2] = -100;
    Workspace w = network.trainingWorkspace(3);
    w.rows(3);
    LayerWatch watch = network.watch();
    watch.begin();
    network.forwardTraining(w, 1, 1, 0);
    assertThat(watch.end(new Workspace[] {w}, 1).getFirst().dead()).isGreaterThanOrEqualTo(0.2);
  }

  /// As long as all shares are 1, a network is the one without them, to the last bit.
  @ParameterizedTest
  @MethodSource("dev.backprop.engine.nn.GradientCases#parametricActivations")
  void aWholeShareIsThePlainActivation(Activation f) {
    Ending ending = new Ending(new Activation.Softmax(), new LossSpec.CrossEntropy());
    for (NetworkSpec plain : GradientCases.networks(f, ending)) {
      assertThat(gradient(GradientCases.parametric(plain).withMembers(2)))
          .isEqualTo(gradient(plain.withMembers(2)));
    }
  }

  /// Of the parameters beside the shares.
  private static float[] gradient(NetworkSpec spec) {
    int inputs = GradientCases.INPUTS;
    int outputs = GradientCases.OUTPUTS;
    Network network = Network.initialize(spec, inputs, outputs, new int[0], 3, new JavaKernels());
    Parameters theta = network.parameters();
    Random weights = new Random(1);
    for (Parameters.View view : theta.views()) {
      for (int i = view.offset(); i < view.end() && !view.name().endsWith(".share"); i++) {
        theta.values()[i] = weights.nextFloat() - 0.4f;
      }
    }
    Workspace w = network.trainingWorkspace(7);
    w.rows(7);
    Random random = new Random(2);
    for (int i = 0; i < 7 * inputs; i++) {
      w.x().values()[i] = 4 * random.nextFloat() - 2;
    }
    for (int i = 0; i < 7; i++) {
      w.y().values()[i * outputs + i % outputs] = 1;
    }
    WholeBatch.forward(network, w, 1, 2, 3);
    Parameters gradient = theta.like();
    WholeBatch.backward(network, w, gradient);
    float[] plain = new float[theta.size()];
    int n = 0;
    for (Parameters.View view : theta.views()) {
      if (!view.name().endsWith(".share")) {
        System.arraycopy(gradient.values(), view.offset(), plain, n, view.size());
        n += view.size();
      }
    }
    return Arrays.copyOf(plain, n);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWorkspaceHasTheBytesThatAreSaid(boolean training) {
    NetworkSpec spec =
        NetworkSpec.of(
                List.of(
                    parametric(12, new Activation.Mish(), 1),
                    parametric(5, new Activation.Softplus(), 1)),
                null,
                null)
            .resolve(Task.REGRESSION);
    Network network = Network.initialize(spec, 4, 1, new int[0], 1, new JavaKernels());
    Workspace w = training ? network.trainingWorkspace(9) : network.workspace(9);
    Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    arrays.add(w.y().values());
    arrays.add(w.outputs().values());
    for (int l = 0; l < network.shapes().size(); l++) {
      Pass pass = w.pass(l);
      arrays.add(pass.x().values());
      pass.matrices().forEach(matrix -> arrays.add(matrix.values()));
    }
    long bytes = arrays.stream().mapToLong(array -> (long) array.length * Float.BYTES).sum();
    assertThat(Network.workspaceBytes(spec, InputLayout.numbers(4), 1, 9, training))
        .isEqualTo(bytes);
  }
}
