package dev.backprop.engine.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whether rows are like those of training.
class DriftTest {

  /// Numbers of four kinds, categories of three, and two kinds of answers.
  private static final List<String> COLUMNS =
      List.of("normal", "spiked", "few", "gaps", "five", "skewed", "many");

  private static final Reference REFERENCE = reference(2_000);

  private static final Comparison COMPARISON = new Comparison(REFERENCE);

  /// Cells of a row: as in training, but for what has shifted.
  ///
  /// @param shift of the normal number, in deviations
  /// @param share of the first of five categories
  private static double[] row(Random random, double shift, double share) {
    int five = random.nextDouble() < share ? 0 : 1 + random.nextInt(4);
    return new double[] {
      100 + 15 * (random.nextGaussian() + shift),
      random.nextInt(100) < 92 ? 0 : Math.exp(9 + random.nextGaussian()),
      random.nextInt(3),
      random.nextInt(10) == 0 ? Double.NaN : random.nextDouble(),
      five,
      Math.min(9, (int) (-3 * Math.log(random.nextDouble()))),
      (int) (80 * random.nextDouble() * random.nextDouble())
    };
  }

  private static double[] answers(Random random, double shift) {
    return new double[] {random.nextInt(4) == 0 ? 1 : 0, random.nextGaussian() + shift};
  }

  private static Reference reference(int rows) {
    Random random = new Random(1);
    double[][] columns = new double[COLUMNS.size()][rows];
    double[][] answers = new double[2][rows];
    for (int i = 0; i < rows; i++) {
      double[] row = row(random, 0, 0.2);
      double[] answer = answers(random, 0);
      for (int c = 0; c < row.length; c++) {
        columns[c][i] = row[c];
      }
      answers[0][i] = answer[0];
      answers[1][i] = answer[1];
    }
    List<ColumnReference> references = new ArrayList<>();
    for (int c = 0; c < 4; c++) {
      references.add(ColumnReference.ofNumbers(COLUMNS.get(c), columns[c]));
    }
    references.add(ColumnReference.ofCategories("five", columns[4], 5));
    references.add(ColumnReference.ofCategories("skewed", columns[5], 10));
    references.add(ColumnReference.ofCategories("many", columns[6], 80));
    return new Reference(
        references,
        List.of(
            ColumnReference.ofCategories("class", answers[0], 2),
            ColumnReference.ofNumbers("number", answers[1])));
  }

  private static Drift drift(int rows, long seed, double shift, double share) {
    return COMPARISON.of(window(REFERENCE, rows, seed, shift, share).counts());
  }

  private static Window window(
      Reference reference, int rows, long seed, double shift, double share) {
    Window window = new Window(reference);
    Random random = new Random(seed);
    for (int i = 0; i < rows; i++) {
      window.count(row(random, shift, share), answers(random, 0));
    }
    return window;
  }

