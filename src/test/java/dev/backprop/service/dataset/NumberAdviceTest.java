package dev.backprop.service.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.NumberFormat;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.UnkeptColumn;
import dev.backprop.service.intake.InferredSchema;
import dev.backprop.service.intake.SchemaInference;
import dev.backprop.service.intake.SchemaRequest;
import dev.backprop.service.intake.SchemaRequest.ColumnUse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberAdviceTest {

  private static Column column(String... cells) {
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (String cell : cells) {
      builder.text(builder.column("price"), cell);
      builder.endRow();
    }
    return builder.build().columns().getFirst();
  }

  private static @Nullable String advice(String cells) {
    return NumberAdvice.of(
        column(Arrays.stream(cells.split("/", -1)).map(String::strip).toArray(String[]::new)),
        NumberFormat.PLAIN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,5 / 2,25 / 3 / -0,5 | 4 of its 4 | with decimal=,",
        "1,5 / 2,25 / few / NA | 2 of its 3 | with decimal=,",
        "1,234.5 / 12 / 1,234,567 | 3 of its 3 | with thousands=,",
        "1.234,5 / 12 / 1.234.567 | 3 of its 3 | with decimal=, and with thousands=.",
        "1 234 / 12 / 1 234 567 | 3 of its 3 | with thousands=%20",
        "1\u00a0234,5 / 12 / 1\u202f234\u202f567 | 3 of its 3 | with decimal=, and with thousands=%20",
        "1’234.50 / 12 / 1’000 | 3 of its 3 | with thousands='",
        "1,234 / 5,678 / 12 | 3 of its 3 | with decimal=, or, if the comma parts thousands, with thousands=,",
        "12% / 7 % / 8.5% | 3 of its 3 | without '%', which must be removed",
        "12 % / 7,5 % / 8,5 % | 3 of its 3 | without '%', which must be removed and with decimal=,",
        "$5 / -$7.50 / $1200 | 3 of its 3 | without '$', which must be removed",
        "€ 5 / 7,50 € / £12 | 3 of its 3 | without '€' '£', which must be removed and with decimal=,",
        "$1,200 / $5 / $12,000,000.50 | 3 of its 3 | without '$', which must be removed and with thousands=,",
      })
  void saysHowMostValuesWouldBeNumbers(String cells, String count, String remedy) {
    assertThat(advice(cells))
        .isEqualTo(
            "column 'price' is read as categories, but %s values would be numbers %s"
                .formatted(count, remedy));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 / 2.5 / 3",
        "red / green / 1,5",
        "1,5 / red / green / blue",
        "10.0.0.1 / 10.0.0.2",
        "2020-01-01 / 2020-01-02",
        "12:30 / 12:45",
        "1,23,4 / 2,34,5",
        "a% / b%",
        "% / $",
        "1.2.3 / 1.2.4",
        "true / false",
      })
  void saysNothingOfOtherColumns(String cells) {
    assertThat(advice(cells)).isNull();
  }

  @Test
  void comparesWithTheFormatThatWasGiven() {
    NumberFormat comma = new NumberFormat(',', NumberFormat.NONE);

    assertThat(NumberAdvice.of(column("1.5", "2.5", "x"), comma))
        .endsWith("2 of its 3 values would be numbers with decimal=.");
    assertThat(NumberAdvice.of(column("1,5%", "2,5%", "x"), comma))
        .endsWith("2 of its 3 values would be numbers without '%', which must be removed");
  }

  @Test
  void looksAtTheFirstTextsOfAColumnThatIsNotKept() {
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i <= TableBuilder.MAX_CATEGORIES; i++) {
      builder.text(builder.column("price"), i + ",25");
      builder.text(builder.column("id"), "x" + i);
      builder.endRow();
    }
    Table table = builder.build();

    assertThat(table.columns()).allMatch(UnkeptColumn.class::isInstance);
    assertThat(NumberAdvice.of(table.columns(), NumberFormat.PLAIN))
        .containsExactly(
            "column 'price' is read as texts, but 20 of its first 20 would be numbers with decimal=,");
  }

  @Test
  void isBounded() {
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < 30; i++) {
      builder.text(builder.column("c" + i), "1,5");
    }
    builder.endRow();

    assertThat(NumberAdvice.of(builder.build().columns(), NumberFormat.PLAIN))
        .hasSize(11)
        .last()
        .isEqualTo("20 more columns have such values");
  }

  private static Table prices() {
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < 60; i++) {
      builder.text(builder.column("price"), i + ",5");
      builder.text(builder.column("share"), i % 7 + "%");
      builder.text(builder.column("size"), String.valueOf(i));
      builder.endRow();
    }
    return builder.build();
  }

  private static InferredSchema inferred(SchemaRequest request) {
    return SchemaInference.infer(prices(), request, "/data", "/data/rows");
  }

  private static final String PRICE = "60 of its 60 values would be numbers with decimal=,";
  private static final String SHARE = "60 of its 60 values would be numbers without '%'";

  @Test
  void aTrainingWarnsOfTheColumnsThatItUses() {
    assertThat(inferred(SchemaRequest.of("size")).warnings())
        .anyMatch(warning -> warning.contains("'price'") && warning.contains(PRICE))
        .anyMatch(warning -> warning.contains("'share'") && warning.contains(SHARE));
    assertThat(inferred(SchemaRequest.of("share")).warnings())
        .anyMatch(warning -> warning.contains(SHARE));
    SchemaRequest settled =
        new SchemaRequest(
            List.of("size"),
            null,
            Map.of(
                "price", new ColumnUse(ColumnUse.Type.IGNORE, null),
                "share", new ColumnUse(ColumnUse.Type.CATEGORICAL, null)));
    assertThat(inferred(settled).warnings())
        .noneMatch(warning -> warning.contains("would be numbers"));
  }

  @Test
  void aRefusalNamesTheRemedy() {
    SchemaRequest regression =
        new SchemaRequest(List.of("price"), SchemaRequest.TargetTask.REGRESSION, Map.of());
    SchemaRequest typed =
        new SchemaRequest(
            List.of("size"), null, Map.of("share", new ColumnUse(ColumnUse.Type.NUMERIC, null)));
    SchemaRequest weighted = new SchemaRequest(List.of("size"), null, Map.of(), "price", null);

    assertThatThrownBy(() -> inferred(regression)).hasMessageContaining(PRICE);
    assertThatThrownBy(() -> inferred(typed))
        .hasMessageContaining(SHARE)
        .message()
        .doesNotContain(PRICE);
    assertThatThrownBy(() -> inferred(weighted)).hasMessageContaining(PRICE);
  }

  @Test
  void aRefusalOfATableOfOneColumnNamesTheDelimiter() {
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < 20; i++) {
      builder.text(builder.column("a;b;y"), i + ";\"x;y\";u");
      builder.endRow();
    }
    Table table = builder.build();
    String advice =
        "the data have only the column 'a;b;y', with the delimiter ';' it has 3: give delimiter=%3B at the upload";

    for (SchemaRequest request :
        List.of(
            SchemaRequest.of("y"),
            SchemaRequest.of("a;b;y"),
            new SchemaRequest(
                List.of("y"), null, Map.of("a", new ColumnUse(ColumnUse.Type.IGNORE, null))))) {
      assertThatThrownBy(() -> SchemaInference.infer(table, request, "/data", "/data/rows"))
          .hasMessageContaining(advice);
    }
    assertThatThrownBy(
            () -> SchemaInference.infer(prices(), SchemaRequest.of("none"), "/data", "/data/rows"))
        .message()
        .doesNotContain("delimiter");
  }
}
