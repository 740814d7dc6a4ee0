package dev.backprop.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.RegularizationSpec;
import dev.backprop.engine.spec.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every optimizer against its published formula, written out in double precision for one
/// parameter.
class OptimizerTest {

  private static final int STEPS = 12;
  private static final double RATE = 0.05;

  /// Six weights and a bias, both signs and a zero.
  private static final float[] START = {0.5f, -0.25f, 1, -1.5f, 0, 0.125f, 0.75f};

  private static final int BIAS = 6;

  /// What one parameter does at step t = 1, 2, …
  private interface Rule {
    double next(double w, double g, double rate, int t);
  }

  /// Makes the rule of one parameter, with moments of its own.
  private interface Rules {
    Rule of(boolean weight);
  }

  private static double gradient(int parameter, int t) {
    return (float) (Math.sin(1.7 * t + parameter) * (1 + parameter));
  }

  /// The rate moves too.
  private static double rate(int t) {
    return RATE / Math.sqrt(t);
  }

  private static void check(OptimizerSpec spec, RegularizationSpec regularization, Rules rules) {
    Parameters parameters = Layouts.of(START.clone());
    Parameters gradient = parameters.like();
    Optimizer optimizer = Optimizer.of(spec, regularization, parameters);
    Rule[] rule = new Rule[START.length];
    double[] w = new double[START.length];
    for (int p = 0; p < w.length; p++) {
      rule[p] = rules.of(p != BIAS);
      w[p] = START[p];
    }
    for (int t = 1; t <= STEPS; t++) {
      for (int p = 0; p < w.length; p++) {
        gradient.values()[p] = (float) gradient(p, t);
        w[p] = rule[p].next(w[p], gradient(p, t), rate(t), t);
      }
      optimizer.step(parameters, gradient, rate(t));
      for (int p = 0; p < w.length; p++) {
        assertThat((double) parameters.values()[p])
            .as("parameter %d after step %d", p, t)
            .isCloseTo(w[p], within(2e-6 * (1 + Math.abs(w[p]))));
      }
    }
  }

  private static void check(OptimizerSpec spec, Rules rules) {
    check(spec, RegularizationSpec.NONE, rules);
  }

  @Test
  void plainDescent() {
    check(new OptimizerSpec.Sgd(RATE, 0, false), weight -> (w, g, rate, t) -> w - rate * g);
  }

  /// u <- mu u + g, w <- w - rate u.
  @Test
  void momentum() {
    check(
        new OptimizerSpec.Sgd(RATE, 0.9, false),
        weight -> {
          double[] u = {0};
          return (w, g, rate, t) -> {
            u[0] = 0.9 * u[0] + g;
            return w - rate * u[0];
          };
        });
  }

  /// u <- mu u + g, w <- w - rate (g + mu u).
  @Test
  void nesterovMomentum() {
    check(
        new OptimizerSpec.Sgd(RATE, 0.7, true),
        weight -> {
          double[] u = {0};
          return (w, g, rate, t) -> {
            u[0] = 0.7 * u[0] + g;
            return w - rate * (g + 0.7 * u[0]);
          };
        });
  }

  /// Kingma and Ba 2015, algorithm 1.
  private static Rule adam(double beta1, double beta2, double epsilon) {
    double[] moments = {0, 0};
    return (w, g, rate, t) -> {
      moments[0] = beta1 * moments[0] + (1 - beta1) * g;
      moments[1] = beta2 * moments[1] + (1 - beta2) * g * g;
      double mHat = moments[0] / (1 - Math.pow(beta1, t));
      double vHat = moments[1] / (1 - Math.pow(beta2, t));
      return w - rate * mHat / (Math.sqrt(vHat) + epsilon);
    };
  }

  @Test
  void adamWithItsDefaults() {
    check(new OptimizerSpec.Adam(RATE, 0.9, 0.999, 1e-8), weight -> adam(0.9, 0.999, 1e-8));
  }

  /// The epsilon is added to the corrected root.
  @Test
  void adamWithALargeEpsilonAndShortMemory() {
    check(new OptimizerSpec.Adam(RATE, 0.5, 0.8, 0.3), weight -> adam(0.5, 0.8, 0.3));
    check(new OptimizerSpec.Adam(RATE, 0, 0, 0.3), weight -> adam(0, 0, 0.3));
  }

