package dev.backprop.engine.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.Draws.Purpose;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrawsTest {

  private static final int N = 200_000;

  /// SplitMix64's increment.
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  @Test
  void bitsAreTheStreamOfTheJdksSplitMix64() {
    long seed = 42;
    long key = finalizer(finalizer(finalizer(seed + GAMMA) + 3) + 7);
    SplittableRandom stream = new SplittableRandom(key);
    for (int position = 0; position < 100; position++) {
      assertThat(Draws.bits(seed, Purpose.SHUFFLE, 7, position)).isEqualTo(stream.nextLong());
    }
  }

  /// The finalizer alone: the first output of a stream whose first state is z.
  private static long finalizer(long z) {
    return new SplittableRandom(z - GAMMA).nextLong();
  }

  /// Models trained with a seed stay what they are from version to version.
  @Test
  void knownValuesStay() {
    assertThat(Draws.bits(0, Purpose.INITIALIZATION, 0, 0)).isEqualTo(-4282256250099526850L);
    assertThat(Draws.uniform(1, Purpose.SPLIT, 2, 3)).isEqualTo(0.8139071698198769);
    assertThat(Draws.normal(42, Purpose.DROPOUT, 1, 5))
        .isCloseTo(0.3697829384019885, within(1e-15));
    assertThat(Draws.hash(1, 2, 3)).isEqualTo(126605855);
    int[] values = IntStream.range(0, 8).toArray();
    Draws.shuffle(values, 42, Purpose.SHUFFLE, 1);
    assertThat(values).containsExactly(0, 7, 1, 6, 4, 3, 2, 5);
  }

  @Test
  void everyArgumentMatters() {
    Set<Long> drawn = new HashSet<>();
    for (long seed : new long[] {0, 1, (1L << 53) - 1}) {
      for (Purpose purpose : Purpose.values()) {
        for (int epoch = 0; epoch < 10; epoch++) {
          for (int position = 0; position < 10; position++) {
            drawn.add(Draws.bits(seed, purpose, epoch, position));
          }
        }
      }
    }
    assertThat(drawn).hasSize(3 * Purpose.values().length * 10 * 10);
  }

  @Test
  void sameArgumentsSameDraw() {
    double late = Draws.normal(3, Purpose.INITIALIZATION, 0, 1_000_000);
    for (int position = 0; position < 100; position++) {
      assertThat(Draws.uniform(3, Purpose.INITIALIZATION, 0, position))
          .isEqualTo(Draws.uniform(3, Purpose.INITIALIZATION, 0, position));
    }
    assertThat(Draws.normal(3, Purpose.INITIALIZATION, 0, 1_000_000)).isEqualTo(late);
  }

  /// Five standard errors everywhere: mean 1/2 ± √(1/12N), and each of 100 bins N/100 ± √(N/100).
  @Test
  void uniformFillsTheUnitIntervalEvenly() {
    int[] bins = new int[100];
    double sum = 0;
    double lagged = 0;
    double previous = 0.5;
    for (int i = 0; i < N; i++) {
      double u = Draws.uniform(7, Purpose.DROPOUT, 3, i);
      bins[(int) (100 * u)]++;
      sum += u;
      lagged += (u - 0.5) * (previous - 0.5);
      previous = u;
    }
    assertThat(sum / N).isCloseTo(0.5, within(5 * Math.sqrt(1.0 / 12 / N)));
    assertThat(lagged / N).isCloseTo(0, within(5 / 12.0 / Math.sqrt(N)));
    double expected = N / 100.0;
    for (int bin : bins) {
      assertThat((double) bin).isCloseTo(expected, within(5 * Math.sqrt(expected)));
    }
  }

  /// Moments 0, 1, 0, 3 within five standard errors (variances 1, 2, 15, 96 over N), and the share
  /// within one deviation, 0.6827.
  @Test
  void normalHasTheMomentsOfTheStandardNormal() {
    double[] moments = new double[4];
    int inside = 0;
    for (int i = 0; i < N; i++) {
      double x = Draws.normal(7, Purpose.INITIALIZATION, 0, i);
      double power = 1;
      for (int p = 0; p < 4; p++) {
        power *= x;
        moments[p] += power / N;
      }
      inside += Math.abs(x) < 1 ? 1 : 0;
    }
    double error = 5 / Math.sqrt(N);
    assertThat(moments[0]).isCloseTo(0, within(error));
    assertThat(moments[1]).isCloseTo(1, within(error * Math.sqrt(2)));
    assertThat(moments[2]).isCloseTo(0, within(error * Math.sqrt(15)));
    assertThat(moments[3]).isCloseTo(3, within(error * Math.sqrt(96)));
    assertThat(inside / (double) N).isCloseTo(0.682689, within(error / 2));
  }

  @Test
  void shuffleKeepsEveryValueOnce() {
    int[] values = IntStream.range(0, 1_000).toArray();
    Draws.shuffle(values, 1, Purpose.SHUFFLE, 0);
    assertThat(values).isNotEqualTo(IntStream.range(0, 1_000).toArray());
    Arrays.sort(values);
    assertThat(values).isEqualTo(IntStream.range(0, 1_000).toArray());
  }

  @Test
  void everyPlaceIsAsLikelyForEveryValue() {
    int[][] counts = new int[5][5];
    int shuffles = 20_000;
    for (int epoch = 0; epoch < shuffles; epoch++) {
      int[] values = {0, 1, 2, 3, 4};
      Draws.shuffle(values, 9, Purpose.SHUFFLE, epoch);
      for (int place = 0; place < 5; place++) {
        counts[values[place]][place]++;
      }
    }
    double expected = shuffles / 5.0;
    for (int[] places : counts) {
      for (int count : places) {
        assertThat((double) count).isCloseTo(expected, within(5 * Math.sqrt(expected)));
      }
    }
  }

  @Test
  void shufflesOfNothingAndOfOneValueDoNothing() {
    int[] none = {};
    Draws.shuffle(none, 1, Purpose.SHUFFLE, 0);
    assertThat(none).isEmpty();
    int[] one = {7};
    Draws.shuffle(one, 1, Purpose.SHUFFLE, 0);
    assertThat(one).containsExactly(7);
  }

  /// As dropout uses it: the top 24 bits, position by position, under the two halves of a key.
  @Test
  void hashIsEvenOverItsPositions() {
    int[] bins = new int[64];
    int keys = 400;
    int positions = 500;
    for (int k = 0; k < keys; k++) {
      long key = Draws.bits(5, Purpose.DROPOUT, 1, k);
      for (int position = 0; position < positions; position++) {
        bins[Draws.hash((int) (key >>> 32), (int) key, position) >>> 26]++;
      }
    }
    double expected = keys * positions / 64.0;
    for (int bin : bins) {
      assertThat((double) bin).isCloseTo(expected, within(5 * Math.sqrt(expected)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64, 192, 4096})
  void hashesOfManyKeysAreThoseOfEach(int positions) {
    Hashes hashes = new Hashes(50, positions);
    for (int count : new int[] {50, 1}) {
      for (int k = 0; k < count; k++) {
        hashes.key(k, Draws.bits(5, Purpose.DROPOUT, 1, k));
      }
      int[] together = hashes.hash(count);
      for (int k = 0; k < count; k++) {
        long key = Draws.bits(5, Purpose.DROPOUT, 1, k);
        for (int position = 0; position < positions; position++) {
          assertThat(together[k * positions + position])
              .isEqualTo(Draws.hash((int) (key >>> 32), (int) key, position));
        }
      }
    }
  }
}
