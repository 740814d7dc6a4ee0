package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GreedySelectionTest {

  /// Squared errors of candidates that answer two rows.
  private static final class Answers implements GreedySelection.Library {

    private final double[][] answers;
    private final double[] y;
    private final double[] sum;
    private int taken;

    Answers(double[] y, double[]... answers) {
      this.y = y;
      this.answers = answers;
      this.sum = new double[y.length];
    }

    @Override
    public int size() {
      return answers.length;
    }

    @Override
    public double[] lossesWithOneMore() {
      double[] losses = new double[size()];
      for (int c = 0; c < losses.length; c++) {
        for (int i = 0; i < y.length; i++) {
          double error = (sum[i] + answers[c][i]) / (taken + 1) - y[i];
          losses[c] += error * error;
        }
      }
      return losses;
    }

    @Override
    public void take(int candidate) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += answers[candidate][i];
      }
      taken++;
    }
  }

  /// The first is nearest alone: (2, 0) to (0, 0) with 4, before (-4, 0) with 16 and (1, 9) with
  /// 82. 2 of the first and 1 of the second are 0.
  @Test
  void takesAgainWhatBringsTheMeanNearer() {
    assertThat(
            GreedySelection.counts(
                new Answers(
                    new double[] {0, 0},
                    new double[] {2, 0},
                    new double[] {-4, 0},
                    new double[] {1, 9})))
        .containsExactly(2, 1, 0);
  }

  @Test
  void takesOneIfNoMeanIsBetter() {
    assertThat(
            GreedySelection.counts(
                new Answers(new double[] {0}, new double[] {3}, new double[] {1})))
        .containsExactly(0, 1);
  }

  @Test
  void takesTheFirstOfThoseThatAreAlike() {
    assertThat(
            GreedySelection.counts(
                new Answers(new double[] {0}, new double[] {1}, new double[] {1})))
        .containsExactly(1, 0);
  }

  @Test
  void leavesOutWhatIsNoNumber() {
    assertThat(
            GreedySelection.counts(
                new Answers(new double[] {0}, new double[] {Double.NaN}, new double[] {1})))
        .containsExactly(0, 1);
  }
}
