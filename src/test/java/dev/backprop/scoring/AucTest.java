package dev.backprop.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AucTest {

  @Test
  void isOneWhereEveryPositiveRanksAbove() {
    assertThat(ClassTally.auc(new float[] {1, 2, 3, 4}, new boolean[] {false, false, true, true}))
        .isEqualTo(1.0);
  }

  @Test
  void isZeroWhereEveryPositiveRanksBelow() {
    assertThat(ClassTally.auc(new float[] {4, 1}, new boolean[] {false, true})).isEqualTo(0.0);
  }

  @Test
  void countsTiesAsHalf() {
    assertThat(ClassTally.auc(new float[] {1, 1, 1}, new boolean[] {false, true, true}))
        .isEqualTo(0.5);
  }

  @Test
  void isUndefinedWithOneClassOnly() {
    assertThat(ClassTally.auc(new float[] {1, 2}, new boolean[] {true, true})).isNull();
    assertThat(ClassTally.auc(new float[] {1, 2}, new boolean[] {false, false})).isNull();
  }

  @Test
  void agreesWithCountingThePairs() {
    Random random = new Random(7);
    float[] scores = new float[200];
    boolean[] positive = new boolean[200];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = random.nextInt(20);
      positive[i] = random.nextInt(3) == 0;
    }
    double wins = 0;
    double pairs = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (positive[i] && !positive[j]) {
          pairs++;
          wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }
    assertThat(ClassTally.auc(scores, positive)).isCloseTo(wins / pairs, within(1e-12));
  }
}
