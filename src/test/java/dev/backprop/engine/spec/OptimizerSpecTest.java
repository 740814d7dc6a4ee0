package dev.backprop.engine.spec;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerSpecTest {

  @Test
  void defaultsArePyTorchsButForTheLearningRateOfTheUsualOnes() {
    assertThat(Defaults.fill(OptimizerSpec.Sgd.class))
        .isEqualTo(new OptimizerSpec.Sgd(0.001, 0, false));
    assertThat(Defaults.fill(OptimizerSpec.Adam.class))
        .isEqualTo(new OptimizerSpec.Adam(0.001, 0.9, 0.999, 1e-8));
    assertThat(Defaults.fill(OptimizerSpec.AdamW.class))
        .isEqualTo(new OptimizerSpec.AdamW(0.001, 0.9, 0.999, 1e-8, 0.01));
    assertThat(Defaults.fill(OptimizerSpec.RmsProp.class))
        .isEqualTo(new OptimizerSpec.RmsProp(0.001, 0.99, 1e-8, 0));
    assertThat(Defaults.fill(OptimizerSpec.Nadam.class))
        .isEqualTo(new OptimizerSpec.Nadam(0.002, 0.9, 0.999, 1e-8, 0.004));
    assertThat(Defaults.fill(OptimizerSpec.AdaGrad.class))
        .isEqualTo(new OptimizerSpec.AdaGrad(0.01, 0, 1e-10));
    assertThat(Defaults.fill(OptimizerSpec.AdaDelta.class))
        .isEqualTo(new OptimizerSpec.AdaDelta(1, 0.9, 1e-6));
    assertThat(Defaults.fill(OptimizerSpec.Lion.class))
        .isEqualTo(new OptimizerSpec.Lion(0.0001, 0.9, 0.99, 0));
    assertThat(Defaults.fill(OptimizerSpec.Rprop.class))
        .isEqualTo(new OptimizerSpec.Rprop(0.01, 0.5, 1.2, 1e-6, 50));
    assertThat(Defaults.fill(OptimizerSpec.Lbfgs.class))
        .isEqualTo(new OptimizerSpec.Lbfgs(10, 1e-5, 1e-9, 25));
  }

  @Test
  void whatIsGivenIsKept() {
    assertThat(Defaults.fill(OptimizerSpec.Sgd.class, 0.5, 0.9, true))
        .isEqualTo(new OptimizerSpec.Sgd(0.5, 0.9, true));
    assertThat(Defaults.fill(OptimizerSpec.Adam.class, 0.5, 0.8, 0.9, 1e-6))
        .isEqualTo(new OptimizerSpec.Adam(0.5, 0.8, 0.9, 1e-6));
    assertThat(Defaults.fill(OptimizerSpec.AdamW.class, 0.5, 0.8, 0.9, 1e-6, 0.0))
        .isEqualTo(new OptimizerSpec.AdamW(0.5, 0.8, 0.9, 1e-6, 0));
    assertThat(Defaults.fill(OptimizerSpec.RmsProp.class, 0.5, 0.8, 1e-6, 0.4))
        .isEqualTo(new OptimizerSpec.RmsProp(0.5, 0.8, 1e-6, 0.4));
    assertThat(Defaults.fill(OptimizerSpec.Nadam.class, 0.5, 0.8, 0.9, 1e-6, 0.1))
        .isEqualTo(new OptimizerSpec.Nadam(0.5, 0.8, 0.9, 1e-6, 0.1));
    assertThat(Defaults.fill(OptimizerSpec.AdaGrad.class, 0.5, 0.1, 1e-6))
        .isEqualTo(new OptimizerSpec.AdaGrad(0.5, 0.1, 1e-6));
    assertThat(Defaults.fill(OptimizerSpec.AdaDelta.class, 0.5, 0.8, 1e-7))
        .isEqualTo(new OptimizerSpec.AdaDelta(0.5, 0.8, 1e-7));
    assertThat(Defaults.fill(OptimizerSpec.Lion.class, 0.5, 0.8, 0.7, 0.1))
        .isEqualTo(new OptimizerSpec.Lion(0.5, 0.8, 0.7, 0.1));
    assertThat(Defaults.fill(OptimizerSpec.Rprop.class, 0.5, 0.4, 1.3, 1e-5, 2.0))
        .isEqualTo(new OptimizerSpec.Rprop(0.5, 0.4, 1.3, 1e-5, 2));
    assertThat(Defaults.fill(OptimizerSpec.Lbfgs.class, 3, 1e-3, 0.0, 7))
        .isEqualTo(new OptimizerSpec.Lbfgs(3, 1e-3, 0, 7));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY})
  void learningRatesThatAreNotPositiveAreRefused(double rate) {
    String detail = "must be a finite number above 0, was " + rate;
    refused(() -> new OptimizerSpec.Sgd(rate, 0, false), "/learningRate", detail);
    refused(() -> new OptimizerSpec.Adam(rate, 0.9, 0.999, 1e-8), "/learningRate", detail);
    refused(() -> new OptimizerSpec.AdamW(rate, 0.9, 0.999, 1e-8, 0), "/learningRate", detail);
    refused(() -> new OptimizerSpec.RmsProp(rate, 0.99, 1e-8, 0), "/learningRate", detail);
    refused(() -> new OptimizerSpec.Nadam(rate, 0.9, 0.999, 1e-8, 0), "/learningRate", detail);
    refused(() -> new OptimizerSpec.AdaGrad(rate, 0, 1e-10), "/learningRate", detail);
    refused(() -> new OptimizerSpec.AdaDelta(rate, 0.9, 1e-6), "/learningRate", detail);
    refused(() -> new OptimizerSpec.Lion(rate, 0.9, 0.99, 0), "/learningRate", detail);
    refused(() -> new OptimizerSpec.Rprop(rate, 0.5, 1.2, 1e-6, 50), "/learningRate", detail);
    refused(() -> new OptimizerSpec.Rprop(0.1, 0.5, 1.2, rate, 50), "/minimumStep", detail);
    refused(() -> new OptimizerSpec.Rprop(0.1, 0.5, 1.2, 1e-6, rate), "/maximumStep", detail);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 2, Double.NaN})
  void factorsOutsideZeroToOneAreRefused(double factor) {
    String detail = "must be at least 0 and below 1, was " + factor;
    refused(() -> new OptimizerSpec.Sgd(0.1, factor, false), "/momentum", detail);
    refused(() -> new OptimizerSpec.Adam(0.1, factor, 0.999, 1e-8), "/beta1", detail);
    refused(() -> new OptimizerSpec.Adam(0.1, 0.9, factor, 1e-8), "/beta2", detail);
    refused(() -> new OptimizerSpec.AdamW(0.1, factor, 0.999, 1e-8, 0), "/beta1", detail);
    refused(() -> new OptimizerSpec.AdamW(0.1, 0.9, factor, 1e-8, 0), "/beta2", detail);
    refused(() -> new OptimizerSpec.RmsProp(0.1, factor, 1e-8, 0), "/alpha", detail);
    refused(() -> new OptimizerSpec.RmsProp(0.1, 0.99, 1e-8, factor), "/momentum", detail);
    refused(() -> new OptimizerSpec.Nadam(0.1, factor, 0.999, 1e-8, 0), "/beta1", detail);
    refused(() -> new OptimizerSpec.Nadam(0.1, 0.9, factor, 1e-8, 0), "/beta2", detail);
    refused(() -> new OptimizerSpec.AdaDelta(0.1, factor, 1e-6), "/rho", detail);
    refused(() -> new OptimizerSpec.Lion(0.1, factor, 0.99, 0), "/beta1", detail);
    refused(() -> new OptimizerSpec.Lion(0.1, 0.9, factor, 0), "/beta2", detail);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1e-8, Double.NaN, Double.POSITIVE_INFINITY})
  void epsilonsThatAreNotPositiveAreRefused(double epsilon) {
    String detail = "must be a finite number above 0, was " + epsilon;
    refused(() -> new OptimizerSpec.Adam(0.1, 0.9, 0.999, epsilon), "/epsilon", detail);
    refused(() -> new OptimizerSpec.AdamW(0.1, 0.9, 0.999, epsilon, 0), "/epsilon", detail);
    refused(() -> new OptimizerSpec.RmsProp(0.1, 0.99, epsilon, 0), "/epsilon", detail);
    refused(() -> new OptimizerSpec.Nadam(0.1, 0.9, 0.999, epsilon, 0), "/epsilon", detail);
    refused(() -> new OptimizerSpec.AdaGrad(0.1, 0, epsilon), "/epsilon", detail);
    refused(() -> new OptimizerSpec.AdaDelta(0.1, 0.9, epsilon), "/epsilon", detail);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
  void negativeDecaysAndPenaltiesAreRefused(double factor) {
    String detail = "must be a finite number of at least 0, was " + factor;
    refused(() -> new OptimizerSpec.AdamW(0.1, 0.9, 0.999, 1e-8, factor), "/weightDecay", detail);
    refused(() -> new OptimizerSpec.Lion(0.1, 0.9, 0.99, factor), "/weightDecay", detail);
    refused(() -> new OptimizerSpec.AdaGrad(0.1, factor, 1e-10), "/initialAccumulator", detail);
    refused(() -> new OptimizerSpec.Nadam(0.1, 0.9, 0.999, 1e-8, factor), "/momentumDecay", detail);
    refused(() -> new RegularizationSpec(factor, 0), "/l1", detail);
    refused(() -> new RegularizationSpec(0, factor), "/l2", detail);
  }

  @Test
  void nesterovNeedsMomentum() {
    refused(
        () -> new OptimizerSpec.Sgd(0.1, 0, true),
        "/momentum",
        "must be above 0 with nesterov, was 0");
  }

  @Test
  void rpropShrinksAndGrowsBetweenItsBounds() {
    for (double shrink : new double[] {0, 1, Double.NaN}) {
      refused(
          () -> new OptimizerSpec.Rprop(0.1, shrink, 1.2, 1e-6, 50),
          "/shrink",
          "must be above 0 and below 1, was " + shrink);
    }
    for (double grow : new double[] {1, Double.NaN, Double.POSITIVE_INFINITY}) {
      refused(
          () -> new OptimizerSpec.Rprop(0.1, 0.5, grow, 1e-6, 50),
          "/grow",
          "must be a finite number above 1, was " + grow);
    }
    refused(
        () -> new OptimizerSpec.Rprop(0.1, 0.5, 1.2, 0.2, 0.1),
        "/maximumStep",
        "must be at least the minimumStep 0.2, was 0.1");
  }

  @Test
  void lbfgsHasBoundsForAllThatItHas() {
    for (int bad : new int[] {0, 101}) {
      String bound = bad == 0 ? "must be at least 1, was 0" : "must be at most 100, was 101";
      refused(() -> new OptimizerSpec.Lbfgs(bad, 1e-5, 1e-9, 25), "/history", bound);
      refused(() -> new OptimizerSpec.Lbfgs(10, 1e-5, 1e-9, bad), "/maxEvaluations", bound);
    }
    for (double bad : new double[] {-1e-9, Double.NaN, Double.POSITIVE_INFINITY}) {
      String detail = "must be a finite number of at least 0, was " + bad;
      refused(() -> new OptimizerSpec.Lbfgs(10, bad, 1e-9, 25), "/tolerance", detail);
      refused(() -> new OptimizerSpec.Lbfgs(10, 1e-5, bad, 25), "/changeTolerance", detail);
    }
  }

  @Test
  void onlyRpropAndLbfgsTakeFullBatches() {
    assertThat(Defaults.fill(OptimizerSpec.Rprop.class).fullBatch()).isTrue();
    assertThat(Defaults.fill(OptimizerSpec.Lbfgs.class).fullBatch()).isTrue();
    assertThat(Defaults.fill(OptimizerSpec.Adam.class).fullBatch()).isFalse();
  }

  @Test
  void penaltiesLeftOutAreNone() {
    assertThat(Defaults.fill(RegularizationSpec.class)).isEqualTo(RegularizationSpec.NONE);
    assertThat(Defaults.fill(RegularizationSpec.class, 0.1, 0.2))
        .isEqualTo(new RegularizationSpec(0.1, 0.2));
  }
}
