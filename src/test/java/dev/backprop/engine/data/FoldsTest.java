package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FoldsTest {

  /// Rows of so many classes, as chance has it; of none if there are 0.
  private static Examples examples(int rows, int classes, long seed) {
    if (classes == 0) {
      return new BareExamples(DenseRows.of(new double[rows][1]), null);
    }
    SplittableRandom random = new SplittableRandom(seed);
    String[] lines = new String[rows + 1];
    lines[0] = "y";
    for (int row = 1; row <= rows; row++) {
      lines[row] = "c" + random.nextInt(1 + random.nextInt(classes));
    }
    Target target =
        new Target.Classes(
            "y", IntStream.range(0, classes).mapToObj(c -> Label.text("c" + c)).toList());
    Table table = Tables.csv(lines);
    return TableExamples.unencoded(table, Tables.schema(table, target));
  }

  record Deal(int rows, int folds, int classes, long seed) {}

  static Stream<Deal> deals() {
    List<Deal> deals = new ArrayList<>();
    long seed = 0;
    for (int rows : new int[] {2, 3, 7, 20, 101, 333}) {
      for (int folds : new int[] {2, 3, 5, 20}) {
        for (int classes : new int[] {0, 2, 7}) {
          if (folds <= rows) {
            deals.add(new Deal(rows, folds, classes, seed++));
          }
        }
      }
    }
    return deals.stream();
  }

  @ParameterizedTest
  @MethodSource("deals")
  void everyRowIsHeldOutOnceAndClassesAreSharedEvenly(Deal deal) {
    int rows = deal.rows();
    int count = deal.folds();
    Examples examples = examples(rows, deal.classes(), deal.seed());
    // Every third row tests, if enough are left.
    int[] dealt =
        IntStream.range(0, rows).filter(row -> rows < 3 * count || row % 3 != 0).toArray();
    Folds folds = Folds.of(examples, dealt, count, deal.seed());

    List<Integer> heldOut = new ArrayList<>();
    for (int fold = 0; fold < count; fold++) {
      Split split = folds.split(fold);
      assertThat(split.validation()).isSorted();
      assertThat(split.training()).isSorted();
      assertThat(split.test()).isEmpty();
      assertThat(
              IntStream.concat(Arrays.stream(split.training()), Arrays.stream(split.validation())))
          .containsExactlyInAnyOrderElementsOf(Arrays.stream(dealt).boxed().toList());
      assertThat(split.validation().length)
          .isBetween(dealt.length / count, Math.ceilDiv(dealt.length, count));
      for (int c = 0; c < deal.classes(); c++) {
        int all = size(examples, dealt, c);
        assertThat(size(examples, split.validation(), c))
            .isBetween(all / count, Math.ceilDiv(all, count));
      }
      Arrays.stream(split.validation()).forEach(heldOut::add);
    }
    assertThat(heldOut).containsExactlyInAnyOrderElementsOf(Arrays.stream(dealt).boxed().toList());
  }

  private static int size(Examples examples, int[] rows, int stratum) {
    return (int) Arrays.stream(rows).filter(row -> examples.stratum(row) == stratum).count();
  }

  @Test
  void oneSeedIsOneDeal() {
    Examples examples = examples(100, 3, 1);
    int[] rows = Tables.rows(100);
    for (int fold = 0; fold < 4; fold++) {
      assertThat(Folds.of(examples, rows, 4, 9).split(fold).validation())
          .containsExactly(Folds.of(examples, rows, 4, 9).split(fold).validation())
          .isNotEqualTo(Folds.of(examples, rows, 4, 10).split(fold).validation());
    }
  }

  /// Rows next to each other may be alike.
  @Test
  void rowsAreDealtAtRandom() {
    int[] held = Folds.of(examples(1_000, 0, 0), Tables.rows(1_000), 2, 3).split(0).validation();
    assertThat(Arrays.stream(held).filter(row -> row < 500).count()).isBetween(210L, 290L);
    assertThat(Arrays.stream(held).filter(row -> row % 2 == 0).count()).isBetween(210L, 290L);
  }

  @Test
  void refusesMoreFoldsThanRows() {
    Examples examples = examples(5, 0, 0);
    assertThatThrownBy(() -> Folds.of(examples, Tables.rows(5), 6, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Folds.of(examples, Tables.rows(5), 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
