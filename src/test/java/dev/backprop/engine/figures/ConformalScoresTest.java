package dev.backprop.engine.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConformalScoresTest {

  private static BigDecimal interval(String text) {
    return new BigDecimal(text);
  }

  private static ConformalScores upTo(int m) {
    return ConformalScores.of(IntStream.rangeClosed(1, m).mapToDouble(i -> i).toArray());
  }

  /// In binary, 1 - 0.9 is below 0.1, and 1 / (1 - 0.9) above 10.
  @Test
  void needsSoManyRows() {
    assertThat(ConformalScores.needed(interval("0.9"))).isEqualTo(9);
    assertThat(ConformalScores.needed(interval("0.90"))).isEqualTo(9);
    assertThat(ConformalScores.needed(interval("0.95"))).isEqualTo(19);
    assertThat(ConformalScores.needed(interval("0.99"))).isEqualTo(99);
    assertThat(ConformalScores.needed(interval("0.5"))).isEqualTo(1);
    assertThat(ConformalScores.needed(interval("0.8"))).isEqualTo(4);
    assertThat(ConformalScores.needed(interval("0.7"))).isEqualTo(3);
    assertThat(ConformalScores.needed(interval("0.873"))).isEqualTo(7);
  }

  @Test
  void hasAQuantileFromThatManyRowsUp() {
    for (String text : List.of("0.5", "0.7", "0.8", "0.873", "0.9", "0.95", "0.975", "0.99")) {
      int needed = ConformalScores.needed(interval(text));
      assertThat(upTo(needed).suffices(interval(text))).as(text).isTrue();
      assertThat(upTo(needed).quantile(interval(text))).as(text).isEqualTo(needed);
      if (needed > 1) {
        assertThat(upTo(needed - 1).suffices(interval(text))).as(text).isFalse();
        assertThatThrownBy(() -> upTo(needed - 1).quantile(interval(text)))
            .hasMessage(
                "an interval of %s needs %d rows, were %d".formatted(text, needed, needed - 1));
      }
    }
  }

  /// ⌈(m + 1) interval⌉ of 100 rows: 90.9 and 95.95; of 99 exactly 90.
  @Test
  void isTheScoreOfThatRank() {
    assertThat(upTo(100).quantile(interval("0.9"))).isEqualTo(91);
    assertThat(upTo(100).quantile(interval("0.95"))).isEqualTo(96);
    assertThat(upTo(99).quantile(interval("0.9"))).isEqualTo(90);
    assertThat(upTo(100).quantile(interval("0.5"))).isEqualTo(51);
    assertThat(upTo(100).quantile(interval("0.99"))).isEqualTo(100);
  }

  @Test
  void keepsAsManyAsItNeedsAndNeverTheNextOneBelow() {
    ConformalScores many = upTo(100_000);
    assertThat(many.ranks()).hasSize(512);
    for (int thousandth = 500; thousandth <= 990; thousandth++) {
      BigDecimal interval = BigDecimal.valueOf(thousandth, 3);
      double exact = Math.ceil(100_001L * thousandth / 1000.0);
      assertThat(many.quantile(interval)).isBetween(exact, exact + 100);
    }
  }

  @Test
  void leavesOutWhatIsNoNumber() {
    double[] scores = DoubleStream.of(3, Double.NaN, 1, 2).toArray();
    assertThat(ConformalScores.of(scores)).isEqualTo(upTo(3));
    assertThatThrownBy(() -> ConformalScores.of(new double[] {Double.NaN}))
        .hasMessageContaining("were 0");
  }

  @Test
  void refusesWhatDoesNotRise() {
    assertThatThrownBy(() -> new ConformalScores(3, List.of(2, 3), List.of(2.0, 1.0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ConformalScores(3, List.of(3, 2), List.of(1.0, 2.0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ConformalScores(4, List.of(2, 3), List.of(1.0, 2.0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ConformalScores(3, List.of(3), Arrays.asList(1.0, 2.0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ConformalScores(3, List.of(3), List.of(Double.NaN)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
