package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.Initializer;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OutputSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The network of the derivation, 2-3-3 with sigmoid units and cross-entropy, on one example:
///
///     W(1) =  0.1  0.2     b(1) =  0.1     x =  0.5
///            -0.3  0.4            -0.2         -1
///             0.5 -0.6             0.3
///
///     W(2) =  0.7 -0.8  0.9     b(2) = -0.1     y = 1
///            -0.1  0.2 -0.3             0.2         0
///             0.4 -0.5  0.6            -0.3         1
///
/// The numbers below were worked out one component at a time, to nine digits.
@ParameterizedClass
@ValueSource(strings = {"java", "openblas"})
class DerivationTest {

  private static final float[] PARAMETERS = {
    0.1f,
    -0.3f,
    0.5f,
    0.2f,
    0.4f,
    -0.6f, // W(1), stored by inputs
    0.1f,
    -0.2f,
    0.3f, // b(1)
    0.7f,
    -0.1f,
    0.4f,
    -0.8f,
    0.2f,
    -0.5f,
    0.9f,
    -0.3f,
    0.6f, // W(2)
    -0.1f,
    0.2f,
    -0.3f // b(2)
  };

  private final Network network;
  private final Workspace w;
  private final Parameters gradient;

  DerivationTest(String kernels) {
    Activation sigmoid = new Activation.Sigmoid();
    Initializer zeros = new Initializer.Zeros();
    NetworkSpec spec =
        new NetworkSpec(
            List.of(Defaults.fill(LayerSpec.Dense.class, 3, sigmoid)),
            new OutputSpec(sigmoid, zeros, zeros),
            new LossSpec.CrossEntropy());
    network = Network.of(spec, 2, 3, PARAMETERS.clone(), KernelSelection.select(kernels).kernels());
    w = network.trainingWorkspace(1);
    set(w.x(), 0.5f, -1);
    set(w.y(), 1, 0, 1);
    network.forwardTraining(w, 0, 1, 0);
    gradient = network.parameters().like();
    network.backward(w, 1, gradient);
  }

  @Test
  void activationsOfTheHiddenLayer() {
    check(
        w.pass(0).a(),
        0.487502604, // sigma(0.1·0.5 + 0.2·(-1) + 0.1)    = sigma(-0.05)
        0.320821301, // sigma(-0.3·0.5 + 0.4·(-1) - 0.2)   = sigma(-0.75)
        0.759510917); // sigma(0.5·0.5 - 0.6·(-1) + 0.3)   = sigma(1.15)
  }

  @Test
  void activationsOfTheOutputLayer() {
    check(
        w.logits(),
        0.668154607, // 0.7·0.487502604 - 0.8·0.320821301 + 0.9·0.759510917 - 0.1
        -0.012439275, // -0.1·0.487502604 + 0.2·0.320821301 - 0.3·0.759510917 + 0.2
        0.190296941); // 0.4·0.487502604 - 0.5·0.320821301 + 0.6·0.759510917 - 0.3
    check(
        w.outputs(),
        0.661089822, // sigma(0.668154607)
        0.496890221, // sigma(-0.012439275)
        0.547431186); // sigma(0.190296941)
  }

  @Test
  void cost() {
    // J = -[ln 0.661089822 + ln(1 - 0.496890221) + ln 0.547431186]
    assertThat(network.loss(w)).isCloseTo(1.703330957, within(1e-6));
  }

  /// delta(2) = CrossEntropy'(a(2)) sigma'(z(2)) = a(2) - y.
  @Test
  void errorOfTheOutputLayer() {
    check(
        w.pass(1).gradient(),
        -0.338910178, // 0.661089822 - 1
        0.496890221, // 0.496890221 - 0
        -0.452568814); // 0.547431186 - 1
  }

  /// delta_k(1) = (Σ_j delta_j(2) w_jk(2)) sigma'(z_k(1)), sigma' = a (1 - a).
  @Test
  void errorOfTheHiddenLayer() {
    check(
        w.pass(0).gradient(),
        // (-0.338910178·0.7 + 0.496890221·(-0.1) - 0.452568814·0.4)·0.487502604·0.512497396
        -0.116915331,
        // (-0.338910178·(-0.8) + 0.496890221·0.2 - 0.452568814·(-0.5))·0.320821301·0.679178699
        0.130037683,
        // (-0.338910178·0.9 + 0.496890221·(-0.3) - 0.452568814·0.6)·0.759510917·0.240489083
        -0.132538829);
  }

  /// dJ/dW(2) = delta(2) a(1)ᵀ: (3 x 1) (1 x 3), stored by inputs.
  @Test
  void weightGradientOfTheOutputLayer() {
    check(
        gradient.matrix(2),
        -0.165219594, // -0.338910178·0.487502604
        0.242235277, // 0.496890221·0.487502604
        -0.220628475, // -0.452568814·0.487502604
        -0.108729604, // -0.338910178·0.320821301
        0.159412967, // 0.496890221·0.320821301
        -0.145193715, // -0.452568814·0.320821301
        -0.257405980, // -0.338910178·0.759510917
        0.377393548, // 0.496890221·0.759510917
        -0.343730955); // -0.452568814·0.759510917
  }

  /// dJ/db(2) = delta(2).
  @Test
  void biasGradientOfTheOutputLayer() {
    check(gradient.matrix(3), -0.338910178, 0.496890221, -0.452568814);
  }

  /// dJ/dW(1) = delta(1) xᵀ: (3 x 1) (1 x 2). The error of unit j reaches its own weights alone.
  @Test
  void weightGradientOfTheHiddenLayer() {
    check(
        gradient.matrix(0),
        -0.058457665, // -0.116915331·0.5
        0.065018841, // 0.130037683·0.5
        -0.066269415, // -0.132538829·0.5
        0.116915331, // -0.116915331·(-1)
        -0.130037683, // 0.130037683·(-1)
        0.132538829); // -0.132538829·(-1)
  }

  /// dJ/db(1) = delta(1).
  @Test
  void biasGradientOfTheHiddenLayer() {
    check(gradient.matrix(1), -0.116915331, 0.130037683, -0.132538829);
  }

  /// With the quadratic cost the factor sigma' stays: delta(2) = (a(2) - y) sigma'(z(2)).
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void quadraticCostKeepsTheSlopeOfTheSigmoid(int copies) {
    Activation sigmoid = new Activation.Sigmoid();
    LossFunction quadratic = new LossFunction(sigmoid, new LossSpec.Quadratic());
    Matrix dz = Matrix.allocate(1, 3);
    quadratic.delta(w.logits(), w.outputs(), w.y(), copies, dz);
    check(
        dz,
        -0.075932849 / copies, // -0.338910178·0.661089822·0.338910178
        0.124217750 / copies, // 0.496890221·0.496890221·0.503109779
        -0.112124052 / copies); // -0.452568814·0.547431186·0.452568814
  }

  private static void set(Matrix matrix, float... values) {
    System.arraycopy(values, 0, matrix.values(), matrix.offset(), values.length);
  }

  private static void check(Matrix actual, double... expected) {
    assertThat(actual.size()).isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual.values()[actual.offset() + i])
          .as("component %d", i)
          .isCloseTo(expected[i], within(5e-7));
    }
  }
}
