package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EncodedExamplesTest {

  private static final Target TARGET =
      new Target.Classes("y", List.of(Label.text("a"), Label.text("b"), Label.text("c")));

  /// More rows than are encoded at once and than a block has; some without a cell, some without a
  /// target.
  private static Examples examples(int rows) {
    Stream<String> lines =
        IntStream.range(0, rows)
            .mapToObj(
                i ->
                    "%s,%s,%s"
                        .formatted(
                            i % 7 == 3 ? "" : i * 37 % 101 / 8.0,
                            "uvw".charAt(i % 3),
                            i % 11 == 5 ? "" : "abc".charAt(i % 3)));
    Table table = Tables.csv(Stream.concat(Stream.of("n,c,y"), lines).toArray(String[]::new));
    return new TableExamples(
        table,
        FeatureEncoder.fit(
            table,
            Tables.schema(table, TARGET).features(),
            EncodingSpec.DEFAULT,
            Tables.rows(rows)),
        TargetEncoder.asGiven(TARGET));
  }

  @Test
  void rowsHaveTheBitsThatTheirSourceGivesThem() {
    Examples source = examples(20_000);
    try (Team team = new Team(2)) {
      EncodedExamples encoded = new EncodedExamples(source);
      encoded.keep(team);
      int[] rows = source.labelled();
      // Neighbours, rows far apart, and one row twice.
      int[] asked = {rows[0], rows[1], rows[2], rows[9_000], rows[15_000], rows[3], rows[3]};
      Matrix x = Matrix.allocate(6, source.inputs());
      Matrix y = Matrix.allocate(6, source.outputs());
      Matrix expectedX = Matrix.allocate(6, source.inputs());
      Matrix expectedY = Matrix.allocate(6, source.outputs());

      source.encode(asked, 1, 6, expectedX, expectedY);

      encoded.encode(asked, 1, 6, x, y);
      assertThat(x.values()).isEqualTo(expectedX.values());
      assertThat(y.values()).isEqualTo(expectedY.values());
      assertThat(x.rows()).isEqualTo(6);
      assertThat(encoded.labelled()).isEqualTo(rows);

      encoded.forget();
      Arrays.fill(x.values(), 0);
      Arrays.fill(y.values(), 0);
      encoded.encode(asked, 1, 6, x, y);
      assertThat(x.values()).isEqualTo(expectedX.values());
      assertThat(y.values()).isEqualTo(expectedY.values());
    }
  }

  @Test
  void tellsTheMemoryOfItsRows() {
    Examples source = examples(1_000);

    EncodedExamples encoded = new EncodedExamples(source);
    assertThat(encoded.keptBytes()).isEqualTo(1_000L * 4 * (5 + 3));
    assertThat(encoded.bytes()).isEqualTo(source.bytes());
    encoded.keep(Team.ALONE);
    assertThat(encoded.bytes()).isBetween(source.bytes() + 32_000, source.bytes() + 33_000);
    encoded.forget();
    assertThat(encoded.bytes()).isEqualTo(source.bytes());
  }

  @Test
  void whatWasForgottenBeforeItWasEncodedIsNotKept() {
    Examples source = examples(1_000);
    EncodedExamples encoded = new EncodedExamples(source);
    encoded.forget();
    encoded.keep(Team.ALONE);
    assertThat(encoded.bytes()).isEqualTo(source.bytes());
  }
}
