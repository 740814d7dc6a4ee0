package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.ColumnEncodingSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NumberCodeTest {

  private static FeatureEncoder fit(Table table, ColumnEncodingSpec encoding, int... rows) {
    Schema.Field field = Schema.Field.of(table.columns().getFirst(), Schema.Role.FEATURE);
    return FeatureEncoder.fit(
        table, List.of(field), EncodingSpec.DEFAULT.withColumns(Map.of("x", encoding)), rows);
  }

  private static Table column(double... values) {
    return Tables.csv(
        Stream.concat(
                Stream.of("x"),
                Arrays.stream(values)
                    .mapToObj(value -> Double.isNaN(value) ? "NA" : Double.toString(value)))
            .toArray(String[]::new));
  }

  private static float[] encoded(FeatureEncoder encoder, double value) {
    float[] x = new float[encoder.width()];
    encoder.encode(new double[] {value}, 0, x, 0);
    return x;
  }

  private static float robust(double value, double median, double scale) {
    double z = (value - median) / scale;
    return (float) (z / Math.sqrt(1 + z * z / 9));
  }

  @Test
  void robustNumbersAreCentredByTheMedianAndScaledByTheQuartiles() {
    // Median 4, quartiles 2 and 8.
    FeatureEncoder encoder =
        fit(column(1, 2, 4, 8, 1e9), new NumberEncodingSpec.Robust(), Tables.rows(5));

    for (double value : new double[] {1, 2, 4, 8, 1e9, -30, 5.5}) {
      assertThat(encoded(encoder, value)).containsExactly(robust(value, 4, 6));
    }
    assertThat(encoded(encoder, 1.7e308)).containsExactly(3);
    assertThat(encoded(encoder, -1.7e308)).containsExactly(-3);
  }

  /// Both quartiles are zero: half the range stands in for their distance.
  @Test
  void robustNumbersWithEqualQuartilesAreScaledByHalfTheRange() {
    FeatureEncoder encoder =
        fit(column(0, 0, 0, 0, 0, 0, 10), new NumberEncodingSpec.Robust(), Tables.rows(7));

    assertThat(encoded(encoder, 10)).containsExactly(robust(10, 0, 5));
    assertThat(encoder.silentInputs()).isEmpty();
  }

  @Test
  void aRobustNumberThatNeverChangesIsSilent() {
    FeatureEncoder encoder = fit(column(7, 7, 9), new NumberEncodingSpec.Robust(), 0, 1);

    assertThat(encoder.silentInputs()).containsExactly(0);
    assertThat(encoded(encoder, 9)).containsExactly(0);
  }

  /// The network takes the cosines.
  @Test
  void aPeriodicNumberIsEncodedAsARobustOne() {
    NumberEncodingSpec periodic = new NumberEncodingSpec.Periodic(5, 0.1);
    FeatureEncoder encoder = fit(column(1, 2, 4, 8, 1e9, Double.NaN), periodic, Tables.rows(6));

    assertThat(encoder.width()).isEqualTo(2);
    assertThat(encoder.silentInputs()).isEmpty();
    for (double value : new double[] {1, 2, 4, 8, 1e9, -30, 5.5}) {
      assertThat(encoded(encoder, value)).containsExactly(robust(value, 4, 6), 0);
    }
    assertThat(encoded(encoder, Double.NaN)).containsExactly(0, 1);
    FeatureEncoder same = fit(column(7, 7, 9), periodic, 0, 1);
    assertThat(same.silentInputs()).containsExactly(0);
    assertThat(encoded(same, 9)).containsExactly(0);
  }

  @Test
  void farApartNumbersGiveFiniteInputs() {
    FeatureEncoder encoder =
        fit(
            column(-1.7e308, -1.6e308, 1.6e308, 1.7e308),
            new NumberEncodingSpec.PiecewiseLinear(3),
            Tables.rows(4));

    float[] x = encoded(encoder, 0);
    assertThat(x[1]).isEqualTo(1);
    assertThat(x[2]).isEqualTo(0.5f);
    assertThat(x[3]).isZero();
    for (double value : new double[] {-1.7e308, 1.7e308, 4.9e-324}) {
      for (float input : encoded(encoder, value)) {
        assertThat(Float.isFinite(input)).isTrue();
      }
    }
  }

  /// Component t is clamp((v - e(t-1)) / (e(t) - e(t-1)), 0, 1).
  @Test
  void componentsRiseFromEdgeToEdge() {
    double[] edges = {1, 2, 4, 8, 16};
    FeatureEncoder encoder =
        fit(column(edges), new NumberEncodingSpec.PiecewiseLinear(6), Tables.rows(5));

    assertThat(encoder.width()).isEqualTo(7);
    for (double value : new double[] {-5, 1, 1.25, 2, 3.9, 4, 7, 8, 12, 16, 99}) {
      float[] expected = new float[7];
      expected[0] = robust(value, 4, 6);
      for (int t = 1; t < edges.length; t++) {
        double share = (value - edges[t - 1]) / (edges[t] - edges[t - 1]);
        expected[t] = (float) Math.clamp(share, 0, 1);
      }
      assertThat(encoded(encoder, value)).as("%s", value).containsExactly(expected);
    }
    // Two of the bins have no rows.
    assertThat(encoder.silentInputs()).containsExactly(5, 6);
  }

  @Test
  void aMissingNumberIsTheMedianBesideItsIndicator() {
    FeatureEncoder encoder =
        fit(column(1, Double.NaN, 3, 5), new NumberEncodingSpec.PiecewiseLinear(2), Tables.rows(4));

    assertThat(encoded(encoder, Double.NaN)).containsExactly(0, 1, 0, 1);
    assertThat(encoded(encoder, 3)).containsExactly(0, 1, 0, 0);
    assertThat(encoded(encoder, 4)).containsExactly(robust(4, 3, 2), 1, 0.5f, 0);
    assertThat(encoder.silentInputs()).isEmpty();
    FeatureEncoder complete =
        fit(column(1, Double.NaN, 3, 5), new NumberEncodingSpec.PiecewiseLinear(2), 0, 2, 3);
    assertThat(complete.silentInputs()).containsExactly(3);
  }

  @Test
  void rowsOfATableAreEncodedAsSingleOnes() {
    double[] values = IntStream.range(0, 40).mapToDouble(i -> i * i % 17 + i / 8.0).toArray();
    values[3] = Double.NaN;
    Table table = column(values);
    FeatureEncoder encoder = fit(table, new NumberEncodingSpec.PiecewiseLinear(8), Tables.rows(40));
    Matrix x = Matrix.allocate(40, encoder.width());

    new TableExamples(table, encoder, null).encodeInputs(Tables.rows(40), 0, 40, x);

    for (int row = 0; row < 40; row++) {
      float[] one = new float[encoder.width()];
      System.arraycopy(x.values(), row * one.length, one, 0, one.length);
      assertThat(one).containsExactly(encoded(encoder, values[row]));
    }
  }

  /// What is learned goes on with the bins that it was learned with.
  @Test
  void furtherRowsChangeNoBin() {
    FeatureEncoder encoder =
        fit(column(1, 2, 3, 4), new NumberEncodingSpec.PiecewiseLinear(2), Tables.rows(4));

    FeatureEncoder extended = encoder.extended(column(-9, 100), Tables.rows(2));

    Feature.Numeric before = (Feature.Numeric) encoder.features().getFirst();
    Feature.Numeric after = (Feature.Numeric) extended.features().getFirst();
    assertThat(after.code()).isEqualTo(before.code());
    assertThat(after.max()).isEqualTo(100);
    assertThat(encoded(extended, 2.2)).containsExactly(encoded(encoder, 2.2));
  }

  /// What `scipy.stats.norm.ppf` answers.
  @Test
  void quantilesOfTheNormalDistributionAreThoseOfScipy() {
    double[][] golden = {
      {1e-7, -5.1993375821928165},
      {0.001, -3.090232306167813},
      {0.07, -1.4757910281791706},
      {0.3, -0.5244005127080409},
      {0.5, 0},
      {0.9, 1.2815515655446004},
      {0.99999, 4.264890793923841}
    };
    for (double[] pair : golden) {
      assertThat(Normal.quantile(pair[0])).isCloseTo(pair[1], within(1e-8));
      assertThat(Normal.quantile(1 - pair[0])).isCloseTo(-pair[1], within(1e-7));
    }
  }

  /// What `QuantileTransformer(n_quantiles=10, output_distribution="normal")` of scikit-learn 1.x
  /// answers.
  @Test
  void normalQuantilesAreThoseOfScikitLearn() {
    double[] column =
        IntStream.range(0, 20).mapToDouble(i -> Math.sin(i * i) * 3 + i / 10.0).toArray();
    FeatureEncoder encoder =
        fit(column(column), new NumberEncodingSpec.QuantileNormal(10), Tables.rows(20));
    double[][] golden = {
      {-5, -5.199337582605575},
      {-2.5, -5.199337582605575},
      {-1, -0.6518239917688025},
      {0, 0.10291918076734473},
      {0.3, 0.19870558608231706},
      {2.2, 0.7025777122097948},
      {4.1, 2.1066780385073325},
      {99, 5.19933758270342},
      {column[7], -1.5329151597393975}
    };
    for (double[] pair : golden) {
      assertThat((double) encoded(encoder, pair[0])[0]).isCloseTo(pair[1], within(1e-6));
    }
  }

  @Test
  void equalNumbersHaveTheRankInTheirMiddle() {
    FeatureEncoder encoder =
        fit(
            column(0, 0, 0, 1, 2, 2, 2, 2, 5, 9),
            new NumberEncodingSpec.QuantileNormal(1000),
            Tables.rows(10));
    double[][] ranks = {
      {0, 1 / 9.0}, {1, 3 / 9.0}, {2, 5.5 / 9}, {5, 8 / 9.0}, {7, 8.5 / 9}, {1.5, 4.25 / 9}
    };
    for (double[] pair : ranks) {
      assertThat(encoded(encoder, pair[0])).containsExactly((float) Normal.quantile(pair[1]));
    }
    FeatureEncoder one = fit(column(4, 5), new NumberEncodingSpec.QuantileNormal(1000), 0);
    assertThat(one.silentInputs()).containsExactly(0);
    FeatureEncoder none = fit(column(Double.NaN, 5), new NumberEncodingSpec.QuantileNormal(9), 0);
    assertThat(encoded(none, Double.NaN)).containsExactly(0, 1);
  }

  @Test
  void countsDistinctNumbersUpToABound() {
    Table table = column(0, -0.0, 1, Double.NaN, 1, 2.5, 3, 4);

    assertThat(DistinctNumbers.of(table.columns().getFirst(), 99)).isEqualTo(5);
    assertThat(DistinctNumbers.of(table.columns().getFirst(), 2)).isEqualTo(2);
    Table many = column(IntStream.range(0, 5000).asDoubleStream().toArray());
    assertThat(DistinctNumbers.of(many.columns().getFirst(), 1025)).isEqualTo(1025);
  }
}
