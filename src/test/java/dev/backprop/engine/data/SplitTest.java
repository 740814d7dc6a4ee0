package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SplitTest {

  /// Examples of which only the strata matter.
  private static Examples strata(int... strata) {
    StringBuilder lines = new StringBuilder();
    for (int stratum : strata) {
      lines.append(stratum < 0 ? "" : "c" + stratum).append('\n');
    }
    String[] cells = ("y\n" + lines).split("\n", -1);
    Table table = Tables.csv(Arrays.copyOf(cells, strata.length + 1));
    int classes = Arrays.stream(strata).max().orElse(0) + 1;
    Target target =
        new Target.Classes(
            "y", IntStream.range(0, classes).mapToObj(c -> Label.text("c" + c)).toList());
    return new TableExamples(
        table,
        FeatureEncoder.of(java.util.List.of(), new int[0]),
        TargetEncoder.fit(target, table, new int[0]));
  }

  private static long count(Examples examples, int[] rows, int stratum) {
    return Arrays.stream(rows).filter(row -> examples.stratum(row) == stratum).count();
  }

  private static Examples bare(int rows) {
    return new BareExamples(DenseRows.of(new double[rows][1]), null);
  }

  @Test
  void partsAreDisjointSortedAndComplete() {
    Split split = Split.of(bare(103), 0.2, 0.1, 7);

    assertThat(split.validation()).hasSize(21).isSorted();
    assertThat(split.test()).hasSize(10).isSorted();
    assertThat(split.training()).hasSize(72).isSorted();
    assertThat(
            Stream.of(split.training(), split.validation(), split.test())
                .flatMapToInt(Arrays::stream))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 103).boxed().toList());
  }

  @Test
  void everyClassIsHeldOutInProportion() {
    int[] strata = IntStream.range(0, 200).map(i -> i < 120 ? 0 : i < 180 ? 1 : 2).toArray();
    Examples examples = strata(strata);
    Split split = Split.of(examples, 0.2, 0.1, 1);

    for (int c = 0; c < 3; c++) {
      int size = new int[] {120, 60, 20}[c];
      assertThat(count(examples, split.validation(), c)).isEqualTo(size / 5);
      assertThat(count(examples, split.test(), c)).isEqualTo(size / 10);
    }
  }

  @Test
  void remaindersGoToTheLargestOnes() {
    // quotas 0.2 * (7, 6, 7) = 1.4, 1.2, 1.4: four rows, of which the fourth goes to the first
    // class
    Examples examples = strata(0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2);
    Split split = Split.of(examples, 0.2, 0, 3);

    assertThat(split.validation()).hasSize(4);
    assertThat(count(examples, split.validation(), 0)).isEqualTo(2);
    assertThat(count(examples, split.validation(), 1)).isEqualTo(1);
    assertThat(count(examples, split.validation(), 2)).isEqualTo(1);
  }

  @Test
  void aClassWithOneRowTrainsAndEveryOtherKeepsARowForTraining() {
    Examples examples = strata(0, 1, 1, 2, 2, 2, 2, 2, 2, 2);
    for (int seed = 0; seed < 20; seed++) {
      Split split = Split.of(examples, 0.45, 0.45, seed);
      assertThat(split.training()).contains(0);
      for (int c = 0; c < 3; c++) {
        assertThat(count(examples, split.training(), c)).isPositive();
      }
      assertThat(split.validation().length + split.test().length).isEqualTo(7);
    }
  }

  @Test
  void rowsWithoutATargetAreInNoPart() {
    Split split = Split.of(strata(0, -1, 1, 0, -1, 1), 0.5, 0, 2);

    assertThat(split.validation()).hasSize(2);
    assertThat(IntStream.concat(Arrays.stream(split.training()), Arrays.stream(split.validation())))
        .containsExactlyInAnyOrder(0, 2, 3, 5);
  }

  @Test
  void theSeedDecides() {
    Examples examples = bare(1000);

    assertThat(Split.of(examples, 0.2, 0.1, 5).validation())
        .isEqualTo(Split.of(examples, 0.2, 0.1, 5).validation())
        .isNotEqualTo(Split.of(examples, 0.2, 0.1, 6).validation());
  }

  @Test
  void aFractionAboveZeroHoldsOutAtLeastOneRowIfItCan() {
    assertThat(Split.of(bare(3), 0.01, 0, 0).validation()).hasSize(1);
    assertThat(Split.of(bare(1), 0.5, 0, 0).validation()).isEmpty();
    assertThat(Split.of(bare(10), 0, 0, 0).training()).hasSize(10);
  }
}
