package dev.backprop.engine.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.Matrix;
import org.junit.jupiter.api.Test;

class LogLossTest {

  private static Matrix row(float... values) {
    return new Matrix(values, 0, 1, values.length).rows(1);
  }

  @Test
  void sigmoidIsTheCrossEntropyOfTheProbability() {
    double p = 1 / (1 + Math.exp(-0.5));
    assertThat(LogLoss.sigmoid(row(0.5f), row(1), 0)).isCloseTo(-Math.log(p), within(1e-12));
    assertThat(LogLoss.sigmoid(row(0.5f), row(0), 0)).isCloseTo(-Math.log(1 - p), within(1e-12));
    assertThat(LogLoss.sigmoid(row(0.5f), row(0.25f), 0))
        .isCloseTo(-0.25 * Math.log(p) - 0.75 * Math.log(1 - p), within(1e-12));
  }

  @Test
  void sigmoidSumsOverTheOutputs() {
    double one = LogLoss.sigmoid(row(2), row(1), 0);
    double other = LogLoss.sigmoid(row(-1), row(1), 0);
    assertThat(LogLoss.sigmoid(row(2, -1), row(1, 1), 0)).isCloseTo(one + other, within(1e-12));
  }

  @Test
  void staysExactWhereTheProbabilityIsRoundedToZero() {
    assertThat(LogLoss.sigmoid(row(-500), row(1), 0)).isEqualTo(500);
    assertThat(LogLoss.softmax(row(1000, 0, 0), row(0, 1, 0), 0)).isEqualTo(1000);
  }

  @Test
  void softmaxIsTheLogOfTheClassProbability() {
    double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
    assertThat(LogLoss.softmax(row(1, 2, 3), row(0, 1, 0), 0))
        .isCloseTo(-Math.log(Math.exp(2) / sum), within(1e-12));
  }
}
