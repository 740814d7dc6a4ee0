package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.spec.TargetTransform;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetCurveTest {

  private static TargetScale scale(double[] values, TargetTransform transform) {
    String[] cells = Arrays.stream(values).mapToObj(Double::toString).toArray(String[]::new);
    Table table = Tables.csv(Tables.lines("y", cells));
    return TargetEncoder.fit(
            new Target.Numbers(java.util.List.of("y")),
            table,
            Tables.rows(values.length),
            transform)
        .scales()
        .getFirst();
  }

  private static double[] draws(int n, boolean negative) {
    Random random = new Random(7);
    return IntStream.range(0, n)
        .mapToDouble(i -> Math.exp(3 * random.nextGaussian()) - (negative ? 5 : 0))
        .toArray();
  }

  /// `t = z std + mean` has an error of a few units in the last place of z std and of mean, and so
  /// has `exp(t)` as a relative error. The shift adds one unit of its own.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theLogarithmIsUndoneToAFewUnitsInTheLastPlace(boolean negative) {
    double[] values = draws(1000, negative);
    TargetScale scale = scale(values, TargetTransform.LOG);
    TargetCurve.Log log = (TargetCurve.Log) java.util.Objects.requireNonNull(scale.curve());
    assertThat(log.shift()).isEqualTo(negative ? Arrays.stream(values).min().orElseThrow() : 0);
    Random random = new Random(8);
    for (int i = 0; i < 10_000; i++) {
      // Among the numbers that train, and far beyond them on both sides.
      double y =
          i < 1000 ? values[i] : Math.exp(40 * random.nextGaussian()) * (i % 2 == 0 ? 1 : -1);
      double d = Math.abs(y - log.shift());
      double t = Math.log1p(d) + Math.abs(log.mean()) + 1;
      assertThat(scale.answer(scale.encode(y)))
          .isCloseTo(y, within(4 * t * Math.ulp(1 + d) + Math.ulp(log.shift())));
    }
  }

  @Test
  void theLogarithmIsThatOfOnePlusTheNumber() {
    double[] values = {0, 1, 9, 99};
    TargetScale scale = scale(values, TargetTransform.LOG);
    double[] logs = Arrays.stream(values).map(y -> Math.log(1 + y)).toArray();
    double mean = Arrays.stream(logs).average().orElseThrow();
    double std =
        Math.sqrt(Arrays.stream(logs).map(t -> (t - mean) * (t - mean)).average().orElseThrow());
    for (int i = 0; i < values.length; i++) {
      assertThat(scale.encode(values[i])).isCloseTo((logs[i] - mean) / std, within(1e-14));
    }
  }

  @Test
  void quantilesBecomeThoseOfANormalDistribution() {
    double[] values = draws(4001, true);
    TargetScale scale = scale(values, TargetTransform.QUANTILE);
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    for (double share : new double[] {0.1, 0.25, 0.5, 0.9, 0.975}) {
      assertThat(scale.encode(sorted[(int) (share * 4000)]))
          .isCloseTo(Normal.quantile(share), within(0.01));
    }
  }

  /// A straight line has an error of a few units in the last place of its ends, and its slope
  /// enlarges that of the other side.
  @Test
  void quantilesAreUndoneByTheSameLines() {
    double[] values = draws(3000, true);
    TargetScale scale = scale(values, TargetTransform.QUANTILE);
    TargetCurve.Quantiles lines =
        (TargetCurve.Quantiles) java.util.Objects.requireNonNull(scale.curve());
    double steepest = 0;
    for (int i = 1; i < lines.values().length; i++) {
      steepest =
          Math.max(
              steepest,
              (lines.values()[i] - lines.values()[i - 1])
                  / (lines.normals()[i] - lines.normals()[i - 1]));
    }
    Random random = new Random(9);
    double least = lines.values()[0];
    double greatest = lines.values()[lines.values().length - 1];
    for (int i = 0; i < 10_000; i++) {
      double y =
          i < values.length ? values[i] : least + random.nextDouble(-1, 2) * (greatest - least);
      double z = scale.encode(y);
      assertThat(scale.answer(z))
          .isCloseTo(y, within(8 * Math.ulp(greatest) + 8 * Math.ulp(z) * steepest));
    }
  }

  @Test
  void equalNumbersHaveTheMiddleOfTheirPlaces() {
    TargetScale scale = scale(new double[] {1, 1, 1, 2, 3}, TargetTransform.QUANTILE);

    assertThat(scale.encode(1)).isEqualTo(Normal.quantile(0.25));
    assertThat(scale.encode(2)).isEqualTo(Normal.quantile(0.75));
    assertThat(scale.encode(3)).isEqualTo(Normal.quantile(0.9));
    assertThat(scale(new double[] {4, 4}, TargetTransform.QUANTILE).encode(4)).isZero();
    assertThat(scale(new double[] {4, 4}, TargetTransform.LOG).encode(4)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"LOG", "QUANTILE"})
  void noOutputIsBeyondTheLargestNumber(TargetTransform transform) {
    TargetScale scale = scale(new double[] {-1e100, -3, 0, 5, 1e100}, transform);

    for (double z : new double[] {-Float.MAX_VALUE, -1e10, 1e10, Float.MAX_VALUE}) {
      assertThat(Math.abs(scale.answer(z))).isLessThanOrEqualTo(TargetEncoder.MAX);
      assertThat(Math.abs(scale.measuredAnswer(z))).isLessThanOrEqualTo(Float.MAX_VALUE);
    }
    assertThat(scale.answer(scale.encode(1e100)) / 1e100).isCloseTo(1, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"NONE", "LOG", "QUANTILE"})
  void answersAreClampedAndTargetsAreNot(TargetTransform transform) {
    TargetScale scale = scale(new double[] {1, 2, 4, 8}, transform).clamped(1, 8);

    assertThat(scale.answer(-50)).isEqualTo(1);
    assertThat(scale.answer(50)).isEqualTo(8);
    assertThat(scale.answer(scale.encode(3))).isCloseTo(3, within(1e-12));
    double over = scale.encode(11);
    assertThat(scale.measuredTarget(over) * scale.std() + scale.mean())
        .isCloseTo(11, within(1e-12));
    assertThat(scale.measuredAnswer(over) * scale.std() + scale.mean()).isCloseTo(8, within(1e-12));
    assertThat(scale.clamped(2, 9).range()).isEqualTo(new TargetScale.Range(1, 9));
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 0",
    "0.975, 1.959963984540054",
    "0.999, 3.090232306167813",
    "0.01, -2.326347874040841",
    "1e-6, -4.753424308822899"
  })
  void theNormalDistribution(double share, double expected) {
    assertThat(Normal.quantile(share)).isCloseTo(expected, within(1e-8));
  }
}
