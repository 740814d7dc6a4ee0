package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleWeightsTest {

  private static final List<String> TARGET = List.of("y");

  @Test
  void areTheNumbersOfTheColumn() {
    ExampleWeights weights =
        Objects.requireNonNull(
            ExampleWeights.of(Tables.csv("y,w", "1,2", "2,0.25", "3,0"), "w", TARGET));
    assertThat(weights.weight(0)).isEqualTo(2);
    assertThat(weights.weight(1)).isEqualTo(0.25);
    assertThat(weights.weight(2)).isZero();
  }

  @Test
  void ofRowsWithoutATargetMatterNot() {
    assertThat(ExampleWeights.of(Tables.csv("y,w", "1,2", ",", ",-7"), "w", TARGET)).isNotNull();
  }

  @Test
  void thatAreNotThereWeighNothing() {
    assertThat(ExampleWeights.of(Tables.csv("y", "1"), "w", TARGET)).isNull();
    assertThat(ExampleWeights.of(Tables.csv("y,w", "1,", "2,"), "w", TARGET)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "'1,2', '2,-0.5', 'column ''w'', row 1: must be from 0 to 1.0E30, was -0.5'",
    "'1,2', '2,1e31', 'column ''w'', row 1: must be from 0 to 1.0E30, was 1.0E31'",
    "'1,2', '2,', 'column ''w'', row 1: must have a weight, the row has a target'",
    "'1,0', '2,0', 'column ''w'': must be above 0 in at least 1 row with a target, is in 0'"
  })
  void sayWhatIsWrongAndWhere(String first, String second, String message) {
    Table table = Tables.csv("y,w", first, second);
    assertThatThrownBy(() -> ExampleWeights.of(table, "w", TARGET)).hasMessage(message);
  }
}
