package dev.backprop.engine.scoring;

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
  void isUndefinedWhereAClassWeighsNothing() {
    float[] scores = {1, 2, 3};
    boolean[] positive = {true, false, true};
    assertThat(ClassTally.weightedAuc(scores, positive, new double[] {0, 1, 0})).isNull();
    assertThat(ClassTally.weightedAuc(scores, positive, new double[] {1, 0, 1})).isNull();
    assertThat(ClassTally.weightedAuc(scores, positive, new double[] {1, 2, 3})).isEqualTo(0.75);
  }

  @Test
  void takesBothZerosForTheSame() {
    assertThat(
            ClassTally.weightedAuc(
                new float[] {0f, -0f}, new boolean[] {true, false}, new double[] {1, 1}))
        .isEqualTo(0.5);
  }

  @Test
  void agreesWithCountingThePairs() {
    Random random = new Random(7);
    float[] scores = new float[200];
    boolean[] positive = new boolean[200];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = random.nextInt(20) - 10;
      positive[i] = random.nextInt(3) == 0;
    }
    double[] weights = random.doubles(200).toArray();
    double wins = 0;
    double pairs = 0;
    double weightedWins = 0;
    double weightedPairs = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (positive[i] && !positive[j]) {
          double win = scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
          pairs++;
          wins += win;
          weightedPairs += weights[i] * weights[j];
          weightedWins += weights[i] * weights[j] * win;
        }
      }
    }
    assertThat(ClassTally.auc(scores, positive)).isCloseTo(wins / pairs, within(1e-12));
    assertThat(ClassTally.weightedAuc(scores, positive, weights))
        .isCloseTo(weightedWins / weightedPairs, within(1e-12));
  }
}
