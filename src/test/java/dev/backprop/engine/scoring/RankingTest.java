package dev.backprop.engine.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.figures.Ranking;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RankingTest {

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void agreesWithTheCountOfPairs() {
    Random random = new Random(3);
    float[] scores = new float[300];
    boolean[] positive = new boolean[300];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = random.nextInt(30) - 15;
      positive[i] = random.nextInt(4) == 0;
    }
    double[] weights = random.doubles(300).toArray();
    Ranking ranking = new Ranking(scores, positive);
    assertThat(ranking.areas(ones(300)).roc())
        .isCloseTo(ClassTally.auc(scores, positive), within(1e-12));
    assertThat(ranking.areas(weights).roc())
        .isCloseTo(ClassTally.weightedAuc(scores, positive, weights), within(1e-12));
  }

  /// By hand, and average_precision_score([1, 0, 1, 0], [4, 3, 2, 1]).
  @Test
  void addsPrecisionsAtEachPositiveRow() {
    Ranking ranking =
        new Ranking(new float[] {4, 3, 2, 1}, new boolean[] {true, false, true, false});
    assertThat(ranking.areas(ones(4)).precisionRecall())
        .isCloseTo((1 + 2 / 3.0) / 2, within(1e-15));
  }

  @Test
  void takesTiedRowsTogether() {
    Ranking ranking =
        new Ranking(new float[] {1, 1, 1, 0f, -0f}, new boolean[] {true, false, true, true, false});
    Ranking.Areas areas = ranking.areas(ones(5));
    assertThat(areas.precisionRecall())
        .isCloseTo(2 / 3.0 * (2 / 3.0) + 1 / 3.0 * (3 / 5.0), within(1e-15));
    assertThat(areas.roc()).isCloseTo((0.5 + 0.5 + 1 + 1 + 0.5 + 0) / 6, within(1e-15));
  }

  @Test
  void countsARowAsOftenAsItWeighs() {
    float[] scores = {3, 2, 1, 0};
    boolean[] positive = {true, false, true, false};
    Ranking.Areas weighted = new Ranking(scores, positive).areas(new double[] {2, 1, 0, 3});
    Ranking.Areas repeated =
        new Ranking(
                new float[] {3, 3, 2, 0, 0, 0},
                new boolean[] {true, true, false, false, false, false})
            .areas(ones(6));
    assertThat(weighted).isEqualTo(repeated);
  }

  @Test
  void isUndefinedOfOneSideAndOfWhatIsNoNumber() {
    assertThat(new Ranking(new float[] {1, 2}, new boolean[] {true, true}).areas(ones(2)).roc())
        .isNaN();
    Ranking none = new Ranking(new float[] {1, Float.NaN}, new boolean[] {true, false});
    assertThat(none.areas(ones(2)).precisionRecall()).isNaN();
  }
}
