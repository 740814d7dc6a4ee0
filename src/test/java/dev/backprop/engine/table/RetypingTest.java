package dev.backprop.engine.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RetypingTest {

  private static final Table TABLE =
      Tables.csv(
              "year,code,flag,text,word", "2007.0,1,1,5,true", "2008,,0,x,FALSE", "2007,0.5,1,6,")
          .retyped("year", ColumnType.CATEGORICAL);

  private static Column retyped(String column, ColumnType type) {
    return Tables.column(TABLE.retyped(column, type), column);
  }

  @Test
  void numbersBecomeCategoriesThatAreStillNumbers() {
    Column year = Tables.column(TABLE, "year");

    assertThat(year.type()).isEqualTo(ColumnType.CATEGORICAL);
    assertThat(((CategoricalColumn) year).categories())
        .containsExactly(Label.number(2007), Label.number(2008));
    assertThat(Tables.values(year)).containsExactly(2007L, 2008L, 2007L);
    assertThat(Tables.values(retyped("code", ColumnType.CATEGORICAL)))
        .containsExactly(1L, "missing", 0.5);
  }

  @Test
  void zeroHasOneCategory() {
    Column column =
        Tables.csv("x", "0", "-0.0").retyped("x", ColumnType.CATEGORICAL).columns().getFirst();

    assertThat(((CategoricalColumn) column).categories()).containsExactly(Label.number(0));
  }

  @Test
  void categoriesThatAreNumbersBecomeNumbers() {
    assertThat(Tables.values(retyped("year", ColumnType.NUMERIC)))
        .containsExactly(2007L, 2008L, 2007L);
    assertThatThrownBy(() -> retyped("text", ColumnType.NUMERIC))
        .hasMessage("column 'text', row 1: must be a finite number to be numeric, was 'x'");
  }

  @Test
  void zeroAndOneBecomeTruthValues() {
    Column flag = retyped("flag", ColumnType.BOOLEAN);

    assertThat(flag.type()).isEqualTo(ColumnType.BOOLEAN);
    assertThat(Tables.values(flag)).containsExactly(true, false, true);
    assertThatThrownBy(() -> retyped("code", ColumnType.BOOLEAN))
        .hasMessage(
            "column 'code', row 2: must be true or false, or 1 or 0, to be boolean, was '0.5'");
  }

  @Test
  void textsThatSayTrueOrFalseBecomeTruthValues() {
    Column texts = Tables.json("True", "false", "true");
    Table table = new Table(3, java.util.List.of(texts));

    assertThat(Tables.values(table.retyped("x", ColumnType.BOOLEAN).columns().getFirst()))
        .containsExactly(true, false, true);
    assertThatThrownBy(() -> retyped("text", ColumnType.BOOLEAN))
        .hasMessage(
            "column 'text', row 0: must be true or false, or 1 or 0, to be boolean, was '5'");
  }

  @Test
  void truthValuesBecomeCategoriesButNoNumbers() {
    Column word = retyped("word", ColumnType.CATEGORICAL);

    assertThat(word.type()).isEqualTo(ColumnType.CATEGORICAL);
    assertThat(Tables.values(word)).containsExactly(true, false, "missing");
    assertThatThrownBy(() -> retyped("word", ColumnType.NUMERIC))
        .hasMessage("column 'word', row 1: must be a finite number to be numeric, was 'false'");
  }

  @Test
  void aColumnOfThatTypeStaysItself() {
    assertThat(TABLE.retyped("flag", ColumnType.NUMERIC).column("flag"))
        .isSameAs(TABLE.column("flag"));
  }

  @Test
  void whatWasNotKeptCannotBeRead() {
    Table table =
        new Table(2, java.util.List.of(new UnkeptColumn("id", 2, 0, java.util.List.of())));

    for (ColumnType type : ColumnType.values()) {
      assertThatThrownBy(() -> table.retyped("id", type))
          .hasMessage(
              "column 'id': has more than 100000 distinct texts, which were not kept, and can only be ignored; upload it again with keep=id");
    }
  }

  @Test
  void refusesTooManyCategories() {
    TableBuilder builder = Tables.builder();
    for (int i = 0; i <= TableBuilder.MAX_CATEGORIES; i++) {
      builder.number(builder.column("x"), i);
      builder.endRow();
    }
    Table table = builder.build();

    assertThatThrownBy(() -> table.retyped("x", ColumnType.CATEGORICAL))
        .hasMessage(
            "column 'x': must have at most 100000 distinct values to be categorical, has more");
  }

  @Test
  void aTableRefusesColumnsThatDoNotFit() {
    Column column = Tables.json(1, 2);

    assertThatThrownBy(() -> new Table(3, java.util.List.of(column)))
        .hasMessage("column 'x' has 2 rows, the table has 3");
    assertThatThrownBy(() -> new Table(2, java.util.List.of(column, column)))
        .hasMessage("two columns are named 'x'");
  }
}