  private static List<String> drifted(Drift drift) {
    return Stream.concat(drift.columns().stream(), drift.answers().stream())
        .filter(Drift.ColumnDrift::drifted)
        .map(Drift.ColumnDrift::name)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void aThousandRowsTellAShiftOfHalfADeviationAndAShareThatDoubles(long seed) {
    Drift drift = drift(1_000, seed, 0.5, 0.4);
    assertThat(drifted(drift)).containsExactly("normal", "five");
    assertThat(drift.rows()).isEqualTo(1_000);
    assertThat(drift.greatest()).isBetween(0.15, 0.3);
  }

  @Test
  void samplesThatHaveNotShiftedAreNotTold() {
    for (int rows : new int[] {1, 20, 50, 200, 500, 1_000, 10_000}) {
      for (int seed = 1; seed <= 20; seed++) {
        assertThat(drifted(drift(rows, 100 * rows + seed, 0, 0.2)))
            .as("%d rows of sample %d", rows, seed)
            .isEmpty();
      }
    }
  }

  @Test
  void aSmallTrainingIsASampleToo() {
    Reference small = reference(150);
    Comparison comparison = new Comparison(small);
    for (int seed = 1; seed <= 20; seed++) {
      Window window = window(small, 5_000, seed, 0, 0.2);
      assertThat(drifted(comparison.of(window.counts()))).as("sample %d", seed).isEmpty();
    }
  }

  @Test
  void answersToFewRowsAreASmallerSample() {
    Reference few = new Reference(REFERENCE.columns(), reference(100).answers());
    Drift drift = new Comparison(few).of(window(few, 5_000, 1, 0, 0.2).counts());
    assertThat(drift.columns().getFirst().threshold()).isEqualTo(Drift.LEAST);
    assertThat(drift.answers().get(1).threshold()).isGreaterThan(0.2);
    assertThat(drifted(drift)).isEmpty();
  }

  @Test
  void whatIsMissingOrUnseenDrifts() {
    Window window = new Window(REFERENCE);
    Random random = new Random(3);
    for (int i = 0; i < 1_000; i++) {
      double[] row = row(random, 0, 0.2);
      row[3] = i % 2 == 0 ? Double.NaN : row[3];
      row[4] = i % 5 == 0 ? FeatureEncoder.UNSEEN : row[4];
      window.count(row, answers(random, i % 2));
    }
    Drift drift = COMPARISON.of(window.counts());
    assertThat(drifted(drift)).containsExactly("gaps", "five", "number");
    Drift.ColumnDrift gaps = drift.columns().get(3);
    assertThat(gaps.missingInTraining()).isCloseTo(0.1, within(0.02));
    assertThat(gaps.missing()).isCloseTo(0.55, within(0.02));
    assertThat(gaps.unseen()).isZero();
    assertThat(drift.columns().get(4).unseen()).isEqualTo(0.2);
  }

  /// As scipy.spatial.distance.jensenshannon has them, base 2.
  @Test
  void distances() {
    assertThat(Noise.distance(new double[] {0.2, 0.8}, new double[] {0.4, 0.6}))
        .isCloseTo(0.186686, within(1e-6));
    assertThat(Noise.distance(new double[] {1, 0}, new double[] {0, 1})).isEqualTo(1);
    assertThat(Noise.distance(new double[] {0.3, 0.7}, new double[] {0.3, 0.7})).isZero();
  }

  /// Of samples that are drawn row by row, about one in a thousand is above the threshold.
  @Test
  void thresholdsAreThoseOfSamples() {
    double[] p = new double[21];
    Arrays.setAll(p, i -> 1 / 21.0);
    int step = 15; // 181 rows
    double threshold = Noise.threshold(p, step, 0.01);
    Random random = new Random(9);
    int rows = (int) Math.round(Math.pow(2, step / 2.0));
    int above = 0;
    for (int s = 0; s < 10_000; s++) {
      double[] q = new double[21];
      for (int i = 0; i < rows; i++) {
        q[random.nextInt(21)] += 1.0 / rows;
      }
      above += Noise.distance(p, q) > threshold ? 1 : 0;
    }
    assertThat(above).isBetween(2, 25);
  }

  @Test
  void aWindowForgetsTheOldestBlocks() {
    Window window = new Window(REFERENCE);
    Random random = new Random(4);
    double[] old = row(random, 0, 0.2);
    old[0] = -1_000;
    for (int i = 0; i < 3_000; i++) {
      window.count(old, answers(random, 0));
    }
    assertThat(window.counts().rows()).isEqualTo(3_000);
    assertThat(window.counts().bins()[0]).isEqualTo(3_000);
    for (int i = 0; i < 8_000; i++) {
      window.count(row(random, 0, 0.2), answers(random, 0));
    }
    Counts counts = window.counts();
    assertThat(counts.rows()).isBetween((long) Window.ROWS - Window.BLOCK, (long) Window.ROWS);
    assertThat(counts.bins()[0]).isBetween(1_500L, 2_010L);
    for (int i = 0; i < 10_000; i++) {
      window.count(row(random, 0, 0.2), answers(random, 0));
      assertThat(window.counts().rows()).isBetween(9_500L, 10_000L);
    }
    assertThat(window.counts().bins()[0]).isLessThan(20);
    assertThat(Arrays.stream(window.counts().bins()).sum())
        .isEqualTo(9 * window.counts().rows()); // 7 columns, 2 answers
  }

  @Test
  void windowsOfSeveralProcessesAreOne() {
    Window both = new Window(REFERENCE);
    Window[] each = {new Window(REFERENCE), new Window(REFERENCE)};
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      double[] row = row(random, 0.1, 0.3);
      double[] answers = answers(random, 0);
      both.count(row, answers);
      each[i % 3 == 0 ? 0 : 1].count(row, answers);
    }
    assertThat(COMPARISON.of(each[0].counts().plus(each[1].counts())))
        .isEqualTo(COMPARISON.of(both.counts()));
    assertThatThrownBy(() -> both.counts().plus(new Counts(0, new long[3])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 bins beside");
  }

  @Test
  void withoutRowsNothingIsFar() {
    Drift drift = COMPARISON.of(new Window(REFERENCE).counts());
    assertThat(drift.greatest()).isZero();
    assertThat(drifted(drift)).isEmpty();
  }

  @Test
  void referencesHaveEdgesAndTheMostFrequentValues() {
    ColumnReference.Numbers normal = (ColumnReference.Numbers) REFERENCE.columns().getFirst();
    assertThat(normal.edges()).hasSize(20).isSorted();
    assertThat(normal.counts()[0]).isZero();
    assertThat(normal.rows()).isEqualTo(2_000);
    for (int bin = 1; bin < 20; bin++) {
      assertThat(normal.counts()[bin]).isBetween(100L, 110L);
    }
    ColumnReference.Numbers spiked = (ColumnReference.Numbers) REFERENCE.columns().get(1);
    assertThat(spiked.edges()).hasSize(20).startsWith(0);
    ColumnReference.Categories many = (ColumnReference.Categories) REFERENCE.columns().get(6);
    assertThat(many.values()).hasSize(50).startsWith(0);
    assertThat(many.counts()[50]).isPositive();
    assertThat(many.counts()[51]).isZero();
  }

  @Test
  void columnsOfATableAreCounted() {
    TableBuilder builder = Tables.builder();
    for (int i = 0; i < 100; i++) {
      builder.number(builder.column("n"), i);
      builder.string(builder.column("c"), i % 4 == 0 ? "rare" : "usual");
      builder.string(builder.column("d"), "2024-%02d-%02d".formatted(1 + i % 12, 1 + i % 28));
      builder.number(builder.column("y"), i % 7);
      builder.endRow();
    }
    Table table = builder.build();
    int[] rows = IntStream.range(0, 80).toArray();
    FeatureEncoder encoder =
        FeatureEncoder.fit(
            table,
            Tables.schema(table, new Target.Numbers(List.of("y"))).features(),
            EncodingSpec.DEFAULT,
            rows);
    List<ColumnReference> columns = Reference.columns(table, encoder, rows);
    assertThat(columns).extracting(ColumnReference::name).containsExactly("n", "c", "d");
    assertThat(columns).allSatisfy(column -> assertThat(column.rows()).isEqualTo(80));
    assertThat(columns.get(1).counts()).containsExactly(60, 20, 0, 0, 0);
    assertThat(columns.get(1).bin(encoder.category(1, "rare"))).isEqualTo(1);
    assertThat(columns.get(1).bin(encoder.category(1, "never"))).isEqualTo(3);
    assertThat(columns.get(0).bin(1e9)).isEqualTo(20);
    assertThat(columns.get(0).bin(Double.NaN)).isEqualTo(21);

    Reference reference = new Reference(columns, List.of());
    Counts same = reference.count(table, encoder, rows);
    assertThat(new Comparison(reference).of(same).greatest()).isZero();
    Counts others = reference.count(table, encoder, IntStream.range(80, 100).toArray());
    Drift drift = new Comparison(reference).of(others);
    assertThat(drift.columns().get(0).distance()).isGreaterThan(0.9); // all above the others
    assertThat(drift.columns().get(1).distance()).isLessThan(0.1);
  }

  @Test
  void answersAreCountedByWhatTheySay() {
    Label no = Label.text("no");
    Label yes = Label.text("yes");
    Target classes = new Target.Classes("kind", List.of(no, yes));
    double[] cells =
        AnswerCells.of(
            new Prediction.ClassPrediction(List.of(no, yes), 1, new double[] {0.2, 0.8}));
    assertThat(cells).containsExactly(1);
    ColumnReference reference =
        AnswerCells.reference(classes, List.of(cells, new double[] {0}, cells)).getFirst();
    assertThat(reference.name()).isEqualTo("kind");
    assertThat(reference.counts()).containsExactly(2, 1, 0, 0, 0); // the frequent one first
    Target.MultiLabel labels = new Target.MultiLabel(List.of("a", "b"));
    assertThat(AnswerCells.of(new Prediction.MultiLabelPrediction(labels, new double[] {0.5, 0.4})))
        .containsExactly(1, 0);
  }
}
