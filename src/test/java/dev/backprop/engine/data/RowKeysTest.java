package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows that are parted by the values of a column: splits and folds of groups, and in an order.
class RowKeysTest {

  private static final SplitSpec GROUP = new SplitSpec.Group("k");
  private static final SplitSpec ORDER = new SplitSpec.Order("k");

  private static Column column(List<String> cells) {
    List<String> lines = new ArrayList<>(List.of("k,y"));
    cells.forEach(cell -> lines.add(cell + ",1"));
    return Tables.column(Tables.csv(lines.toArray(String[]::new)), "k");
  }

  private static RowKeys keys(SplitSpec spec, List<String> cells, long seed) {
    return RowKeys.of(spec, column(cells), Tables.rows(cells.size()), seed);
  }

  /// As many cells of so many values, as chance has it, some values far more frequent than others.
  private static List<String> cells(int rows, int values, long seed, boolean numbers) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> cells = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int value = random.nextInt(1 + random.nextInt(values));
      cells.add(numbers ? Integer.toString(7 * value - 50) : "c" + value);
    }
    return cells;
  }

  private static Set<String> values(List<String> cells, int[] rows) {
    return Arrays.stream(rows).mapToObj(cells::get).collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Integer> all(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).sorted().boxed().toList();
  }

  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noGroupIsInTwoPartsAndEveryRowIsInOne(boolean numbers) {
    for (int seed = 0; seed < 200; seed++) {
      int rows = 20 + seed;
      List<String> cells = cells(rows, 3 + seed % 40, seed, numbers);
      RowKeys keys = keys(GROUP, cells, seed);
      if (keys.count() < 3) {
        continue;
      }
      Split split = Split.of(keys, 0.2, 0.1);
      assertThat(all(split.training(), split.validation(), split.test())).isEqualTo(upTo(rows));
      for (int[] part : List.of(split.training(), split.validation(), split.test())) {
        assertThat(part).isNotEmpty().isSorted();
      }
      assertThat(values(cells, split.training()))
          .doesNotContainAnyElementsOf(values(cells, split.validation()))
          .doesNotContainAnyElementsOf(values(cells, split.test()));
      assertThat(values(cells, split.validation()))
          .doesNotContainAnyElementsOf(values(cells, split.test()));
    }
  }

  @Test
  void groupsAreDrawnUntilTheFractionIsReached() {
    // 50 groups of 1 to 7 rows, none larger than what a part is to have
    List<String> cells = new ArrayList<>();
    for (int group = 0; group < 50; group++) {
      cells.addAll(Collections.nCopies(1 + group % 7, "g" + group));
    }
    int rows = cells.size();
    for (int seed = 0; seed < 50; seed++) {
      Split split = Split.of(keys(GROUP, cells, seed), 0.2, 0.1);
      assertThat(split.validation().length)
          .isBetween((int) Math.round(0.2 * rows), (int) Math.round(0.2 * rows) + 6);
      assertThat(split.test().length)
          .isBetween((int) Math.round(0.1 * rows), (int) Math.round(0.1 * rows) + 6);
    }
  }

  @Test
  void whichGroupsAreHeldOutDependsOnNoOrderOfRowsAndOnTheSeed() {
    List<String> cells = cells(300, 40, 5, false);
    Set<String> heldOut = values(cells, Split.of(keys(GROUP, cells, 3), 0.2, 0).validation());
    List<String> shuffled = new ArrayList<>(cells);
    for (int i = 0; i < 10; i++) {
      Collections.shuffle(shuffled, new Random(i));
      assertThat(values(shuffled, Split.of(keys(GROUP, shuffled, 3), 0.2, 0).validation()))
          .isEqualTo(heldOut);
    }
    assertThat(values(cells, Split.of(keys(GROUP, cells, 4), 0.2, 0).validation()))
        .isNotEqualTo(heldOut);
  }

  /// A number is the group of its text.
  @Test
  void numbersAndTheirTextsAreTheSameGroups() {
    List<String> numbers = cells(200, 30, 1, true);
    Split ofNumbers = Split.of(keys(GROUP, numbers, 9), 0.2, 0.2);
    Object[] texts = numbers.toArray();
    Column asTexts = Tables.json(texts);
    Split ofTexts = Split.of(RowKeys.of(GROUP, asTexts, Tables.rows(200), 9), 0.2, 0.2);

    assertThat(column(numbers)).isInstanceOf(NumericColumn.class);
    assertThat(asTexts).isInstanceOf(CategoricalColumn.class);
    assertThat(ofTexts.validation()).isEqualTo(ofNumbers.validation());
    assertThat(ofTexts.test()).isEqualTo(ofNumbers.test());
  }

  /// Whoever holds out less to validate on, or nothing, tests on the same rows.
  @Test
  void theTestPartDoesNotDependOnTheValidationPart() {
    RowKeys keys = keys(GROUP, cells(300, 60, 2, false), 8);
    assertThat(Split.of(keys, 0.3, 0.2).test()).isEqualTo(Split.of(keys, 0, 0.2).test());
  }

  @Test
  void aGroupThatIsFarTooLargeTrains() {
    List<String> cells = new ArrayList<>(Collections.nCopies(900, "giant"));
    for (int group = 0; group < 100; group++) {
      cells.add("g" + group);
    }
    for (int seed = 0; seed < 30; seed++) {
      Split split = Split.of(keys(GROUP, cells, seed), 0.05, 0.02);
      assertThat(values(cells, split.training())).contains("giant");
      assertThat(split.validation()).hasSize(50);
      assertThat(split.test()).hasSize(20);
    }
  }

  @Test
  void asManyGroupsAsPartsAreOneEach() {
    List<String> cells = List.of("a", "a", "a", "a", "a", "a", "b", "b", "b", "c");
    for (int seed = 0; seed < 20; seed++) {
      Split split = Split.of(keys(GROUP, cells, seed), 0.2, 0.2);
      assertThat(values(cells, split.training())).hasSize(1);
      assertThat(values(cells, split.validation())).hasSize(1);
      assertThat(values(cells, split.test())).hasSize(1);
    }
    assertThatThrownBy(() -> Split.of(keys(GROUP, List.of("a", "b", "b"), 0), 0.2, 0.2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 keys for 3 parts");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theOrderIsRespected(boolean numbers) {
    for (int seed = 0; seed < 200; seed++) {
      int rows = 20 + seed;
      List<String> cells = cells(rows, 5 + seed % 60, seed, numbers);
      RowKeys keys = keys(ORDER, cells, seed);
      if (keys.count() < 3) {
        continue;
      }
      Split split = Split.of(keys, 0.2, 0.1);
      assertThat(all(split.training(), split.validation(), split.test())).isEqualTo(upTo(rows));
      assertBefore(cells, split.training(), split.validation(), numbers);
      assertBefore(cells, split.validation(), split.test(), numbers);
    }
  }

  private static void assertBefore(
      List<String> cells, int[] earlier, int[] later, boolean numbers) {
    for (int a : earlier) {
      for (int b : later) {
        assertThat(
                numbers
                    ? Double.compare(
                        Double.parseDouble(cells.get(a)), Double.parseDouble(cells.get(b)))
                    : cells.get(a).compareTo(cells.get(b)))
            .as("%s before %s", cells.get(a), cells.get(b))
            .isNegative();
      }
    }
  }

  @Test
  void theLatestRowsTestAndThoseBeforeThemValidate() {
    List<String> days =
        IntStream.range(0, 50)
            .mapToObj(i -> "2026-%02d-%02d".formatted(1 + i / 28, 1 + i % 28))
            .toList();
    List<String> shuffled = new ArrayList<>(days);
    Collections.shuffle(shuffled, new Random(1));
    Split split = Split.of(keys(ORDER, shuffled, 0), 0.2, 0.1);

    assertThat(values(shuffled, split.test())).containsExactlyElementsOf(days.subList(45, 50));
    assertThat(values(shuffled, split.validation()))
        .containsExactlyElementsOf(days.subList(35, 45));
  }

  @Test
  void numbersComeByValueAndTextsByCodePoint() {
    // as texts "10" comes before "9", and of UTF-16 units U+1F600 before U+FFFD
    assertThat(keys(ORDER, List.of("9", "10", "-1", "1e3", "-0.0", "0"), 0).keyOf())
        .containsExactly(2, 3, 0, 4, 1, 1);
    assertThat(keys(ORDER, List.of("9", "10", "x", "X", "\uFFFD", "\uD83D\uDE00", "x1"), 0).keyOf())
        .containsExactly(1, 0, 3, 2, 5, 6, 4);
    assertThat(RowKeys.comparedByCodePoint("\uD83D\uDE00", "\uD83D\uDE01")).isNegative();
    assertThat(RowKeys.comparedByCodePoint("a", "a")).isZero();
  }

  @Test
  void truthValuesAreGroupsToo() {
    RowKeys keys = keys(ORDER, List.of("true", "false", "true"), 0);
    assertThat(keys.keyOf()).containsExactly(1, 0, 1);
    assertThat(keys.sizes()).containsExactly(1, 2);
  }

  @Test
  void foldsOfGroupsHoldOutEveryGroupOnce() {
    for (int seed = 0; seed < 100; seed++) {
      List<String> cells = cells(60 + seed, 30, seed, seed % 2 == 0);
      RowKeys keys = keys(GROUP, cells, seed);
      Folds folds = Folds.of(keys, 5);
      Map<String, Integer> foldOf = new HashMap<>();
      List<Integer> heldOut = new ArrayList<>();
      for (int fold = 0; fold < 5; fold++) {
        Split split = folds.split(fold);
        assertThat(split.validation()).isNotEmpty();
        assertThat(all(split.training(), split.validation())).isEqualTo(upTo(cells.size()));
        for (int row : split.validation()) {
          heldOut.add(row);
          assertThat(Objects.requireNonNullElse(foldOf.putIfAbsent(cells.get(row), fold), fold))
              .isEqualTo(fold);
        }
      }
      assertThat(heldOut).containsExactlyInAnyOrderElementsOf(upTo(cells.size()));
    }
  }

  @Test
  void foldsOfGroupsAreAsEqualAsTheGroupsAllow() {
    List<String> cells = new ArrayList<>();
    for (int group = 0; group < 40; group++) {
      cells.addAll(Collections.nCopies(1 + group % 10, "g" + group)); // 220 rows
    }
    Folds folds = Folds.of(keys(GROUP, cells, 6), 5);
    for (int fold = 0; fold < 5; fold++) {
      assertThat(folds.split(fold).validation()).hasSize(44);
    }
    List<String> giant = new ArrayList<>(Collections.nCopies(100, "giant"));
    giant.addAll(List.of("a", "b", "c", "d", "e", "f", "g", "h"));
    folds = Folds.of(keys(GROUP, giant, 6), 3);
    assertThat(
            IntStream.range(0, 3)
                .map(fold -> Folds.of(keys(GROUP, giant, 6), 3).split(fold).validation().length))
        .containsExactlyInAnyOrder(100, 4, 4);
    assertThat(folds.ordered()).isFalse();
  }

  @Test
  void foldsOfGroupsDependOnNoOrderOfRows() {
    List<String> cells = cells(200, 40, 3, false);
    List<String> shuffled = new ArrayList<>(cells);
    Collections.shuffle(shuffled, new Random(2));
    for (int fold = 0; fold < 4; fold++) {
      assertThat(values(shuffled, Folds.of(keys(GROUP, shuffled, 1), 4).split(fold).validation()))
          .isEqualTo(values(cells, Folds.of(keys(GROUP, cells, 1), 4).split(fold).validation()));
    }
  }

  @Test
  void aFoldInOrderLearnsFromTheBlocksBeforeIt() {
    for (int seed = 0; seed < 100; seed++) {
      List<String> cells = cells(100 + seed, 60, seed, true);
      RowKeys keys = keys(ORDER, cells, 0);
      Folds folds = Folds.of(keys, 4);
      assertThat(folds.ordered()).isTrue();
      List<Integer> before = all(folds.split(0).training());
      for (int fold = 0; fold < 4; fold++) {
        Split split = folds.split(fold);
        assertThat(all(split.training())).isEqualTo(before);
        assertBefore(cells, split.training(), split.validation(), true);
        before = all(split.training(), split.validation());
      }
      assertThat(before).isEqualTo(upTo(cells.size()));
    }
  }

  @Test
  void blocksAreOfEqualSizeIfTheValuesAllow() {
    List<String> cells = IntStream.range(0, 100).mapToObj(Integer::toString).toList();
    Folds folds = Folds.of(keys(ORDER, cells, 0), 4);
    for (int fold = 0; fold < 4; fold++) {
      assertThat(folds.split(fold).validation()).hasSize(20);
      assertThat(folds.split(fold).training()).hasSize(20 * (fold + 1));
    }
    // the largest value, in the middle, takes the place of two blocks
    List<String> uneven = new ArrayList<>(Collections.nCopies(60, "5"));
    uneven.addAll(List.of("1", "2", "3", "4", "6", "7", "8", "9"));
    folds = Folds.of(keys(ORDER, uneven, 0), 3);
    assertThat(folds.split(0).training()).hasSize(4);
    assertThat(folds.split(0).validation()).hasSize(60);
    assertThat(folds.split(1).validation().length + folds.split(2).validation().length)
        .isEqualTo(4);
    List<String> fewest = List.of("1", "2", "3", "3", "3", "3");
    folds = Folds.of(keys(ORDER, fewest, 0), 2);
    assertThat(folds.split(0).validation()).containsExactly(1);
    assertThat(folds.split(1).validation()).containsExactly(2, 3, 4, 5);
    assertThatThrownBy(() -> Folds.of(keys(ORDER, fewest, 0), 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 keys for 3 folds");
  }
}
