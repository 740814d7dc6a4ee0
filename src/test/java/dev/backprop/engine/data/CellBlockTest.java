package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CellBlockTest {

  private static final Table TABLE =
      Tables.csv("n,c,d,y", "1,u,2024-01-01,1", "2,v,2024-06-07,2", "3,u,,3", "4,,2025-01-01,4");

  private static final FeatureEncoder ENCODER =
      FeatureEncoder.fit(
          TABLE,
          Tables.schema(TABLE, new Target.Numbers(List.of("y"))).features(),
          EncodingSpec.DEFAULT,
          Tables.rows(4));

  /// The cells of the table, one row after those of others.
  private static CellBlock block(int before) {
    CellBlock block = new CellBlock(3, 8);
    CellRows rows = CellRows.of(TABLE, ENCODER, Tables.rows(4));
    for (int f = 0; f < 3; f++) {
      System.arraycopy(rows.column(f), 0, block.column(f), before, 4);
    }
    block.size(before + 4);
    return block;
  }

  @Test
  void encodesAsTheTableDoes() {
    int[] rows = {3, 0, 2, 1};
    Matrix expected = Matrix.allocate(4, ENCODER.width());
    new TableExamples(TABLE, ENCODER, null).encodeInputs(rows, 0, 4, expected);
    Matrix x = Matrix.allocate(4, ENCODER.width());
    Arrays.fill(x.values(), 7);

    Examples examples = block(2).encodedBy(ENCODER, 2);
    examples.encodeInputs(rows, 0, 4, x);

    assertThat(examples.size()).isEqualTo(4);
    assertThat(examples.inputs()).isEqualTo(ENCODER.width());
    assertThat(x.values()).isEqualTo(expected.values());
  }

  @Test
  void bareNumbersEnterAsTheyAre() {
    CellBlock block = new CellBlock(2, 3);
    block.column(0)[1] = 0.5;
    block.column(1)[1] = -3;
    block.size(2);
    Matrix x = Matrix.allocate(1, 2);

    block.encodedBy(null, 1).encodeInputs(new int[] {0}, 0, 1, x);

    assertThat(x.values()).containsExactly(0.5f, -3);
  }

  @Test
  void hasNoTargets() {
    Examples examples = block(0).encodedBy(ENCODER, 0);

    assertThat(examples.outputs()).isZero();
    assertThat(examples.bytes()).isEqualTo(3 * 8 * Double.BYTES);
    assertThatThrownBy(() -> examples.encodeTargets(new int[] {0}, 0, 1, Matrix.allocate(1, 1)))
        .isInstanceOf(IllegalStateException.class);
  }
}