  /// Loshchilov and Hutter 2019, algorithm 2, in PyTorch's form: the rate multiplies the decay.
  @Test
  void adamWDecaysWeightsBesideTheGradientAndNoBiases() {
    check(
        new OptimizerSpec.AdamW(RATE, 0.9, 0.999, 1e-8, 0.4),
        weight -> {
          Rule adam = adam(0.9, 0.999, 1e-8);
          return (w, g, rate, t) -> adam.next(weight ? w - rate * 0.4 * w : w, g, rate, t);
        });
  }

  @Test
  void adamWWithoutDecayIsAdam() {
    check(new OptimizerSpec.AdamW(RATE, 0.9, 0.99, 1e-6, 0), weight -> adam(0.9, 0.99, 1e-6));
  }

  /// v <- alpha v + (1 - alpha) g², w <- w - rate g / (√v + epsilon).
  @Test
  void rmsProp() {
    check(
        new OptimizerSpec.RmsProp(RATE, 0.9, 1e-3, 0),
        weight -> {
          double[] v = {0};
          return (w, g, rate, t) -> {
            v[0] = 0.9 * v[0] + 0.1 * g * g;
            return w - rate * g / (Math.sqrt(v[0]) + 1e-3);
          };
        });
  }

  @Test
  void rmsPropWithMomentum() {
    check(
        new OptimizerSpec.RmsProp(RATE, 0.99, 1e-8, 0.6),
        weight -> {
          double[] vu = {0, 0};
          return (w, g, rate, t) -> {
            vu[0] = 0.99 * vu[0] + 0.01 * g * g;
            vu[1] = 0.6 * vu[1] + g / (Math.sqrt(vu[0]) + 1e-8);
            return w - rate * vu[1];
          };
        });
  }

  /// Dozat 2016 with the momentum schedule of PyTorch's NAdam.
  @Test
  void nadam() {
    for (double[] c : new double[][] {{0.9, 0.999, 1e-8, 0.004}, {0.6, 0.9, 0.1, 2}}) {
      check(
          new OptimizerSpec.Nadam(RATE, c[0], c[1], c[2], c[3]),
          weight -> {
            double[] mv = {0, 0};
            return (w, g, rate, t) -> {
              mv[0] = c[0] * mv[0] + (1 - c[0]) * g;
              mv[1] = c[1] * mv[1] + (1 - c[1]) * g * g;
              double product = 1;
              for (int k = 1; k <= t; k++) {
                product *= c[0] * (1 - 0.5 * Math.pow(0.96, k * c[3]));
              }
              double mu = c[0] * (1 - 0.5 * Math.pow(0.96, t * c[3]));
              double next = c[0] * (1 - 0.5 * Math.pow(0.96, (t + 1) * c[3]));
              double mHat = next * mv[0] / (1 - product * next) + (1 - mu) * g / (1 - product);
              double vHat = mv[1] / (1 - Math.pow(c[1], t));
              return w - rate * mHat / (Math.sqrt(vHat) + c[2]);
            };
          });
    }
  }

  /// v <- v + g², w <- w - rate g / (√v + epsilon).
  @Test
  void adaGrad() {
    for (double start : new double[] {0, 0.5}) {
      check(
          new OptimizerSpec.AdaGrad(RATE, start, 1e-3),
          weight -> {
            double[] v = {start};
            return (w, g, rate, t) -> {
              v[0] += g * g;
              return w - rate * g / (Math.sqrt(v[0]) + 1e-3);
            };
          });
    }
  }

  /// Zeiler 2012, algorithm 1: both roots have the epsilon inside.
  @Test
  void adaDelta() {
    check(
        new OptimizerSpec.AdaDelta(RATE, 0.8, 0.01),
        weight -> {
          double[] squares = {0, 0};
          return (w, g, rate, t) -> {
            squares[0] = 0.8 * squares[0] + 0.2 * g * g;
            double u = Math.sqrt(squares[1] + 0.01) / Math.sqrt(squares[0] + 0.01) * g;
            squares[1] = 0.8 * squares[1] + 0.2 * u * u;
            return w - rate * u;
          };
        });
  }

  /// Chen et al. 2023, algorithm 2.
  @Test
  void lionStepsByTheSignAndDecaysWeightsAlone() {
    check(
        new OptimizerSpec.Lion(RATE, 0.9, 0.99, 0.3),
        weight -> {
          double[] m = {0};
          return (w, g, rate, t) -> {
            double u = Math.signum(0.9 * m[0] + 0.1 * g);
            m[0] = 0.99 * m[0] + 0.01 * g;
            return w - rate * (u + (weight ? 0.3 * w : 0));
          };
        });
  }

