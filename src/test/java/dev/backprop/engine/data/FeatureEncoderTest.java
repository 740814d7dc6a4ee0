package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.CategoryEncodingSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeatureEncoderTest {

  /// The last row is held out: what it says must not leak into the statistics.
  private static final Table TABLE =
      Tables.csv(
          "n,m,c,d,y",
          "1,10,red,a,no",
          "3,,blue,,yes",
          "5,20,red,a,no",
          "7,60,blue,,yes",
          "1000,90,green,b,no");

  private static final int[] TRAINING = {0, 1, 2, 3};

  private static final List<Schema.Field> FEATURES =
      Tables.schema(TABLE, new Target.Classes("y", List.of(Label.text("no"), Label.text("yes"))))
          .features();

  private static final FeatureEncoder ENCODER =
      FeatureEncoder.fit(TABLE, FEATURES, EncodingSpec.DEFAULT, TRAINING);

  private static float[] encoded(double... cells) {
    float[] x = new float[ENCODER.width() + 2];
    ENCODER.encode(cells, 0, x, 1);
    assertThat(x[0]).isZero();
    assertThat(x[x.length - 1]).isZero();
    return java.util.Arrays.copyOfRange(x, 1, x.length - 1);
  }

  @Test
  void measuresTheTrainingPartAndTakesCategoriesFromAllRows() {
    double std = Math.sqrt((400 + 100 + 900) / 3.0);
    assertThat(ENCODER.features().get(0))
        .isEqualTo(new Feature.Numeric("n", false, 4, 4, Math.sqrt(5), 1, 7));
    Feature.Numeric m = (Feature.Numeric) ENCODER.features().get(1);
    assertThat(m.median()).isEqualTo(20);
    assertThat(m.mean()).isEqualTo(30);
    assertThat(m.std()).isCloseTo(std, org.assertj.core.data.Offset.offset(1e-12));
    assertThat(ENCODER.features().get(2))
        .isEqualTo(
            new Feature.Categorical(
                "c",
                false,
                ColumnType.CATEGORICAL,
                List.of(Label.text("blue"), Label.text("green"), Label.text("red"))));
    assertThat(ENCODER.width()).isEqualTo(1 + 2 + 3 + 3);
  }

  @Test
  void encodesNumbersCategoriesAndWhatIsMissing() {
    double std = ((Feature.Numeric) ENCODER.features().get(1)).std();
    assertThat(encoded(7, 60, 2, 0))
        .containsExactly((float) (3 / Math.sqrt(5)), (float) (30 / std), 0, 0, 0, 1, 1, 0, 0);
    assertThat(encoded(4, Double.NaN, 0, Double.NaN))
        .containsExactly(0, (float) (-10 / std), 1, 1, 0, 0, 0, 0, 1);
    assertThat(encoded(4, 30, FeatureEncoder.UNSEEN, FeatureEncoder.UNSEEN))
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /// Green, whose input is silent, is encoded as an unseen category is, row by row and in batches.
  /// A silent number stays at its mean. The index of an embedded category is no slot.
  @Test
  void silentInputsAreZeroInEveryRow() {
    assertThat(encoded(4, 30, 1, 1)).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0);

    Table table = Tables.csv("k,c,n", "3,red,1", "3,blue,2", "8,green,3");
    List<Schema.Field> features = Tables.schema(table, new Target.Numbers(List.of())).features();
    FeatureEncoder plain =
        FeatureEncoder.fit(table, features, EncodingSpec.DEFAULT, new int[] {0, 1});
    assertThat(plain.silentInputs()).containsExactly(0, 2);
    Matrix x = Matrix.allocate(3, plain.width());
    new TableExamples(table, plain, null).encodeInputs(Tables.rows(3), 0, 3, x);
    assertThat(x.values()).containsExactly(0, 0, 0, 1, -1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 3);

    Schema embedding = new Schema(features, new Target.Numbers(List.of())).embedding(Set.of("c"));
    FeatureEncoder embedded =
        FeatureEncoder.fit(table, embedding.features(), EncodingSpec.DEFAULT, new int[] {0, 1});
    assertThat(embedded.silentInputs()).containsExactly(0, 2);
    Matrix e = Matrix.allocate(3, embedded.width());
    new TableExamples(table, embedded, null).encodeInputs(Tables.rows(3), 0, 3, e);
    assertThat(e.values()).containsExactly(0, 2, -1, 0, 0, 1, 0, 1, 3);
  }

  @Test
  void furtherRowsWidenRangesAndWakeWhatFiresInThem() {
    // Green and b.
    assertThat(ENCODER.silentInputs()).containsExactly(4, 7);
    Table further =
        Tables.csv(
            "d,c,y,m,n", "b,red,no,-5,2", "a,violet,no,,2", ",red,yes,70,2", "a,red,no,1,99");
    FeatureEncoder extended = ENCODER.extended(further, new int[] {0, 1, 2});

    Feature.Numeric m = (Feature.Numeric) ENCODER.features().get(1);
    assertThat(extended.features())
        .containsExactly(
            ENCODER.features().get(0),
            new Feature.Numeric("m", true, m.median(), m.mean(), m.std(), -5, 70),
            ENCODER.features().get(2),
            ENCODER.features().get(3));
    assertThat(extended.silentInputs()).containsExactly(4);
    float[] before = new float[ENCODER.width()];
    float[] after = before.clone();
    ENCODER.encode(new double[] {7, 60, 2, 0}, 0, before, 0);
    extended.encode(new double[] {7, 60, 2, 0}, 0, after, 0);
    assertThat(after).containsExactly(before);
  }

  @Test
  void furtherRowsWithoutAValueChangeNoRange() {
    Table further = Tables.csv("n,m,c,d,y", "5,,red,a,no", "5,,red,a,no");
    Table typed = further.retyped("m", ColumnType.NUMERIC);
    assertThat(ENCODER.extended(typed, Tables.rows(2)).features()).isEqualTo(ENCODER.features());
  }

  @Test
  void clipsWhatIsFarOutside() {
    assertThat(encoded(1e38, -1e300, 0, 0)[0]).isEqualTo(10);
    assertThat(encoded(1e38, -1e300, 0, 0)[1]).isEqualTo(-10);
  }

  @Test
  void hugeFeaturesGiveFiniteInputs() {
    Table table = Tables.csv("x", "1e38", "-1.7e308", "1.7e308", "0");
    FeatureEncoder encoder =
        FeatureEncoder.fit(
            table,
            List.of(Schema.Field.of(table.columns().getFirst(), Schema.Role.FEATURE)),
            EncodingSpec.DEFAULT,
            Tables.rows(4));
    Matrix x = Matrix.allocate(4, 1);
    new TableExamples(table, encoder, null).encodeInputs(Tables.rows(4), 0, 4, x);

    assertThat(x.values()).containsExactly(0, (float) -Math.sqrt(2), (float) Math.sqrt(2), 0);
  }

  @Test
  void aColumnConstantInTrainingIsScaledByOne() {
    FeatureEncoder encoder =
        FeatureEncoder.fit(TABLE, FEATURES, EncodingSpec.DEFAULT, new int[] {0, 2});
    Feature.Numeric constant =
        (Feature.Numeric)
            FeatureEncoder.fit(TABLE, FEATURES, EncodingSpec.DEFAULT, new int[] {1})
                .features()
                .get(0);

    assertThat(constant).isEqualTo(new Feature.Numeric("n", false, 3, 3, 1, 3, 3));
    assertThat(encoder.features()).hasSize(4);
  }

  @Test
  void namesTheInputsThatNeverFireInTraining() {
    // m's indicator fires in row 1; green and b occur in the held-out row only.
    assertThat(ENCODER.silentInputs()).containsExactly(4, 7);
    // Of row 0 alone nothing but red and a fires: a constant number is centred to zero.
    assertThat(
            FeatureEncoder.fit(TABLE, FEATURES, EncodingSpec.DEFAULT, new int[] {0}).silentInputs())
        .containsExactly(0, 1, 2, 3, 4, 7, 8);
    // A column without a value in training: the number is silent, the indicator fires.
    assertThat(
            FeatureEncoder.fit(TABLE, FEATURES, EncodingSpec.DEFAULT, new int[] {1}).silentInputs())
        .containsExactly(0, 1, 4, 5, 6, 7);
  }

  private static FeatureEncoder embedding(String... columns) {
    List<Schema.Field> fields =
        new Schema(FEATURES, new Target.Numbers(List.of())).embedding(Set.of(columns)).fields();
    return FeatureEncoder.fit(TABLE, fields, EncodingSpec.DEFAULT, TRAINING);
  }

  @Test
  void anEmbeddedColumnIsOneInputThatHasTheIndexOfItsCategory() {
    FeatureEncoder encoder = embedding("c", "d");
    float[] x = new float[5];

    assertThat(encoder.width()).isEqualTo(5);
    encoder.encode(new double[] {4, 30, 2, 0}, 0, x, 0);
    assertThat(x).containsExactly(0, 0, 0, 2, 0);
    encoder.encode(new double[] {4, 30, FeatureEncoder.UNSEEN, FeatureEncoder.UNSEEN}, 0, x, 0);
    assertThat(x).containsExactly(0, 0, 0, -1, -1);
    // d is nullable, c is not: no table that is to be predicted has such a cell.
    encoder.encode(new double[] {4, 30, Double.NaN, Double.NaN}, 0, x, 0);
    assertThat(x).containsExactly(0, 0, 0, -1, 2);
  }

  @Test
  void encodesEmbeddedColumnsOfATableAsRowByRow() {
    FeatureEncoder encoder = embedding("d");
    Matrix x = Matrix.allocate(5, encoder.width());
    new TableExamples(TABLE, encoder, null).encodeInputs(Tables.rows(5), 0, 5, x);
    float[] rowWise = new float[5 * encoder.width()];
    double[][] cells = {
      {1, 10, 2, 0},
      {3, Double.NaN, 0, Double.NaN},
      {5, 20, 2, 0},
      {7, 60, 0, Double.NaN},
      {1000, 90, 1, 1}
    };
    for (int row = 0; row < 5; row++) {
      encoder.encode(cells[row], 0, rowWise, row * encoder.width());
    }

    assertThat(encoder.width()).isEqualTo(1 + 2 + 3 + 1);
    assertThat(x.values()).isEqualTo(rowWise);
    assertThat(x.values()[6]).isZero();
    assertThat(x.values()[7 + 6]).isEqualTo(2);
    assertThat(x.values()[4 * 7 + 6]).isEqualTo(1);
  }

  @Test
  void silentInputsAreCountedAsIfNothingWereEmbedded() {
    assertThat(embedding("c").silentInputs()).isEqualTo(ENCODER.silentInputs());
    assertThat(embedding("c", "d").silentInputs()).isEqualTo(ENCODER.silentInputs());
  }

  @Test
  void anEncoderOfKnownFeaturesEncodesAlike() {
    FeatureEncoder copy = FeatureEncoder.of(ENCODER.features(), ENCODER.silentInputs());
    float[] x = new float[copy.width()];
    copy.encode(new double[] {7, 60, 2, 0}, 0, x, 0);

    assertThat(x).isEqualTo(encoded(7, 60, 2, 0));
    assertThat(copy.silentInputs()).isEqualTo(ENCODER.silentInputs());
  }

  /// Of a there are two rows, of b, e and what is unseen one input, and one for a missing cell.
  @Test
  void rareCategoriesAreOneWithThoseThatAreUnseen() {
    Table table = Tables.csv("d", "a", "b", "a", "NA", "e", "f");
    List<Schema.Field> fields =
        List.of(Schema.Field.of(table.columns().getFirst(), Schema.Role.FEATURE));
    EncodingSpec encoding =
        EncodingSpec.DEFAULT.withColumns(Map.of("d", new CategoryEncodingSpec.OneHot(null, 2)));
    FeatureEncoder encoder = FeatureEncoder.fit(table, fields, encoding, new int[] {0, 1, 2, 3, 4});

    assertThat(((Feature.Categorical) encoder.features().getFirst()).pool())
        .isEqualTo(Pool.of(4, List.of(1, 2, 3)));
    assertThat(encoder.width()).isEqualTo(4 + 1 + 1).isEqualTo(fields.getFirst().slots(encoding));
    assertThat(encoder.silentInputs()).containsExactly(1, 2, 3);
    double[] cells = {0, 1, 2, 3, FeatureEncoder.UNSEEN, Double.NaN};
    int[] inputs = {0, 4, 4, 4, 4, 5};
    for (int i = 0; i < cells.length; i++) {
      float[] expected = new float[6];
      expected[inputs[i]] = 1;
      float[] x = new float[6];
      encoder.encode(new double[] {cells[i]}, 0, x, 0);
      assertThat(x).containsExactly(expected);
    }
    Matrix x = Matrix.allocate(6, 6);
    new TableExamples(table, encoder, null).encodeInputs(Tables.rows(6), 0, 6, x);
    assertThat(x.values()[6 + 4]).isEqualTo(1);
    assertThat(x.values()[3 * 6 + 5]).isEqualTo(1);
    assertThat(x.values()[5 * 6 + 4]).isEqualTo(1);
    assertThat(new TableExamples(table, encoder, null).unlearnedCategories(Tables.rows(6), true))
        .isEmpty();
    assertThat(encoder.extended(table, Tables.rows(6)).features()).isEqualTo(encoder.features());
  }

  @Test
  void refusesFeaturesThatTheTableLacks() {
    assertThatThrownBy(
            () ->
                FeatureEncoder.fit(
                    Tables.csv("n", "1"), FEATURES, EncodingSpec.DEFAULT, new int[] {0}))
        .hasMessage("the table has no column 'm'");
  }
}
