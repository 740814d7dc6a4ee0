package dev.backprop.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class DateFeatureTest {

  private static final List<LocalDate> DAYS =
      List.of(
          LocalDate.of(2020, 2, 29),
          LocalDate.of(2021, 7, 4),
          LocalDate.of(2022, 12, 31),
          LocalDate.of(2023, 1, 2));

  private static Table table(String... dates) {
    String[] lines = new String[dates.length + 1];
    lines[0] = "sold,y";
    for (int i = 0; i < dates.length; i++) {
      lines[i + 1] = dates[i] + "," + i;
    }
    return Tables.csv(lines);
  }

  private static FeatureEncoder fit(Table table, int... rows) {
    return FeatureEncoder.fit(
        table,
        Tables.schema(table, new Target.Numbers(List.of("y"))).features(),
        EncodingSpec.DEFAULT,
        rows);
  }

  private static float[] encoded(FeatureEncoder encoder, double cell) {
    float[] x = new float[encoder.width()];
    encoder.encode(new double[] {cell}, 0, x, 0);
    return x;
  }

  /// The standardized parts, computed from `java.time`.
  private static double standardized(ToDoubleFunction<LocalDate> part, LocalDate day) {
    double[] values = DAYS.stream().mapToDouble(part).toArray();
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance =
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    return (part.applyAsDouble(day) - mean) / Math.sqrt(variance);
  }

  private static double angle(double part, int of) {
    return 2 * Math.PI * part / of;
  }

  private static final List<ToDoubleFunction<LocalDate>> PARTS =
      List.of(
          LocalDate::toEpochDay,
          LocalDate::getYear,
          day -> Math.sin(angle(day.getMonthValue() - 1, 12)),
          day -> Math.cos(angle(day.getMonthValue() - 1, 12)),
          day -> Math.sin(angle(day.getDayOfWeek().getValue() - 1, 7)),
          day -> Math.cos(angle(day.getDayOfWeek().getValue() - 1, 7)),
          day -> Math.sin(angle(day.getDayOfYear() - 1, 366)),
          day -> Math.cos(angle(day.getDayOfYear() - 1, 366)),
          day -> day.getDayOfWeek().getValue() > 5 ? 1 : 0,
          day -> day.getDayOfMonth() == day.lengthOfMonth() ? 1 : 0);

  @Test
  void aDateIsItsPartsEachAsANumber() {
    Table table = table(DAYS.stream().map(LocalDate::toString).toArray(String[]::new));
    FeatureEncoder encoder = fit(table, 0, 1, 2, 3);

    assertThat(encoder.width()).isEqualTo(PARTS.size());
    assertThat(encoder.silentInputs()).isEmpty();
    for (LocalDate day : DAYS) {
      float[] x = encoded(encoder, day.toEpochDay() * 86_400.0);
      for (int p = 0; p < x.length; p++) {
        assertThat((double) x[p])
            .as("%s %d", day, p)
            .isCloseTo(standardized(PARTS.get(p), day), within(1e-6));
      }
    }
  }

  @Test
  void aBatchIsEncodedAsItsRowsAre() {
    Table table = table("2024-01-31 10:00", "2024-02-01 11:30", "", "1969-07-20 20:17");
    FeatureEncoder encoder = fit(table, 0, 1, 2);
    TableExamples examples = new TableExamples(table, encoder, null);
    Matrix x = Matrix.allocate(4, encoder.width());

    examples.encodeInputs(new int[] {3, 2, 1, 0}, 0, 4, x);

    assertThat(encoder.width()).isEqualTo(12 + 1);
    for (int i = 0; i < 4; i++) {
      int row = 3 - i;
      float[] alone = encoded(encoder, table.required("sold").cell(row));
      for (int j = 0; j < alone.length; j++) {
        assertThat(x.values()[x.offset() + i * encoder.width() + j]).isEqualTo(alone[j]);
      }
      assertThat(alone[12]).isEqualTo(row == 2 ? 1 : 0);
    }
  }

  /// Dates of one year that are all at midnight, none at the end of a month.
  @Test
  void partsThatDoNotVaryAreSilent() {
    Table table =
        table("2024-01-05 00:00", "2024-03-06 00:00", "2024-05-30 00:00", "2025-12-31 10:00");
    FeatureEncoder encoder = fit(table, 0, 1, 2);

    assertThat(encoder.silentInputs()).containsExactly(1, 8, 9, 10, 11);
    float[] x = encoded(encoder, table.required("sold").cell(3));
    for (int silent : encoder.silentInputs()) {
      assertThat(x[silent]).isZero();
    }
    assertThat(x[0]).isEqualTo(10); // clipped, as numbers are
  }

  @Test
  void aMissingDateIsTheMedianOfEachPart() {
    FeatureEncoder encoder = fit(table("2024-01-05", "2024-03-06", "2024-05-30", ""), 0, 1, 2, 3);
    Feature.Date date = (Feature.Date) encoder.features().getFirst();

    float[] x = encoded(encoder, Double.NaN);

    for (int p = 0; p < date.parts().size(); p++) {
      Feature.Numeric part = date.parts().get(p);
      assertThat(x[p]).isEqualTo((float) ((part.median() - part.mean()) / part.std()));
    }
    assertThat(x[date.parts().size()]).isOne();
    assertThat(date.first()).isEqualTo("2024-01-05");
    assertThat(date.last()).isEqualTo("2024-05-30");
  }

  @Test
  void furtherRowsWidenItsRangeAndWakeItsParts() {
    Table table = table("2024-01-05", "2024-03-06", "2025-12-31", "");
    Schema.Field field =
        Tables.schema(table, new Target.Numbers(List.of("y"))).features().getFirst();
    FeatureEncoder encoder =
        FeatureEncoder.fit(table, List.of(field), EncodingSpec.DEFAULT, new int[] {0, 1});

    FeatureEncoder extended = encoder.extended(table, new int[] {2, 3});

    assertThat(encoder.silentInputs()).containsExactly(1, 8, 9, 10);
    assertThat(extended.silentInputs()).containsExactly(8);
    Feature.Date date = (Feature.Date) extended.features().getFirst();
    assertThat(date.first()).isEqualTo("2024-01-05");
    assertThat(date.last()).isEqualTo("2025-12-31");
    assertThat(date.elapsed().mean())
        .isEqualTo(((Feature.Date) encoder.features().getFirst()).elapsed().mean());
  }

  /// The days enter as other numbers do, the other parts stay as they are.
  @Test
  void theDaysEnterAsTheEncodingSays() {
    Table table = table("2024-01-05", "2024-03-06", "2024-05-30", "2025-12-31");
    List<Schema.Field> fields = Tables.schema(table, new Target.Numbers(List.of("y"))).features();
    EncodingSpec bins =
        EncodingSpec.DEFAULT.withColumns(Map.of("sold", new NumberEncodingSpec.PiecewiseLinear(3)));
    FeatureEncoder encoder = FeatureEncoder.fit(table, fields, bins, Tables.rows(4));
    FeatureEncoder usual = FeatureEncoder.fit(table, fields, EncodingSpec.DEFAULT, Tables.rows(4));

    double cell = table.required("sold").cell(2);
    float[] x = encoded(encoder, cell);
    float[] y = encoded(usual, cell);

    assertThat(encoder.width()).isEqualTo(usual.width() + 3);
    assertThat(encoder.width()).isEqualTo(fields.getFirst().slots(bins));
    assertThat(Arrays.copyOfRange(x, 1, 4)).containsExactly(1, 1, 0);
    assertThat(Arrays.copyOfRange(x, 4, x.length)).isEqualTo(Arrays.copyOfRange(y, 1, y.length));
  }
}