  /// Igel and Hüsken 2000, Rprop without weight backtracking; the rate of a step does not matter.
  @Test
  void rprop() {
    check(new OptimizerSpec.Rprop(RATE, 0.5, 1.2, 1e-6, 50), weight -> rprop(0.5, 1.2, 1e-6, 50));
    check(new OptimizerSpec.Rprop(RATE, 0.1, 3, 0.03, 0.2), weight -> rprop(0.1, 3, 0.03, 0.2));
  }

  private static Rule rprop(double shrink, double grow, double min, double max) {
    double[] before = {0};
    double[] size = {RATE};
    return (w, g, rate, t) -> {
      if (g * before[0] > 0) {
        size[0] = Math.min(size[0] * grow, max);
      } else if (g * before[0] < 0) {
        size[0] = Math.max(size[0] * shrink, min);
        before[0] = 0;
        return w;
      }
      before[0] = g;
      return w - Math.signum(g) * size[0];
    };
  }

  /// The product of the gradients is below every float, and still negative.
  @Test
  void rpropSeesAChangeOfSignInTinyGradients() {
    Parameters parameters = Layouts.of(1, 0);
    Optimizer rprop =
        Optimizer.of(
            new OptimizerSpec.Rprop(0.5, 0.5, 1.2, 1e-6, 50), RegularizationSpec.NONE, parameters);
    float[] expected = {0.5f, 0.5f, 0.75f};
    float[] gradients = {1e-30f, -1e-30f, -1e-30f};
    for (int t = 0; t < 3; t++) {
      Parameters gradient = parameters.like();
      gradient.values()[0] = gradients[t];
      rprop.step(parameters, gradient, 0.5);
      assertThat(parameters.values()[0]).isEqualTo(expected[t]);
    }
  }

  /// The gradient of l1 Σ|w| + (l2/2) Σw², 0 at 0; of weights only.
  private static double penalty(double l1, double l2, double w, boolean weight) {
    return weight ? l1 * Math.signum(w) + l2 * w : 0;
  }

  @Test
  void penaltiesJoinTheGradientOfWeightsAndNotOfBiases() {
    for (double[] l : new double[][] {{0.1, 0}, {0, 0.2}, {0.1, 0.2}}) {
      check(
          new OptimizerSpec.Sgd(RATE, 0, false),
          new RegularizationSpec(l[0], l[1]),
          weight -> (w, g, rate, t) -> w - rate * (g + penalty(l[0], l[1], w, weight)));
    }
  }

  @Test
  void penaltiesGoThroughTheMomentsOfAdam() {
    check(
        new OptimizerSpec.Adam(RATE, 0.9, 0.999, 1e-8),
        new RegularizationSpec(0, 0.5),
        weight -> {
          Rule adam = adam(0.9, 0.999, 1e-8);
          return (w, g, rate, t) -> adam.next(w, g + penalty(0, 0.5, w, weight), rate, t);
        });
  }

  /// Nielsen, chapter 3: a step shrinks weights by 1 - eta lambda / n, l2 being lambda / n.
  @Test
  void l2AloneShrinksWeights() {
    Parameters parameters = Layouts.of(2, -4, 3);
    Optimizer.of(new OptimizerSpec.Sgd(0.5, 0, false), new RegularizationSpec(0, 0.25), parameters)
        .step(parameters, parameters.like(), 0.5);
    assertThat(parameters.values()).containsExactly(1.75f, -3.5f, 3);
  }

  private static List<OptimizerSpec> everyOptimizer(double epsilon) {
    return List.of(
        new OptimizerSpec.Sgd(RATE, 0, false),
        new OptimizerSpec.Sgd(RATE, 0.9, false),
        new OptimizerSpec.Sgd(RATE, 0.9, true),
        new OptimizerSpec.Adam(RATE, 0.9, 0.999, epsilon),
        new OptimizerSpec.AdamW(RATE, 0.9, 0.999, epsilon, 0),
        new OptimizerSpec.RmsProp(RATE, 0.99, epsilon, 0),
        new OptimizerSpec.RmsProp(RATE, 0.99, epsilon, 0.9),
        new OptimizerSpec.Nadam(RATE, 0.9, 0.999, epsilon, 0.004),
        new OptimizerSpec.AdaGrad(RATE, 0, epsilon),
        new OptimizerSpec.AdaDelta(RATE, 0.9, epsilon),
        new OptimizerSpec.Lion(RATE, 0.9, 0.99, 0),
        new OptimizerSpec.Rprop(RATE, 0.5, 1.2, 1e-6, 50));
  }

