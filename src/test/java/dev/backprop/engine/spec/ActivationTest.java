package dev.backprop.engine.spec;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationTest {

  @Test
  void parametersHaveTheirUsualDefaults() {
    assertThat(Defaults.fill(Activation.LeakyRelu.class)).isEqualTo(new Activation.LeakyRelu(0.01));
    assertThat(Defaults.fill(Activation.LeakyRelu.class, 0.2))
        .isEqualTo(new Activation.LeakyRelu(0.2));
    assertThat(Defaults.fill(Activation.Prelu.class)).isEqualTo(new Activation.Prelu(0.25));
    assertThat(Defaults.fill(Activation.Prelu.class, 0.1)).isEqualTo(new Activation.Prelu(0.1));
    assertThat(Defaults.fill(Activation.Elu.class)).isEqualTo(new Activation.Elu(1));
    assertThat(Defaults.fill(Activation.Elu.class, 0.5)).isEqualTo(new Activation.Elu(0.5));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1, Double.NaN})
  void slopesOutsideZeroToOneAreRefused(double slope) {
    refused(
        () -> new Activation.LeakyRelu(slope),
        "/slope",
        "must be at least 0 and below 1, was " + slope);
    refused(
        () -> new Activation.Prelu(slope),
        "/slope",
        "must be at least 0 and below 1, was " + slope);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 0, Double.NaN, Double.POSITIVE_INFINITY})
  void alphasThatAreNotPositiveAreRefused(double alpha) {
    refused(
        () -> new Activation.Elu(alpha), "/alpha", "must be a finite number above 0, was " + alpha);
  }
}
