package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EqualRowsTest {

  private static final Target Y = new Target.Numbers(List.of("y"));

  private static EqualRows.Count across(Table table, Split split) {
    return Objects.requireNonNull(EqualRows.of(table, Tables.schema(table, Y)).across(split));
  }

  private static Split split(int[] training, int... validation) {
    return new Split(training, validation, new int[0]);
  }

  @Test
  void rowsAreEqualInEveryFeatureAndTarget() {
    Table table =
        Tables.csv(
            "a,b,y",
            "1,x,5",
            "1,x,6",
            "1,z,5",
            "2,x,5",
            ",x,5",
            "1,,5",
            "0,x,5", // train
            "1,x,5",
            ",x,5",
            "1,,5",
            "-0.0,x,5",
            "1,x,7",
            "x,1,5".replace("x,1", "3,x"));
    int[] training = IntStream.range(0, 7).toArray();

    assertThat(across(table, split(training, 7, 8, 9, 10, 11, 12)))
        .isEqualTo(new EqualRows.Count(4, 6));
    assertThat(across(table, new Split(training, new int[] {7, 11}, new int[] {8, 12})))
        .isEqualTo(new EqualRows.Count(2, 4));
    // those that are equal to each other only are no matter
    assertThat(across(table, split(new int[] {1}, 0, 7))).isEqualTo(new EqualRows.Count(0, 2));
  }

  @Test
  void ignoredColumnsDoNotTellRowsApart() {
    Table table = Tables.csv("id,a,y", "1,1,5", "2,1,5", "3,2,5");
    Schema schema =
        new Schema(
            Tables.schema(table, Y).fields().stream()
                .map(field -> field.name().equals("id") ? field.ignored() : field)
                .toList(),
            Y);
    assertThat(EqualRows.of(table, schema).across(split(new int[] {0}, 1, 2)))
        .isEqualTo(new EqualRows.Count(1, 2));
  }

  @Test
  void bareNumbersAreComparedToo() {
    double[][] inputs = new double[300][3];
    double[][] targets = new double[300][1];
    for (int i = 0; i < 300; i++) {
      inputs[i] = new double[] {i % 100, 1, 0};
      targets[i] = new double[] {i < 200 ? 0 : 1};
    }
    EqualRows rows = EqualRows.of(new BareExamples(DenseRows.of(inputs), DenseRows.of(targets)));
    int[] training = IntStream.range(0, 100).toArray();
    assertThat(rows.across(split(training, IntStream.range(100, 300).toArray())))
        .isEqualTo(new EqualRows.Count(100, 200));
  }

  @Test
  void aRowOfAFoldIsRepeatedWhereAnotherFoldHasIt() {
    List<String> lines = new ArrayList<>(List.of("k,a,y"));
    for (int i = 0; i < 40; i++) {
      lines.add("%d,%d,1".formatted(i, i % 20)); // each content twice
    }
    Table table = Tables.csv(lines.toArray(String[]::new));
    Schema schema =
        new Schema(
            Tables.schema(table, Y).fields().stream()
                .map(field -> field.name().equals("k") ? field.ignored() : field)
                .toList(),
            Y);
    EqualRows rows = EqualRows.of(table, schema);
    Column k = Tables.column(table, "k");
    // Blocks of ten: the third and fourth have what the first and second have.
    Folds ordered = Folds.of(RowKeys.of(new SplitSpec.Order("k"), k, Tables.rows(40), 0), 3);
    assertThat(rows.across(ordered)).isEqualTo(new EqualRows.Count(20, 30));
    Folds grouped =
        Folds.of(
            RowKeys.of(new SplitSpec.Group("a"), Tables.column(table, "a"), Tables.rows(40), 0), 4);
    assertThat(rows.across(grouped)).isEqualTo(new EqualRows.Count(0, 40));
    Folds random = Folds.of(TableExamples.unencoded(table, schema), Tables.rows(40), 4, 1);
    long apart = 0;
    for (int fold = 0; fold < 4; fold++) {
      Set<Integer> contents = new HashSet<>();
      for (int row : random.split(fold).training()) {
        contents.add(row % 20);
      }
      for (int row : random.split(fold).validation()) {
        apart += contents.contains(row % 20) ? 1 : 0;
      }
    }
    assertThat(rows.across(random)).isEqualTo(new EqualRows.Count(apart, 40));
  }

  /// 400,000 different held-out rows, of which every fifth is in the training too.
  @Test
  void ofManyRowsItLooksAtAFairSample() {
    int n = 400_000;
    TableBuilder builder = Tables.builder();
    List<Integer> values = new ArrayList<>(IntStream.range(0, n).boxed().toList());
    IntStream.range(0, n / 5).forEach(i -> values.add(5 * i));
    Collections.shuffle(values, new Random(4));
    List<Integer> training = new ArrayList<>();
    List<Integer> heldOut = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (int row = 0; row < values.size(); row++) {
      builder.number(builder.column("a"), values.get(row));
      builder.number(builder.column("y"), 1);
      builder.endRow();
      (seen.add(values.get(row)) ? heldOut : training).add(row);
    }
    Table table = builder.build();
    Split split =
        split(
            training.stream().mapToInt(i -> i).toArray(),
            heldOut.stream().mapToInt(i -> i).toArray());
    EqualRows.Count count = across(table, split);
    assertThat(count.of()).isBetween(25_000L, 65_536L);
    assertThat(count.equal() / (double) count.of()).isBetween(0.18, 0.22);
  }

  /// However many rows: what is few are their contents.
  @Test
  void fewContentsAreCountedExactly() {
    SplittableRandom random = new SplittableRandom(2);
    TableBuilder builder = Tables.builder();
    for (int row = 0; row < 300_000; row++) {
      builder.number(builder.column("a"), random.nextInt(50));
      builder.number(builder.column("y"), 1);
      builder.endRow();
    }
    int[] training = IntStream.range(0, 200_000).toArray();
    int[] heldOut = IntStream.range(200_000, 300_000).toArray();
    assertThat(across(builder.build(), split(training, heldOut)))
        .isEqualTo(new EqualRows.Count(100_000, 100_000));
  }
}