  @Test
  void aParameterThatNeverHasAGradientStays() {
    for (OptimizerSpec spec : everyOptimizer(1e-60)) {
      Parameters parameters = Layouts.of(START.clone());
      Optimizer optimizer = Optimizer.of(spec, RegularizationSpec.NONE, parameters);
      for (int t = 1; t <= STEPS; t++) {
        optimizer.step(parameters, parameters.like(), RATE);
      }
      assertThat(parameters.values()).as(spec.toString()).containsExactly(START);
    }
  }

  @Test
  void rangesInAnyOrderAreTheSameStep() {
    List<OptimizerSpec> specs = new ArrayList<>(everyOptimizer(1e-8));
    specs.add(new OptimizerSpec.AdamW(RATE, 0.9, 0.999, 1e-8, 0.3));
    specs.add(new OptimizerSpec.Lion(RATE, 0.9, 0.99, 0.3));
    RegularizationSpec penalty = new RegularizationSpec(0.1, 0.2);
    for (OptimizerSpec spec : specs) {
      Parameters whole = Layouts.of(START.clone());
      Parameters cut = Layouts.of(START.clone());
      Optimizer ofWhole = Optimizer.of(spec, penalty, whole);
      Optimizer ofCut = Optimizer.of(spec, penalty, cut);
      for (int t = 1; t <= STEPS; t++) {
        Parameters gradient = whole.like();
        for (int p = 0; p < START.length; p++) {
          gradient.values()[p] = (float) gradient(p, t);
        }
        Parameters copy = whole.like();
        System.arraycopy(gradient.values(), 0, copy.values(), 0, START.length);
        ofWhole.step(whole, gradient, rate(t));
        ofCut.begin(rate(t));
        for (int[] range : new int[][] {{5, 7}, {0, 2}, {2, 5}}) {
          ofCut.update(cut, copy, range[0], range[1]);
        }
      }
      assertThat(cut.values()).as(spec.toString()).containsExactly(whole.values());
      assertThat(cut.values()[0]).as(spec.toString()).isNotEqualTo(START[0]);
    }
  }

  /// A hidden layer of 3 weights and 3 biases, an output layer of 3 weights and a bias.
  private static Parameters layers(double rate, double decay) {
    LayerSpec hidden = Defaults.fill(LayerSpec.Dense.class, 3, null, null, null, rate, decay);
    NetworkSpec spec = NetworkSpec.of(List.of(hidden), null, null).resolve(Task.REGRESSION);
    float[] values = new float[10];
    for (int p = 0; p < values.length; p++) {
      values[p] = (float) Math.cos(1 + p);
    }
    return Network.of(spec, 1, 1, values, new JavaKernels()).parameters();
  }

  private static float[] trained(OptimizerSpec spec, double rate, double l2, Parameters layers) {
    Optimizer optimizer = Optimizer.of(spec, new RegularizationSpec(0, l2), layers);
    for (int t = 1; t <= STEPS; t++) {
      Parameters gradient = layers.like();
      for (int p = 0; p < gradient.size(); p++) {
        gradient.values()[p] = (float) gradient(p, t);
      }
      optimizer.begin(rate / Math.sqrt(t));
      optimizer.update(layers, gradient, 0, 4);
      optimizer.update(layers, gradient, 4, 10);
    }
    return layers.values();
  }

  /// Half the rate for a layer is a training of all at half the rate for that layer.
  @Test
  void aLayersRateFactorIsOnEveryOptimizersRate() {
    List<OptimizerSpec> specs = new ArrayList<>(everyOptimizer(1e-8));
    specs.add(new OptimizerSpec.AdamW(RATE, 0.9, 0.999, 1e-8, 0.3));
    specs.add(new OptimizerSpec.Lion(RATE, 0.9, 0.99, 0.3));
    for (OptimizerSpec spec : specs) {
      float[] mixed = trained(spec, RATE, 0.1, layers(0.5, 1));
      float[] whole = trained(spec, RATE, 0.1, layers(1, 1));
      OptimizerSpec slower =
          spec instanceof OptimizerSpec.Rprop
              ? new OptimizerSpec.Rprop(RATE / 2, 0.5, 1.2, 1e-6, 50)
              : spec;
      float[] half = trained(slower, RATE / 2, 0.1, layers(1, 1));
      assertThat(Arrays.copyOfRange(mixed, 0, 6))
          .as(spec.toString())
          .containsExactly(Arrays.copyOfRange(half, 0, 6), within(1e-6f));
      assertThat(Arrays.copyOfRange(mixed, 6, 10))
          .as(spec.toString())
          .containsExactly(Arrays.copyOfRange(whole, 6, 10));
      assertThat(mixed[0]).as(spec.toString()).isNotEqualTo(whole[0]);
    }
  }

