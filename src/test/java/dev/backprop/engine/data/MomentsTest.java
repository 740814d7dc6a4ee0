package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MomentsTest {

  private static Moments moments(double... values) {
    return Moments.of(values.length, i -> values[i]);
  }

  @Test
  void ofAFewNumbersByHand() {
    assertThat(moments(4, Double.NaN, 2, 6, Double.NaN, 8))
        .isEqualTo(new Moments(4, 2, 8, 5, Math.sqrt(5)));
    assertThat(moments(3, 1, 2)).isEqualTo(new Moments(3, 1, 3, 2, Math.sqrt(2.0 / 3)));
  }

  @Test
  void ofNothingAndOfOneValue() {
    assertThat(moments(Double.NaN)).isEqualTo(new Moments(0, 0, 0, 0, 0));
    double third = 1.0 / 3;
    assertThat(moments(third, third, third)).isEqualTo(new Moments(3, third, third, third, 0));
  }

  @Test
  void survivesTheLargestAndTheSmallestDoubles() {
    Moments large = moments(-Double.MAX_VALUE, Double.MAX_VALUE);
    assertThat(large.mean()).isZero();
    assertThat(large.std()).isEqualTo(Double.MAX_VALUE);
    assertThat(Median.of(new double[] {-Double.MAX_VALUE, Double.MAX_VALUE})).isZero();
    Moments small = moments(1e-300, 3e-300);
    assertThat(small.mean()).isEqualTo(2e-300, within(1e-315));
    assertThat(small.std()).isEqualTo(1e-300, within(1e-315));
    Moments denormal = moments(Double.MIN_VALUE, 3 * Double.MIN_VALUE);
    assertThat(denormal.mean()).isEqualTo(2 * Double.MIN_VALUE);
    assertThat(denormal.std()).isEqualTo(Double.MIN_VALUE);
  }

  @Test
  void medianIsThatOfTheSortedNumbers() {
    Random random = new Random(5);
    for (int n = 1; n < 200; n++) {
      int distinct = 1 + random.nextInt(n);
      double[] values = random.ints(n, 0, distinct).asDoubleStream().toArray();
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      double expected = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
      assertThat(Median.of(values)).isEqualTo(expected);
    }
  }

  @Test
  void medianLeavesOutWhatIsMissing() {
    assertThat(Median.of(new double[] {Double.NaN, 7, Double.NaN, 1, 3})).isEqualTo(3);
    assertThat(Median.of(new double[] {Double.NaN})).isZero();
    assertThat(Median.of(new double[0])).isZero();
  }

  @Test
  void keepsPrecisionFarFromZero() {
    Moments moments = moments(1e9, 1e9 + 1, 1e9 + 2);

    assertThat(moments.mean()).isEqualTo(1e9 + 1);
    assertThat(moments.std()).isEqualTo(Math.sqrt(2.0 / 3), within(1e-12));
  }

  @Test
  void partsMergeToTheWhole() {
    Moments whole = moments(1, 2, 7, Double.NaN, -4, 9, 9);
    Moments merged = moments(1, 2).merged(moments(7, Double.NaN)).merged(moments(-4, 9, 9));
    assertThat(merged.count()).isEqualTo(6);
    assertThat(merged.min()).isEqualTo(-4);
    assertThat(merged.max()).isEqualTo(9);
    assertThat(merged.mean()).isCloseTo(whole.mean(), within(1e-14));
    assertThat(merged.std()).isCloseTo(whole.std(), within(1e-14));
    assertThat(moments(3, 3).merged(moments(3))).isEqualTo(moments(3, 3, 3));
    assertThat(moments().merged(whole)).isEqualTo(whole);
    assertThat(whole.merged(moments())).isEqualTo(whole);
    Moments large = moments(-Double.MAX_VALUE).merged(moments(Double.MAX_VALUE));
    assertThat(large.mean()).isEqualTo(0);
    assertThat(large.std()).isEqualTo(Double.MAX_VALUE);
  }
}
