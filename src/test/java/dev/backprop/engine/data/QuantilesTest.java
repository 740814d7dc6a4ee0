package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuantilesTest {

  private static double[] edges(int bins, double... values) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    return Quantiles.edges(sorted, sorted.length, bins);
  }

  private static double[] columnOf(int n) {
    return IntStream.range(0, n).mapToDouble(i -> Math.sin(i * i) * 3 + i / 10.0).toArray();
  }

  /// `np.quantile(x, np.linspace(0, 1, 6))`, which is what `compute_bins(x, n_bins=5)` of
  /// rtdl_num_embeddings 0.0.12 takes, of 20 numbers.
  @Test
  void edgesAreTheQuantilesOfNumpy() {
    double[] golden = {
      -2.3753365603293473,
      -1.3117525276750983,
      -0.480625811210243,
      0.2968885864763767,
      2.6471622961546935,
      4.218590166709793
    };

    double[] edges = edges(5, columnOf(20));

    assertThat(edges).hasSize(6);
    for (int i = 0; i < golden.length; i++) {
      assertThat(edges[i]).isCloseTo(golden[i], within(1e-12));
    }
  }

  @Test
  void asManyValuesAsEdgesAreAllEdges() {
    assertThat(edges(3, 5, 1, 1, 1, 7, 2)).containsExactly(1, 2, 5, 7);
    assertThat(edges(48, 3, 3)).containsExactly(3);
    assertThat(edges(48)).isEmpty();
    assertThat(edges(1, 0, 4, 9)).containsExactly(0, 9);
  }

  /// 92 % of the rows are zeros. Plain quantiles would leave one of four bins for all the rest.
  @Test
  void aValueThatFillsABinIsOneEdgeAndTheRestSharesTheOthers() {
    double[] values =
        DoubleStream.concat(
                DoubleStream.generate(() -> 0).limit(920),
                IntStream.rangeClosed(1, 80).mapToDouble(i -> i))
            .toArray();

    // Zero, and the quartiles of 1 … 80 but for the ends.
    assertThat(edges(4, values)).containsExactly(0, 1, 1 + 79 / 3.0, 1 + 79 * 2 / 3.0, 80);
  }

  /// In the rest a bin is smaller, and the fives fill one.
  @Test
  void whatFillsABinOfTheRestIsAnEdgeToo() {
    double[] values =
        DoubleStream.concat(
                DoubleStream.concat(
                    DoubleStream.generate(() -> 0).limit(900),
                    DoubleStream.generate(() -> 50.5).limit(40)),
                IntStream.rangeClosed(1, 60).mapToDouble(i -> i))
            .toArray();

    assertThat(edges(4, values)).containsExactly(0, 1, 30.5, 50.5, 60);
  }

  @Test
  void quantilesOfFarApartNumbersAreFinite() {
    double[] sorted = {-1.7e308, 1.7e308};

    assertThat(Quantiles.of(sorted, 2, 0.5)).isZero();
    assertThat(Quantiles.of(sorted, 2, 0)).isEqualTo(-1.7e308);
    assertThat(Quantiles.of(sorted, 2, 1)).isEqualTo(1.7e308);
    assertThat(Quantiles.of(new double[] {4}, 1, 0.3)).isEqualTo(4);
  }
}
