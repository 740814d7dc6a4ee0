package dev.backprop.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.data.TableExamples;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.spec.ClassWeightsSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowWeightsTest {

  private static final Target.Classes KINDS =
      new Target.Classes("kind", List.of(Label.text("a"), Label.text("b"), Label.text("c")));

  private static final TableExamples EXAMPLES =
      new TableExamples(
          Tables.csv("kind", "a", "b", "a", "c", "a", "b", "a"),
          FeatureEncoder.of(List.of(), new int[0]),
          TargetEncoder.of(KINDS, new double[0], new double[0]));

  private static RowWeights weights(ClassWeightsSpec spec, int... rows) {
    return Objects.requireNonNull(RowWeights.of(new Part(EXAMPLES, rows), KINDS, spec));
  }

  /// scikit-learn 1.2: compute_class_weight("balanced", classes=["a", "b", "c"], y=list("abacab"))
  /// is [0.66666667, 1, 2].
  @Test
  void balancesTheClassesOfTheTrainingRows() {
    RowWeights weights = weights(new ClassWeightsSpec.Balanced(), 0, 1, 2, 3, 4, 5);
    assertThat(weights.weight(0)).isEqualTo(6 / (3 * 3.0));
    assertThat(weights.weight(1)).isEqualTo(1);
    assertThat(weights.weight(3)).isEqualTo(2);
    assertThat(weights.weight(6)).isEqualTo(6 / (3 * 3.0));
    assertThat(weights.sum(new int[] {0, 1, 2, 3, 4, 5})).isEqualTo(6);
  }

  /// scikit-learn 1.7: compute_class_weight with sample_weight.
  @Test
  void balancesByTheWeightsOfTheRows() {
    Table table = Tables.csv("kind,w", "a,1", "b,3", "c,2", "a,0");
    TargetEncoder encoder = TargetEncoder.of(KINDS, new double[0], new double[0]);
    TableExamples examples =
        new TableExamples(table, FeatureEncoder.of(List.of(), new int[0]), encoder, "w");
    Part part = new Part(examples, new int[] {0, 1, 2, 3});
    RowWeights weights =
        Objects.requireNonNull(RowWeights.of(part, KINDS, new ClassWeightsSpec.Balanced()));
    assertThat(weights.weight(0)).isEqualTo(2); // 1 · 6 / (3 · 1)
    assertThat(weights.weight(1)).isEqualTo(2); // 3 · 6 / (3 · 3)
    assertThat(weights.weight(2)).isEqualTo(2); // 2 · 6 / (3 · 2)
    assertThat(weights.weight(3)).isZero();
    assertThat(Objects.requireNonNull(RowWeights.of(part, KINDS, null)).weight(1)).isEqualTo(3);
  }

  @Test
  void aClassWithoutTrainingRowsWeighsOne() {
    RowWeights weights = weights(new ClassWeightsSpec.Balanced(), 0, 1, 2, 5);
    assertThat(weights.weight(3)).isEqualTo(1);
    assertThat(weights.weight(0)).isEqualTo(4 / (3 * 2.0));
  }

  @Test
  void classesThatAreNotNamedWeighOne() {
    RowWeights weights = weights(new ClassWeightsSpec.Given(Map.of("c", 2.5)), 0, 1, 3);
    assertThat(weights.weight(3)).isEqualTo(2.5);
    assertThat(weights.weight(1)).isEqualTo(1);
    assertThat(weights.sum(new int[] {0, 1, 3})).isEqualTo(4.5);
  }

  /// Products that are all 0, and a balanced weight beyond the numbers.
  @ParameterizedTest
  @CsvSource({
    "1e-200, 1e-200, 1e-200, 0.0",
    "1e-320, 1, 0, Infinity",
  })
  void classWeightsMustLeaveANumber(double first, double other, double given, String sum) {
    Table table = Tables.csv("kind,w", "a," + first, "b," + other, "c," + other);
    TableExamples examples =
        new TableExamples(
            table,
            FeatureEncoder.of(List.of(), new int[0]),
            TargetEncoder.of(KINDS, new double[0], new double[0]),
            "w");
    ClassWeightsSpec spec =
        other == 1
            ? new ClassWeightsSpec.Balanced()
            : new ClassWeightsSpec.Given(Map.of("a", given, "b", given, "c", given));
    Split split = new Split(new int[] {0, 1, 2}, new int[0], new int[0]);
    assertThatExceptionOfType(InvalidSpecException.class)
        .isThrownBy(() -> RowWeights.checkSums(examples, split, KINDS, spec))
        .satisfies(e -> assertThat(e.pointer()).isEqualTo("/classWeights"))
        .satisfies(
            e ->
                assertThat(e.detail())
                    .isEqualTo(
                        "must leave the 3 training rows a finite weight above 0, times their own leave "
                            + sum));
    RowWeights.checkSums(examples, split, KINDS, null);
  }

  @Test
  void withoutWeightsThereIsNothingToWeigh() {
    assertThat(RowWeights.of(new Part(EXAMPLES, new int[] {0}), KINDS, null)).isNull();
  }
}
