package dev.backprop.engine.figures;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SetScoreTest {

  private static final double[] P = {0.1, 0.5, 0.15, 0.25};

  @Test
  void isTheRestOfTheProbability() {
    assertThat(SetScore.scores(P)).containsExactly(0.9, 0, 0.85, 0.75);
    assertThat(SetScore.set(0.85, P)).containsExactly(1, 3, 2);
    assertThat(SetScore.set(0.8, P)).containsExactly(1, 3);
    assertThat(SetScore.set(0, P)).containsExactly(1);
    assertThat(SetScore.set(1, P)).containsExactly(1, 3, 2, 0);
  }

  @Test
  void setsAreNeverEmpty() {
    assertThat(SetScore.set(-1, P)).containsExactly(1);
  }

  @Test
  void putsTheAnsweredClassFirstIfTwoAreAlike() {
    double[] halves = {0.5, 0.5};
    assertThat(SetScore.set(0, halves)).containsExactly(1);
    assertThat(SetScore.set(0.5, halves)).containsExactly(1, 0);
    double[] thirds = {1 / 3.0, 1 / 3.0, 1 / 3.0};
    assertThat(SetScore.set(1, thirds)).containsExactly(0, 1, 2);
  }
}
