package dev.backprop.engine.spec;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerSpecTest {

  private static LayerSpec.Dense dense(int units) {
    return Defaults.fill(LayerSpec.Dense.class, units);
  }

  @Test
  void unitsAreFrom1To65536() {
    assertThat(dense(1).units()).isEqualTo(1);
    assertThat(dense(65_536).units()).isEqualTo(65_536);
    refused(() -> dense(0), "/units", "must be at least 1, was 0");
    refused(() -> dense(-3), "/units", "must be at least 1, was -3");
    refused(() -> dense(65_537), "/units", "must be at most 65536, was 65537");
    refused(() -> dense(1_000_000_000), "/units", "must be at most 65536, was 1000000000");
    refused(() -> Defaults.fill(LayerSpec.Dense.class), "/units", "is required");
  }

  @Test
  void theDefaultIsReluFromHeNormal() {
    assertThat(dense(3))
        .isEqualTo(
            new LayerSpec.Dense(
                3, new Activation.Relu(), new Initializer.HeNormal(), new Initializer.Zeros()));
  }

  @Test
  void theInitializerFollowsTheActivationUnlessGiven() {
    for (Activation f :
        List.of(
            new Activation.Relu(),
            new Activation.LeakyRelu(0.1),
            new Activation.Elu(1),
            new Activation.Gelu(),
            new Activation.Silu())) {
      assertThat(Defaults.fill(LayerSpec.Dense.class, 1, f).initializer())
          .isEqualTo(new Initializer.HeNormal());
    }
    for (Activation f :
        List.of(
            new Activation.Identity(),
            new Activation.Sigmoid(),
            new Activation.Tanh(),
            new Activation.Softplus())) {
      assertThat(Defaults.fill(LayerSpec.Dense.class, 1, f).initializer())
          .isEqualTo(new Initializer.GlorotUniform());
    }
    assertThat(Defaults.fill(LayerSpec.Dense.class, 1, new Activation.Selu()).initializer())
        .isEqualTo(new Initializer.LecunNormal());
    LayerSpec.Dense given =
        Defaults.fill(
            LayerSpec.Dense.class,
            1,
            new Activation.Relu(),
            new Initializer.UnitNormal(),
            new Initializer.GlorotNormal());
    assertThat(given.initializer()).isEqualTo(new Initializer.UnitNormal());
    assertThat(given.biasInitializer()).isEqualTo(new Initializer.GlorotNormal());
  }

  private static LayerSpec.Dense parametric(Activation f) {
    return Defaults.fill(LayerSpec.Dense.class, 3, f, null, null, null, null, true);
  }

  /// Checkpoints know a network by its text, which says nothing of what is not asked for.
  @Test
  void unitsLearnTheirShareOfAnActivationIfTheyAreTold() {
    assertThat(dense(3).parametric()).isFalse();
    assertThat(dense(3).toString())
        .isEqualTo(
            "Dense[units=3, activation=Relu[], initializer=HeNormal[], biasInitializer=Zeros[],"
                + " learningRateFactor=1.0, decayFactor=1.0]");
    LayerSpec.Dense mish = parametric(new Activation.Mish());
    assertThat(mish.parametric()).isTrue();
    assertThat(mish.initializer()).isEqualTo(new Initializer.HeNormal());
    assertThat(mish.toString()).endsWith(", decayFactor=1.0, parametric=true]");
  }

  @Test
  void whatHasNothingToLearnIsNotParametric() {
    refused(
        () -> parametric(new Activation.Identity()),
        "/parametric",
        "must be false with identity, of which there is nothing to learn");
    refused(
        () -> parametric(new Activation.Prelu(0.25)),
        "/parametric",
        "must be false with prelu, which learns a slope already");
    refused(
        () -> parametric(new Activation.Softmax()),
        "/activation",
        "softmax is an activation of the output layer only, was given to a hidden layer");
  }

  @Test
  void layersHaveTheRateAndDecayOfTheTrainingUnlessToldOtherwise() {
    LayerSpec.Dense dense = Defaults.fill(LayerSpec.Dense.class, 3, null, null, null, 0.0, 2.0);
    assertThat(dense.learningRateFactor()).isZero();
    assertThat(dense.decayFactor()).isEqualTo(2);
    assertThat(Defaults.fill(LayerSpec.Dense.class, 3))
        .isEqualTo(Defaults.fill(LayerSpec.Dense.class, 3, null, null, null, 1.0, 1.0));
    OutputSpec output = Defaults.fill(OutputSpec.class, null, null, null, 0.1, 0.0);
    assertThat(NetworkSpec.of(List.of(dense), output, null).resolve(Task.REGRESSION).output())
        .isEqualTo(
            Defaults.fill(OutputSpec.class, new Activation.Identity(), null, null, 0.1, 0.0));
    String detail = "must be a finite number of at least 0, was -1.0";
    refused(
        () -> Defaults.fill(LayerSpec.Dense.class, 3, null, null, null, -1.0),
        "/learningRateFactor",
        detail);
    refused(
        () -> Defaults.fill(LayerSpec.Dense.class, 3, null, null, null, null, -1.0),
        "/decayFactor",
        detail);
    refused(
        () -> Defaults.fill(OutputSpec.class, null, null, null, -1.0),
        "/learningRateFactor",
        detail);
    refused(
        () -> Defaults.fill(OutputSpec.class, null, null, null, null, -1.0),
        "/decayFactor",
        detail);
  }

  @Test
  void softmaxAndExponentialAreForTheOutputOnly() {
    refused(
        () -> Defaults.fill(LayerSpec.Dense.class, 3, new Activation.Softmax()),
        "/activation",
        "softmax is an activation of the output layer only, was given to a hidden layer");
    refused(
        () -> Defaults.fill(LayerSpec.Dense.class, 3, new Activation.Exponential()),
        "/activation",
        "exponential is an activation of the output layer only, was given to a hidden layer");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
  void dropoutRatesOutsideZeroToOneAreRefused(double rate) {
    refused(
        () -> new LayerSpec.Dropout(rate), "/rate", "must be at least 0 and below 1, was " + rate);
  }

  @Test
  void dropoutRateIsRequiredAndMayBeZero() {
    assertThat(Defaults.fill(LayerSpec.Dropout.class, 0.0).rate()).isZero();
    refused(() -> Defaults.fill(LayerSpec.Dropout.class), "/rate", "is required");
  }

  @Test
  void aConstantScheduleOfDropoutIsNone() {
    LayerSpec.Dropout constant = new LayerSpec.Dropout(0.5, FactorSchedule.CONSTANT);
    assertThat(constant).isEqualTo(new LayerSpec.Dropout(0.5)).hasToString("Dropout[rate=0.5]");
    assertThat(new LayerSpec.Dropout(0.5, FactorSchedule.FLAT_COS))
        .hasToString("Dropout[rate=0.5, schedule=flat-cos]");
  }

  @Test
  void batchNormHasAnEpsilonAndAMomentum() {
    assertThat(Defaults.fill(LayerSpec.BatchNorm.class))
        .isEqualTo(new LayerSpec.BatchNorm(1e-5, 0.1));
    assertThat(Defaults.fill(LayerSpec.BatchNorm.class, 0.1, 1.0))
        .isEqualTo(new LayerSpec.BatchNorm(0.1, 1));
    refused(
        () -> new LayerSpec.BatchNorm(0, 0.1),
        "/epsilon",
        "must be a finite number above 0, was 0.0");
    refused(
        () -> new LayerSpec.BatchNorm(1e-5, 0),
        "/momentum",
        "must be above 0 and at most 1, was 0.0");
    refused(
        () -> new LayerSpec.BatchNorm(1e-5, 1.5),
        "/momentum",
        "must be above 0 and at most 1, was 1.5");
  }

  @Test
  void residualBlocksHaveLayersAndNoProjectionUnlessAsked() {
    assertThat(Defaults.fill(LayerSpec.Residual.class, List.of(dense(3))))
        .isEqualTo(new LayerSpec.Residual(List.of(dense(3)), false));
    assertThat(Defaults.fill(LayerSpec.Residual.class, List.of(dense(3)), true).projection())
        .isTrue();
    refused(() -> Defaults.fill(LayerSpec.Residual.class), "/layers", "is required");
    refused(
        () -> Defaults.fill(LayerSpec.Residual.class, List.of(), true),
        "/layers",
        "must have at least 1 layer, had 0");
    refused(
        () -> Defaults.fill(LayerSpec.Residual.class, Arrays.asList(dense(3), null), true),
        "/layers/1",
        "must be a layer, was null");
  }

  @Test
  void residualBlocksNestEightDeep() {
    LayerSpec nested = dense(3);
    for (int depth = 1; depth <= 8; depth++) {
      nested = new LayerSpec.Residual(List.of(dense(3), nested, dense(3)), false);
    }
    LayerSpec deepest = nested;
    refused(
        () -> new LayerSpec.Residual(List.of(dense(3), deepest), true),
        "/layers",
        "residual blocks must be nested at most 8 deep, were 9");
  }

  @Test
  void layerNormHasAnEpsilonAboveZero() {
    assertThat(Defaults.fill(LayerSpec.LayerNorm.class)).isEqualTo(new LayerSpec.LayerNorm(1e-5));
    assertThat(Defaults.fill(LayerSpec.LayerNorm.class, 0.1).epsilon()).isEqualTo(0.1);
    refused(
        () -> new LayerSpec.LayerNorm(0), "/epsilon", "must be a finite number above 0, was 0.0");
  }
}