  @Test
  void aRateFactorOfZeroHoldsALayer() {
    for (OptimizerSpec spec : everyOptimizer(1e-8)) {
      float[] start = layers(0, 1).values();
      float[] held = trained(spec, RATE, 0.1, layers(0, 1));
      assertThat(Arrays.copyOfRange(held, 0, 6))
          .as(spec.toString())
          .containsExactly(Arrays.copyOfRange(start, 0, 6));
      assertThat(held[6]).as(spec.toString()).isNotEqualTo(start[6]);
    }
  }

  /// Twice the factor is twice the penalty and twice the decay.
  @Test
  void aLayersDecayFactorIsOnPenaltyAndDecay() {
    OptimizerSpec sgd = new OptimizerSpec.Sgd(RATE, 0, false);
    float[] mixed = trained(sgd, RATE, 0.1, layers(1, 2));
    assertThat(Arrays.copyOfRange(mixed, 0, 6))
        .containsExactly(
            Arrays.copyOfRange(trained(sgd, RATE, 0.2, layers(1, 1)), 0, 6), within(1e-6f));
    assertThat(Arrays.copyOfRange(mixed, 6, 10))
        .containsExactly(Arrays.copyOfRange(trained(sgd, RATE, 0.1, layers(1, 1)), 6, 10));

    OptimizerSpec adamW = new OptimizerSpec.AdamW(RATE, 0.9, 0.999, 1e-8, 0.3);
    OptimizerSpec twice = new OptimizerSpec.AdamW(RATE, 0.9, 0.999, 1e-8, 0.6);
    mixed = trained(adamW, RATE, 0, layers(1, 2));
    assertThat(Arrays.copyOfRange(mixed, 0, 6))
        .containsExactly(
            Arrays.copyOfRange(trained(twice, RATE, 0, layers(1, 1)), 0, 6), within(1e-6f));
    assertThat(Arrays.copyOfRange(mixed, 6, 10))
        .containsExactly(Arrays.copyOfRange(trained(adamW, RATE, 0, layers(1, 1)), 6, 10));
  }

  @Test
  void stateIsCountedForEachOptimizer() {
    assertThat(Optimizer.stateFloats(new OptimizerSpec.Sgd(RATE, 0, false))).isZero();
    assertThat(Optimizer.stateFloats(new OptimizerSpec.Sgd(RATE, 0.9, false))).isEqualTo(1);
    assertThat(Optimizer.stateFloats(new OptimizerSpec.Adam(RATE, 0.9, 0.999, 1e-8))).isEqualTo(2);
    assertThat(Optimizer.stateFloats(new OptimizerSpec.AdamW(RATE, 0.9, 0.999, 1e-8, 0.1)))
        .isEqualTo(2);
    assertThat(Optimizer.stateFloats(new OptimizerSpec.RmsProp(RATE, 0.9, 1e-8, 0))).isEqualTo(1);
    assertThat(Optimizer.stateFloats(new OptimizerSpec.RmsProp(RATE, 0.9, 1e-8, 0.5))).isEqualTo(2);
    assertThat(Optimizer.stateFloats(new OptimizerSpec.Nadam(RATE, 0.9, 0.999, 1e-8, 0.004)))
        .isEqualTo(2);
    assertThat(Optimizer.stateFloats(new OptimizerSpec.AdaGrad(RATE, 0, 1e-10))).isEqualTo(1);
    assertThat(Optimizer.stateFloats(new OptimizerSpec.AdaDelta(RATE, 0.9, 1e-6))).isEqualTo(2);
    assertThat(Optimizer.stateFloats(new OptimizerSpec.Lion(RATE, 0.9, 0.99, 0))).isEqualTo(1);
    assertThat(Optimizer.stateFloats(new OptimizerSpec.Rprop(RATE, 0.5, 1.2, 1e-6, 50)))
        .isEqualTo(2);
  }
}
