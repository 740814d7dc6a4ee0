package dev.backprop.engine.plan;

import static dev.backprop.engine.spec.TrainingSpecs.training;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.spec.BaggingSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is said of columns that differ between parts of the rows.
class PartWarningsTest {

  private static final NetworkSpec NETWORK = NetworkSpec.of(List.of(), null, null);

  private static TrainingSpecs spec() {
    return training().epochs(2).batchSize(16).validationFraction(0.25);
  }

  private static List<String> said(
      TrainingData data, @Nullable TrainingData validation, TrainingSpecs spec) {
    FitSpec fit = new FitSpec(EncodingSpec.DEFAULT, NETWORK, spec.spec());
    return CheckpointedRun.of(TrainingPlan.of(data, validation, fit))
        .undisturbed()
        .trained()
        .learned()
        .warnings()
        .stream()
        .filter(warning -> warning.contains("differ"))
        .toList();
  }

  /// Columns: the time, one that follows it, a category that follows it, and noise.
  private static TrainingData.Rows rows(int rows, long seed, int shifted) {
    SplittableRandom random = new SplittableRandom(seed);
    WarningRows table = new WarningRows();
    for (int i = 0; i < rows; i++) {
      Object[] cells = new Object[4 + shifted];
      cells[0] = i;
      cells[1] = random.nextDouble();
      cells[2] = random.nextDouble() < 0.9 == i > 0.75 * rows ? "late" : "early";
      for (int j = 0; j < shifted; j++) {
        cells[3 + j] = i + rows * random.nextDouble();
      }
      cells[3 + shifted] = random.nextDouble();
      table.row(cells);
    }
    return table.data();
  }

  private static TrainingData.Rows inOrder(TrainingData.Rows data) {
    return new TrainingData.Rows(data.table(), data.schema(), new SplitSpec.Order("c0"));
  }

  @Test
  void rowsInOrderMayDiffer() {
    List<String> said = said(inOrder(rows(2_000, 1, 1)), null, spec());
    assertThat(said).hasSize(2);
    assertThat(said.getFirst())
        .startsWith(
            "column 'c2' differs between the training part, 1500 rows, and the validation part, 500 rows: their distance is 0.")
        .contains(", above 0.2; ");
    assertThat(said.getLast()).startsWith("column 'c3' differs");
  }

  @Test
  void rowsThatAreDrawnDoNot() {
    for (int rows : new int[] {40, 400, 4_000}) {
      for (int seed = 0; seed < 5; seed++) {
        assertThat(said(rows(rows, seed, 1), null, spec().testFraction(0.2).seed((long) seed)))
            .as("%d rows, seed %d", rows, seed)
            .isEmpty();
      }
    }
  }

  @Test
  void fewRowsMayDifferByChance() {
    assertThat(said(inOrder(rows(24, 1, 1)), null, spec())).isEmpty();
  }

  @Test
  void fiveColumnsAreNamed() {
    List<String> said = said(inOrder(rows(2_000, 1, 7)), null, spec());
    assertThat(said).hasSize(6);
    assertThat(said.getLast())
        .isEqualTo("3 more columns differ between the training part and others");
  }

  @Test
  void rowsThatCameApartMayDifferToo() {
    WarningRows others = new WarningRows();
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 300; i++) {
      others.row(i, random.nextDouble() + 0.5, i % 2 == 0 ? "late" : "early", random.nextDouble());
    }
    List<String> said = said(rows(2_000, 1, 0), others.data(), spec().validationFraction(null));
    assertThat(said)
        .anyMatch(
            warning ->
                warning.startsWith(
                    "column 'c1' differs between the training part, 2000 rows, and the validation part, 300 rows"));
  }

  @Test
  void testRowsAreComparedIfFoldsAreHeldOut() {
    TrainingSpecs bagging =
        spec().validationFraction(null).testFraction(0.25).bagging(new BaggingSpec(2));
    SplittableRandom random = new SplittableRandom(4);
    WarningRows groups = new WarningRows();
    for (int i = 0; i < 2_000; i++) {
      int group = i % 8;
      groups.row(group, group + 0.1 * random.nextDouble(), random.nextDouble());
    }
    TrainingData.Rows drawn = groups.data();
    TrainingData.Rows data =
        new TrainingData.Rows(drawn.table(), drawn.schema(), new SplitSpec.Group("c0"));
    assertThat(said(data, null, bagging))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("column 'c1' differs between the training part, 1500 rows, and the test part");
    assertThat(said(drawn, null, bagging)).isEmpty();
  }
}
