package dev.backprop.engine.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SetScoreTest {

  private static final double[] P = {0.1, 0.5, 0.15, 0.25};

  @Test
  void ofLeastSetsIsTheRest() {
    assertThat(new SetScore.Least().scores(P, 0.7)).containsExactly(0.9, 0, 0.85, 0.75);
    assertThat(new SetScore.Least().set(0.85, P, 0.7)).containsExactly(1, 3, 2);
    assertThat(new SetScore.Least().set(0.8, P, 0.1)).containsExactly(1, 3);
    assertThat(new SetScore.Least().set(0, P, 0.1)).containsExactly(1);
    assertThat(new SetScore.Least().set(1, P, 0.1)).containsExactly(1, 3, 2, 0);
  }

  /// Sums of falling probabilities: 0.5, 0.75, 0.9, 1; half of its own is taken off each.
  @Test
  void ofAdaptiveSetsIsTheSumOfThoseThatAreNotSmaller() {
    double[] scores = new SetScore.Adaptive(0, 0).scores(P, 0.5);
    double[] expected = {0.95, 0.25, 0.825, 0.625};
    double[] penalized = new SetScore.Adaptive(0.1, 2).scores(P, 0.5);
    double[] ranks = {0.2, 0, 0.1, 0};
    for (int c = 0; c < 4; c++) {
      assertThat(scores[c]).isCloseTo(expected[c], within(1e-12));
      assertThat(penalized[c]).isCloseTo(expected[c] + ranks[c], within(1e-12));
    }
    assertThat(new SetScore.Adaptive(0, 0).set(0.7, P, 0.5)).containsExactly(1, 3);
  }

  @Test
  void isNeverEmpty() {
    assertThat(new SetScore.Adaptive(0, 0).set(0.1, P, 0)).containsExactly(1);
    assertThat(new SetScore.Least().set(-1, P, 0)).containsExactly(1);
  }

  @Test
  void putsTheAnsweredClassFirstIfTwoAreAlike() {
    double[] halves = {0.5, 0.5};
    assertThat(new SetScore.Least().set(0, halves, 0)).containsExactly(1);
    assertThat(new SetScore.Least().set(0.5, halves, 0)).containsExactly(1, 0);
    double[] thirds = {1 / 3.0, 1 / 3.0, 1 / 3.0};
    assertThat(new SetScore.Least().set(1, thirds, 0)).containsExactly(0, 1, 2);
  }

  @Test
  void drawsTheSameForTheSameRowOfAVersion() {
    byte[] row = "1.5,red".getBytes(StandardCharsets.UTF_8);
    assertThat(RowDraw.of(3, row)).isEqualTo(RowDraw.of(3, row.clone()));
    assertThat(RowDraw.of(3, row)).isNotEqualTo(RowDraw.of(4, row));
    assertThat(RowDraw.of(3, new byte[] {0})).isNotEqualTo(RowDraw.of(3, new byte[] {0, 0}));
  }

  /// The mean of 1,000 uniform draws is 1/2 ± 0.009.
  @Test
  void drawsUniformly() {
    int[] tenths = new int[10];
    double sum = 0;
    for (int i = 0; i < 1_000; i++) {
      double u = RowDraw.of(7, Integer.toString(i).getBytes(StandardCharsets.UTF_8));
      assertThat(u).isBetween(0.0, Math.nextDown(1.0));
      tenths[(int) (u * 10)]++;
      sum += u / 1_000;
    }
    assertThat(sum).isCloseTo(0.5, within(0.03));
    for (int count : tenths) {
      assertThat(count).isBetween(60, 140);
    }
  }
}
