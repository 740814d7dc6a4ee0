package dev.backprop.service.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Tables;
import dev.backprop.service.dataset.ColumnDescription.ValueCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ColumnDescriptionTest {

  private static ColumnDescription describe(String... cells) {
    List<String> lines = new ArrayList<>(List.of("x"));
    lines.addAll(List.of(cells));
    Table table = Tables.csv(lines.toArray(String[]::new));
    return ColumnDescription.of(table).getFirst();
  }

  @Test
  void ofNumbers() {
    assertThat(describe("2", "NA", "4", "4", "6"))
        .isEqualTo(
            new ColumnDescription(
                "x", "numeric", 1, 3, 2.0, 6.0, 4.0, Math.sqrt(2), null, null, null, null));
    assertThat(describe("0", "-0.0").distinct()).isEqualTo(1);
  }

  @Test
  void ofCategoriesByFrequencyThenByLabel() {
    assertThat(describe("b", "c", "a", "c", "b", "NA"))
        .isEqualTo(
            new ColumnDescription(
                "x",
                "categorical",
                1,
                3,
                null,
                null,
                null,
                null,
                List.of(new ValueCount("b", 2), new ValueCount("c", 2), new ValueCount("a", 1)),
                null,
                null,
                null));
  }

  @Test
  void ofDatesWithTheFirstAndTheLastAsTexts() {
    assertThat(describe("31.01.2024 10:00", "NA", "1.2.2023 9:05", "31.01.2024 10:00"))
        .isEqualTo(
            new ColumnDescription(
                "x",
                "date",
                1,
                2,
                "1.2.2023 9:05",
                "31.1.2024 10:00",
                null,
                null,
                null,
                null,
                "d.M.yyyy H:mm",
                null));
    assertThat(describe("2024-01-31T10:00:00+01:00", "2024-01-31T10:00:00Z"))
        .extracting(ColumnDescription::min, ColumnDescription::max, ColumnDescription::zone)
        .containsExactly("2024-01-31T10:00:00+01:00", "2024-01-31T11:00:00+01:00", "+01:00");
  }

  @Test
  void ofTruthValuesThatOccur() {
    ColumnDescription description = describe("true", "TRUE");

    assertThat(description.type()).isEqualTo("boolean");
    assertThat(description.distinct()).isEqualTo(1);
    assertThat(description.top()).containsExactly(new ValueCount(true, 2));
  }

  @Test
  void ofAColumnWithoutValues() {
    assertThat(describe("", "NA"))
        .isEqualTo(
            new ColumnDescription(
                "x", "numeric", 2, 0, null, null, null, null, null, null, null, null));
  }

  @Test
  void showsTheMostFrequentCategoriesOnly() {
    String[] cells = IntStream.range(0, 30).mapToObj(i -> "k" + i % 15).toArray(String[]::new);

    assertThat(describe(cells).top()).hasSize(ColumnDescription.TOP);
  }

  @Test
  void countsDistinctValuesExactlyUpToALimit() {
    int limit = ColumnDescription.MAX_DISTINCT;

    assertThat(describe(numbers(limit)).distinct()).isEqualTo(limit);
    assertThat(describe(numbers(limit + 1)).distinct()).isNull();
    assertThat(describe(texts(limit)).distinct()).isEqualTo(limit);
    assertThat(describe(texts(limit + 1)).distinct()).isNull();
  }

  @Test
  void ofAColumnThatWasNotKept() {
    assertThat(describe(texts(TableBuilder.MAX_CATEGORIES + 1)))
        .isEqualTo(
            new ColumnDescription(
                "x", "categorical", 0, null, null, null, null, null, null, null, null, null));
  }

  @Test
  void numbersOfTheAnswerAreFinite() {
    ColumnDescription huge = describe("1.7e308", "-1.7e308", "1.7e308");

    assertThat(Double.isFinite(Objects.requireNonNull(huge.mean()))).isTrue();
    assertThat(Double.isFinite(Objects.requireNonNull(huge.std()))).isTrue();
  }

  private static String[] numbers(int n) {
    return IntStream.range(0, n).mapToObj(Integer::toString).toArray(String[]::new);
  }

  private static String[] texts(int n) {
    return IntStream.range(0, n).mapToObj(i -> "k" + i).toArray(String[]::new);
  }
}
