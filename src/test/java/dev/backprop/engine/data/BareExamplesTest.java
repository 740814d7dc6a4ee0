package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Task;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BareExamplesTest {

  @Test
  void numbersGoToTheNetworkAsTheyAre() {
    BareExamples xor =
        new BareExamples(
            DenseRows.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}),
            DenseRows.of(new double[][] {{0}, {1}, {1}, {0}}));
    Matrix x = Matrix.allocate(3, 2);
    Matrix y = Matrix.allocate(3, 1);
    xor.encode(new int[] {0, 3, 1}, 1, 2, x, y);

    assertThat(x.rows()).isEqualTo(2);
    assertThat(x.values()).containsExactly(1, 1, 0, 1, 0, 0);
    assertThat(y.values()).containsExactly(0, 1, 0);
    assertThat(xor.size()).isEqualTo(4);
    assertThat(xor.inputs()).isEqualTo(2);
    assertThat(xor.outputs()).isEqualTo(1);
    assertThat(xor.stratum(2)).isEqualTo(-1);
    assertThat(xor.labelled()).containsExactly(0, 1, 2, 3);
    assertThat(xor.bytes()).isEqualTo(16 + 8 * 4 + 16 + 4 * 4);
    assertThat(xor.inputRows().rows()).isEqualTo(4);
    assertThat(TargetEncoder.bare(1).target().task()).isEqualTo(Task.BARE);
    assertThat(TargetEncoder.bare(3).target().outputs()).isEqualTo(3);
    assertThat(TargetEncoder.bare(3).target().names()).isEmpty();
  }

  @Test
  void inputsAloneCanBePredicted() {
    BareExamples inputs = new BareExamples(DenseRows.of(new double[][] {{0.5, -2}}), null);
    Matrix x = Matrix.allocate(1, 2);
    inputs.encodeInputs(new int[] {0}, 0, 1, x);

    assertThat(x.values()).containsExactly(0.5f, -2);
    assertThat(inputs.outputs()).isZero();
    assertThat(inputs.targetRows()).isNull();
    assertThatThrownBy(() -> inputs.encode(new int[] {0}, 0, 1, x, x))
        .hasMessage("these examples have no targets");
    assertThatThrownBy(() -> inputs.encodeInputs(new int[] {0}, 0, 1, Matrix.allocate(1, 3)))
        .hasMessage("3 columns for 2");
    assertThatThrownBy(
            () -> new BareExamples(inputs.inputRows(), DenseRows.of(new double[][] {{1}, {2}})))
        .hasMessage("1 inputs and 2 targets");
  }

  @Test
  void keepsRowsThatAreWiderThanABlock() {
    int width = 100_000;
    double[][] values = new double[3][width];
    for (int row = 0; row < values.length; row++) {
      values[row][width - 1] = row + 1;
    }

    DenseRows wide = DenseRows.of(values);

    assertThat(wide.bytes()).isEqualTo(3 * (16 + 4L * width));
    for (int row = 0; row < values.length; row++) {
      assertThat(wide.value(row, 0)).isZero();
      assertThat(wide.value(row, width - 1)).isEqualTo(row + 1);
    }
  }

  @Test
  void areTheSameAsColumns() {
    BareExamples examples =
        new BareExamples(
            DenseRows.of(new double[][] {{1, 0.25}, {-3, 1e30}, {70_000, 0}}),
            DenseRows.of(new double[][] {{1}, {2}, {0.1}}),
            DenseRows.of(new double[][] {{1, 0, 2.5}}));
    List<Long> told = new ArrayList<>();

    Table table = examples.table(() -> told::add);
    BareExamples again = BareExamples.of(table, 1, true);

    assertThat(table.columns())
        .extracting(Column::name)
        .containsExactly("input 0", "input 1", "target 0", "weight");
    assertThat(told).hasSize(4).allSatisfy(bytes -> assertThat(bytes).isBetween(400L, 500L));
    Matrix x = Matrix.allocate(3, 2);
    Matrix y = Matrix.allocate(3, 1);
    again.encode(new int[] {0, 1, 2}, 0, 3, x, y);
    assertThat(x.values()).containsExactly(1, 0.25f, -3, 1e30f, 70_000, 0);
    assertThat(y.values()).containsExactly(1, 2, 0.1f);
    assertThat(IntStream.range(0, 3).mapToDouble(again::weight).toArray())
        .containsExactly(1, 0, 2.5);
    assertThat(BareExamples.of(examples.table(ByteBudget::unbounded), 2, false).inputs())
        .isEqualTo(2);
  }

  @Test
  void keepsManyRowsInBlocks() {
    DenseRows.Builder builder = new DenseRows.Builder(ByteBudget.unbounded());
    int width = 1000;
    int rows = 200;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < width; column++) {
        builder.add(row + column / 1024.0);
      }
      assertThat(builder.inRow()).isEqualTo(width);
      builder.endRow();
    }
    assertThat(builder.rows()).isEqualTo(rows);
    DenseRows built = builder.build();

    assertThat(built.bytes()).isEqualTo(4L * rows * width + 4 * 16);
    for (int row = 0; row < rows; row++) {
      assertThat(built.value(row, 0)).isEqualTo(row);
      assertThat(built.value(row, width - 1)).isEqualTo((float) (row + 999 / 1024.0));
    }
    // 65 rows a block: a run of rows over three of them, and rows out of order.
    int[] asked = new int[160];
    for (int i = 0; i < 150; i++) {
      asked[i] = 20 + i;
    }
    System.arraycopy(new int[] {7, 8, 3, 3, 199, 64, 65, 66, 0, 1}, 0, asked, 150, 10);
    Matrix x = Matrix.allocate(asked.length, width);
    new BareExamples(built, null).encodeInputs(asked, 0, asked.length, x);
    for (int i = 0; i < asked.length; i++) {
      for (int column = 0; column < width; column++) {
        assertThat(x.values()[i * width + column]).isEqualTo(built.value(asked[i], column));
      }
    }
  }

  @Test
  void rowsAreWideOrEqual() {
    DenseRows.Builder builder = new DenseRows.Builder(ByteBudget.unbounded());
    builder.add(1);
    builder.add(2);
    builder.endRow();
    builder.add(3);

    assertThatThrownBy(builder::build).hasMessage("the last row has not ended");
    assertThatThrownBy(builder::endRow).hasMessage("row 1: must have 2 numbers, had 1");
    builder.add(4);
    builder.add(5);
    assertThatThrownBy(builder::endRow).hasMessage("row 1: must have 2 numbers, had 3");
    assertThatThrownBy(() -> new DenseRows.Builder(ByteBudget.unbounded()).endRow())
        .hasMessage("row 0: must have at least 1 number, had 0");
  }

  @Test
  void refusesWhatIsNoFloat() {
    DenseRows.Builder builder = new DenseRows.Builder(ByteBudget.unbounded());

    assertThatThrownBy(() -> builder.add(1e39))
        .hasMessage("row 0: must be within ±3.4028235E38, was 1.0E39");
    assertThatThrownBy(() -> builder.add(Double.NaN)).hasMessageContaining("was NaN");
  }

  @Test
  void anEmptyListHasNoRows() {
    DenseRows rows = new DenseRows.Builder(ByteBudget.unbounded()).build();

    assertThat(rows.rows()).isZero();
    assertThat(rows.width()).isZero();
  }

  @Test
  void tellsTheBudget() {
    DenseRows.Builder builder =
        new DenseRows.Builder(
            bytes -> {
              if (bytes > 1_000_000) {
                throw new IllegalStateException("full");
              }
            });

    assertThatThrownBy(
            () -> {
              while (true) {
                builder.add(1);
                builder.endRow();
              }
            })
        .hasMessage("full");
    assertThat(builder.rows()).isBetween(190_000, 270_000);
  }
}
