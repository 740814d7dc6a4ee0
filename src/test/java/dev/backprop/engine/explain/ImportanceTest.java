package dev.backprop.engine.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.CellRows;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which columns matter, and how answers depend on them: of 20 columns two do, `c3` with `c11`.
class ImportanceTest {

  private static final int COLUMNS = 20;

  private static final Table TABLE = table();

  private static final Predictor PREDICTOR = predictor();

  private static final FeatureEncoder FEATURES = Objects.requireNonNull(PREDICTOR.features());

  /// The number y = 3 c3 - |c11|, of which the network below is the function.
  private static Table table() {
    TableBuilder table = Tables.builder();
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 3_000; i++) {
      double[] row = new double[COLUMNS];
      for (int c = 0; c < COLUMNS; c++) {
        row[c] = random.nextDouble(-1, 1);
        table.number(table.column("c" + c), row[c]);
      }
      table.number(
          table.column("y"), 3 * row[3] - Math.abs(row[11]) + random.nextDouble(-0.1, 0.1));
      table.endRow();
    }
    return table.build();
  }

  /// A linear unit and two of relu, on standardized numbers; weights of the others are drawn small.
  private static Predictor predictor() {
    Target target = new Target.Numbers(List.of("y"));
    int[] rows = Tables.rows(3_000);
    FeatureEncoder features =
        FeatureEncoder.fit(
            TABLE, Tables.schema(TABLE, target).features(), EncodingSpec.DEFAULT, rows);
    NetworkSpec spec =
        NetworkSpec.of(
                List.of(Defaults.fill(LayerSpec.Dense.class, 4, new Activation.Relu())), null, null)
            .resolve(target.task());
    Network network = Network.initialize(spec, COLUMNS, 1, new int[0], 1, new JavaKernels());
    float[] theta = network.parameters().values();
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 4 * COLUMNS; i++) {
      theta[i] = (float) random.nextDouble(-0.01, 0.01);
    }
    float s = (float) (1 / Math.sqrt(3)); // the deviation of each column
    theta[4 * 3] = s;
    theta[4 * 3 + 1] = -s;
    theta[4 * 11 + 2] = s;
    theta[4 * 11 + 3] = -s;
    float[] behind = {0, 0, 0, 0, 3, -3, -1, -1, 0};
    System.arraycopy(behind, 0, theta, 4 * COLUMNS, behind.length);
    return new Predictor(
        features,
        new Scorer(
            network,
            TargetEncoder.of(target, new double[] {0}, new double[] {1}),
            new Baseline(new double[] {0})));
  }

  private static Importance.HeldOut heldOut(int rows) {
    return new Importance.HeldOut(
        PREDICTOR,
        sampled -> CellRows.of(TABLE, FEATURES, sampled),
        PredictorRows.labelled(PREDICTOR, TABLE, null),
        List.of(IntStream.range(0, rows).toArray()));
  }

  private static double score(Evaluation evaluation) {
    Selection rmse = new Selection(Metric.RMSE);
    return -rmse.cost(Objects.requireNonNull(rmse.of(evaluation)));
  }

  private static Importance of(int rows, InstantSource clock) {
    return Importance.of(
        heldOut(rows), ImportanceTest::score, 7, Importance.Limit.in(Duration.ofSeconds(2), clock));
  }

  private static final InstantSource STANDS_STILL = InstantSource.fixed(Instant.EPOCH);

  /// Goes on by so many milliseconds whenever it is asked.
  private static InstantSource going(long millis) {
    AtomicLong now = new AtomicLong();
    return () -> Instant.ofEpochMilli(now.addAndGet(millis));
  }

  @Test
  void theTwoColumnsThatMatterAreFoundAmongTwenty() {
    Importance importance = of(3_000, STANDS_STILL);
    assertThat(importance.rows()).isEqualTo(2_000);
    assertThat(importance.shuffles()).isEqualTo(5);
    assertThat(importance.columns()).hasSize(COLUMNS);
    List<Importance.Column> byMean =
        importance.columns().stream()
            .sorted(Comparator.comparingDouble(Importance.Column::mean).reversed())
            .toList();
    assertThat(byMean.get(0).feature()).isEqualTo(3);
    assertThat(byMean.get(1).feature()).isEqualTo(11);
    assertThat(byMean.get(1).mean()).isGreaterThan(5 * Math.abs(byMean.get(2).mean()));
    assertThat(byMean).allSatisfy(column -> assertThat(column.std()).isBetween(0.0, 0.1));
    assertThat(of(3_000, STANDS_STILL)).isEqualTo(importance);
  }

  @Test
  void fewRowsAreAllScored() {
    assertThat(of(150, STANDS_STILL).rows()).isEqualTo(150);
  }

  /// The clock is asked once a column, and a few times before.
  @Test
  void whenTimeIsOverWholeRoundsCount() {
    Importance importance = of(3_000, going(20));
    assertThat(importance.rows()).isEqualTo(2_000);
    assertThat(importance.shuffles()).isEqualTo(4);
    assertThat(importance.columns()).hasSize(COLUMNS);
    List<Importance.Column> all = of(3_000, STANDS_STILL).columns();
    assertThat(importance.columns().get(3).mean()).isCloseTo(all.get(3).mean(), within(0.05));
  }

  @Test
  void withLittleTimeFewerRowsAreScored() {
    Importance importance = of(3_000, going(150));
    assertThat(importance.rows()).isBetween(100, 500);
    assertThat(importance.shuffles()).isZero();
    assertThat(importance.columns()).isEmpty();
  }

  private static double[] typical() {
    return new double[COLUMNS];
  }

  @Test
  void partialDependenceIsTheMeanAnswerToTheRows() {
    Dependence dependence = new Dependence(PREDICTOR);
    int[] sample = Dependence.sample(3_000, Dependence.ROWS, 1);
    assertThat(sample).hasSize(500).doesNotHaveDuplicates();
    CellRows rows = CellRows.of(TABLE, FEATURES, sample);
    Dependence.Axis x = dependence.values(3, rows.column(3), Dependence.POINTS);
    assertThat(x.cells()).hasSize(50).isSorted();

    Dependence.Answers answers = dependence.partial(rows, x);

    double mean = 0;
    for (int row : sample) {
      double[] cells = new double[COLUMNS];
      for (int c = 0; c < COLUMNS; c++) {
        cells[c] = TABLE.required("c" + c).cell(row);
      }
      cells[3] = x.cells()[17];
      mean += answer(cells) / sample.length;
    }
    assertThat(answers.answers()[0]).hasDimensions(50, 1);
    assertThat(answers.answers()[0][17][0]).isCloseTo(mean, within(1e-6));
    double rise = answers.answers()[0][49][0] - answers.answers()[0][0][0];
    assertThat(rise).isCloseTo(3 * (x.cells()[49] - x.cells()[0]), within(0.2));
  }

  private static double answer(double[] cells) {
    return ((Prediction.NumberPrediction) PREDICTOR.predict(cells, PREDICTOR.workspace(1)))
        .values()[0];
  }

  @Test
  void twoColumnsHaveAGrid() {
    Dependence dependence = new Dependence(PREDICTOR);
    CellRows rows =
        CellRows.of(TABLE, FEATURES, Dependence.sample(3_000, Dependence.ROWS_OF_TWO, 1));
    Dependence.Axis x = dependence.values(3, rows.column(3), Dependence.POINTS_OF_TWO);
    Dependence.Axis y = dependence.values(11, rows.column(11), Dependence.POINTS_OF_TWO);
    Dependence.Answers answers = dependence.partial(rows, x, y);
    assertThat(answers.answers()).hasDimensions(20, 20);
    for (int i = 0; i < 20; i++) {
      for (int j = 0; j < 20; j++) {
        double expected = 3 * x.cells()[j] - Math.abs(y.cells()[i]);
        assertThat(answers.answers()[i][j][0]).isCloseTo(expected, within(0.2));
      }
    }
  }

  @Test
  void aSurfaceHasTheAnswersToOneRow() {
    Dependence dependence = new Dependence(PREDICTOR);
    double[] at = typical();
    at[7] = 0.5;
    Dependence.Axis x = dependence.range(3, 100);
    Dependence.Axis y = dependence.range(11, 30);
    assertThat(x.cells()).hasSize(100).isSorted();
    Dependence.Answers surface = dependence.surface(at, x, y);
    assertThat(surface.answers()).hasDimensions(30, 100);
    double[] cells = at.clone();
    cells[3] = x.cells()[99];
    cells[11] = y.cells()[12];
    assertThat(surface.answers()[12][99]).containsExactly(answer(cells));
    assertThat(at[3]).isZero();
  }
}
