package dev.backprop.engine.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.TargetScale;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import dev.backprop.engine.nn.MeanAnswers;
import dev.backprop.engine.spec.Activation;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MemberSpreadTest {

  private static final TargetScale PLAIN = new TargetScale(0, 1);

  /// Two rows of one number; the second row has ten times the answers of the first.
  private static MeanAnswers mean(int[] weights, float... ofMembers) {
    MeanAnswers mean = new MeanAnswers(new Activation.Identity(), weights, 4, 1);
    mean.rows(2);
    for (int m = 0; m < ofMembers.length; m++) {
      Matrix a = new Matrix(new float[] {ofMembers[m], 10 * ofMembers[m]}, 0, 2, 1);
      mean.put(m, new Answers(a, a, Matrix.allocate(2, 1), 1));
    }
    return mean;
  }

  private static int[] ones(int n) {
    int[] ones = new int[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  /// np.sqrt(np.cov([1, 2, 5], fweights=[1, 1, 2], ddof=0))
  @Test
  void isTheDeviationOfMembers() {
    int[] weights = {1, 1, 2};
    MeanAnswers mean = mean(weights, 1, 2, 5);
    MemberSpread spread = new MemberSpread(weights, 1);
    assertThat(spread.of(mean, 0, 0, PLAIN)).isCloseTo(1.785357107, within(1e-6));
    assertThat(spread.of(mean, 1, 0, PLAIN)).isCloseTo(17.85357107, within(1e-5));
  }

  @Test
  void isInTheUnitOfTheTarget() {
    TargetScale scale = new TargetScale(100, 50);
    MemberSpread spread = new MemberSpread(ones(2), 1);
    assertThat(spread.of(mean(ones(2), 1, 3), 0, 0, scale)).isCloseTo(50, within(1e-9));
    // Both are answered as the greatest number.
    TargetScale clamped = new TargetScale(100, 50, null, new TargetScale.Range(0, 120));
    assertThat(spread.of(mean(ones(2), 1, 3), 0, 0, clamped)).isZero();
  }

  /// Members 0 and 2 are of the first fold, 1 and 3 of the second: deviations of 1 and 2.
  @Test
  void isTheMeanOfFolds() {
    MeanAnswers mean = mean(ones(4), 1, 50, 3, 54);
    assertThat(new MemberSpread(ones(4), 2).of(mean, 0, 0, PLAIN)).isCloseTo(1.5, within(1e-6));
  }

  @Test
  void isNoneOfOneMemberAFold() {
    assertThat(new MemberSpread(ones(2), 2).of(mean(ones(2), 1, 3), 0, 0, PLAIN)).isNaN();
  }
}
