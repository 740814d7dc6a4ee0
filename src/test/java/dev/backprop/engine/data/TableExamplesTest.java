package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.Task;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableExamplesTest {

  private static final Target SPECIES =
      new Target.Classes("y", List.of(Label.text("a"), Label.text("b"), Label.text("c")));

  private static TableExamples examples(Table table, Target target) {
    int[] all = Tables.rows(table.rows());
    List<Schema.Field> features = Tables.schema(table, target).features();
    return new TableExamples(
        table,
        FeatureEncoder.fit(table, features, EncodingSpec.DEFAULT, all),
        TargetEncoder.fit(target, table, all));
  }

  private static float[] targets(Table table, Target target, int... rows) {
    TableExamples examples = examples(table, target);
    Matrix x = Matrix.allocate(rows.length, examples.inputs());
    Matrix y = Matrix.allocate(rows.length, examples.outputs());
    examples.encode(rows, 0, rows.length, x, y);
    return y.values();
  }

  @Test
  void encodesTheRowsThatAreAskedFor() {
    Table table = Tables.csv("n,c,y", "1,u,a", "2,v,b", "3,u,c", "4,,a");
    TableExamples examples = examples(table, SPECIES);
    Matrix x = Matrix.allocate(3, examples.inputs());
    Matrix y = Matrix.allocate(3, examples.outputs());
    Arrays.fill(x.values(), 7);
    Arrays.fill(y.values(), 7);

    examples.encode(new int[] {9, 3, 1, 9}, 1, 2, x, y);

    float far = (float) (1.5 / Math.sqrt(1.25));
    float near = (float) (-0.5 / Math.sqrt(1.25));
    assertThat(x.rows()).isEqualTo(2);
    assertThat(y.rows()).isEqualTo(2);
    assertThat(x.values()).containsExactly(far, 0, 0, 1, near, 0, 1, 0, 7, 7, 7, 7);
    assertThat(y.values()).containsExactly(1, 0, 0, 0, 1, 0, 7, 7, 7);
    assertThat(examples.size()).isEqualTo(4);
    assertThat(examples.bytes()).isEqualTo(table.bytes());
  }

  @Test
  void refusesNumbersThatNoTargetMayBe() {
    assertThatThrownBy(
            () ->
                TableExamples.unencoded(
                    Tables.csv("y", "1", "2e100"),
                    new Schema(List.of(), new Target.Numbers(List.of("y")))))
        .isInstanceOf(InvalidDataException.class)
        .hasMessage(
            "column 'y', row 1: must be from -1.0E100 to 1.0E100 to be a target, was 2.0E100");
  }

  @Test
  void encodesAsTheEncoderDoesRowByRow() {
    Table table = Tables.csv("n,c,m,y", "1,u,,a", "-2.5,v,3,b", "3,,8,c", "4,u,,a");
    TableExamples examples = examples(table, SPECIES);
    FeatureEncoder encoder =
        FeatureEncoder.fit(
            table, Tables.schema(table, SPECIES).features(), EncodingSpec.DEFAULT, Tables.rows(4));
    Matrix x = Matrix.allocate(4, examples.inputs());
    examples.encodeInputs(Tables.rows(4), 0, 4, x);
    float[] rowWise = new float[4 * encoder.width()];
    double[][] cells = {{1, 0, Double.NaN}, {-2.5, 1, 3}, {3, Double.NaN, 8}, {4, 0, Double.NaN}};
    for (int row = 0; row < 4; row++) {
      encoder.encode(cells[row], 0, rowWise, row * encoder.width());
    }

    assertThat(x.values()).isEqualTo(rowWise);
  }

  @Test
  void twoClassesShareOneUnit() {
    Table table = Tables.csv("n,y", "1,yes", "2,no", "3,yes");
    Target target = new Target.Classes("y", List.of(Label.text("no"), Label.text("yes")));

    assertThat(target.task()).isEqualTo(Task.BINARY_CLASSIFICATION);
    assertThat(target.outputs()).isEqualTo(1);
    assertThat(targets(table, target, 0, 1, 2)).containsExactly(1, 0, 1);
  }

  @Test
  void numbersAreStandardized() {
    Table table = Tables.csv("n,y,z", "1,10,5", "2,30,5");
    Target target = new Target.Numbers(List.of("y", "z"));
    TargetEncoder encoder = TargetEncoder.fit(target, table, new int[] {0, 1});

    assertThat(target.task()).isEqualTo(Task.REGRESSION);
    assertThat(encoder.means()).containsExactly(20, 5);
    assertThat(encoder.stds()).containsExactly(10, 1);
    assertThat(targets(table, target, 0, 1)).containsExactly(-1, 0, 1, 0);
    assertThat(encoder).hasToString("TargetEncoder[" + target + ", [20.0, 5.0], [10.0, 1.0]]");
  }

  @Test
  void severalTruthValuesAreOneUnitEach() {
    Table table = Tables.csv("n,p,q", "1,true,false", "2,false,false", "3,true,true");
    Target target = new Target.MultiLabel(List.of("p", "q"));

    assertThat(target.task()).isEqualTo(Task.MULTILABEL_CLASSIFICATION);
    assertThat(targets(table, target, 0, 1, 2)).containsExactly(1, 0, 0, 0, 1, 1);
    assertThat(examples(table, target).stratum(0)).isEqualTo(-1);
  }

  @Test
  void rowsWithoutATargetTakePartInNothing() {
    Table table = Tables.csv("n,y", "1,b", "2,", "3,c", "4,a");
    TableExamples examples = examples(table, SPECIES);

    assertThat(examples.labelled()).containsExactly(0, 2, 3);
    assertThat(examples.stratum(0)).isEqualTo(1);
    assertThat(examples.stratum(1)).isEqualTo(Examples.NO_TARGET);
    assertThatThrownBy(
            () ->
                examples.encode(new int[] {1}, 0, 1, Matrix.allocate(1, 1), Matrix.allocate(1, 3)))
        .hasMessage("row 1 has no target");
  }

  @Test
  void findsTheLabelsOfAnotherTableByTheirText() {
    Table trained = Tables.csv("c,y", "u,a", "v,b", "w,c");
    Table other = Tables.csv("c,y", "w,c", "u,a", "new,b");
    int[] all = Tables.rows(3);
    TableExamples examples =
        new TableExamples(
            other,
            FeatureEncoder.fit(
                trained, Tables.schema(trained, SPECIES).features(), EncodingSpec.DEFAULT, all),
            TargetEncoder.fit(SPECIES, trained, all));
    Matrix x = Matrix.allocate(3, 3);
    Matrix y = Matrix.allocate(3, 3);
    examples.encode(all, 0, 3, x, y);

    assertThat(x.values()).containsExactly(0, 0, 1, 1, 0, 0, 0, 0, 0);
    assertThat(y.values()).containsExactly(0, 0, 1, 1, 0, 0, 0, 1, 0);
  }

  @Test
  void refusesAClassThatTheModelDoesNotKnow() {
    Table trained = Tables.csv("c,y", "u,a", "v,b", "w,c");
    Table other = Tables.csv("c,y", "u,a", "u,d");
    FeatureEncoder encoder =
        FeatureEncoder.fit(
            trained,
            Tables.schema(trained, SPECIES).features(),
            EncodingSpec.DEFAULT,
            Tables.rows(3));

    assertThatThrownBy(
            () ->
                new TableExamples(
                    other, encoder, TargetEncoder.fit(SPECIES, trained, Tables.rows(3))))
        .hasMessage(
            "column 'y', row 1: must be one of the 3 classes of the training data, was 'd'");
  }

  @Test
  void refusesTablesAndMatricesThatDoNotFit() {
    Table table = Tables.csv("n,y", "1,a", "2,b", "3,c");
    TableExamples examples = examples(table, SPECIES);
    FeatureEncoder encoder =
        FeatureEncoder.fit(
            table, Tables.schema(table, SPECIES).features(), EncodingSpec.DEFAULT, Tables.rows(3));
    TargetEncoder classes = TargetEncoder.fit(SPECIES, table, Tables.rows(3));
    TableExamples inputsOnly = new TableExamples(table, encoder, null);

    assertThatThrownBy(() -> examples.encodeInputs(new int[1], 0, 1, Matrix.allocate(1, 2)))
        .hasMessage("2 columns for 1 inputs");
    assertThatThrownBy(() -> new TableExamples(Tables.csv("n", "u"), encoder, null))
        .hasMessage("column 'n' has another type");
    assertThatThrownBy(() -> new TableExamples(Tables.csv("z", "u"), encoder, null))
        .hasMessage("the table has no column 'n'");
    assertThatThrownBy(() -> new TableExamples(Tables.csv("n,y", "1,2"), encoder, classes))
        .hasMessage("the classes of 'y' are numbers");
    assertThatThrownBy(() -> new TableExamples(table, encoder, TargetEncoder.bare(1)))
        .hasMessage("a table's columns are no bare numbers");
    assertThat(inputsOnly.outputs()).isZero();
    assertThat(inputsOnly.stratum(0)).isEqualTo(-1);
    assertThatThrownBy(
            () -> inputsOnly.encode(new int[1], 0, 1, Matrix.allocate(1, 1), Matrix.allocate(1, 1)))
        .hasMessage("these examples have no targets");
    assertThatThrownBy(
            () -> TargetEncoder.fit(new Target.Numbers(List.of("q")), table, new int[] {0}))
        .hasMessage("the table has no column 'q'");
    assertThatThrownBy(
            () -> TargetEncoder.of(new Target.Numbers(List.of("q")), new double[0], new double[1]))
        .hasMessage("0 means and 1 deviations for 1 numeric targets");
    assertThat(TargetEncoder.of(SPECIES, new double[0], new double[0]).target()).isEqualTo(SPECIES);
  }
}
