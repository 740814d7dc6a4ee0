package dev.backprop.engine.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Rows of a schema's columns, as predictions and evaluations read them.
class DeclaredTableTest {

  private static final Table TRAINED =
      Tables.csv("n,m,c,b,id,y", "1,1,red,true,a,no", "2,,7.0,false,b,yes", "3,3,,true,c,no");

  private static final Schema SCHEMA =
      new Schema(
          List.of(
              field("n", Schema.Role.FEATURE),
              field("m", Schema.Role.FEATURE),
              field("c", Schema.Role.FEATURE),
              field("b", Schema.Role.FEATURE),
              Schema.Field.unused(Tables.column(TRAINED, "id"), Schema.Role.IGNORED, null),
              field("y", Schema.Role.TARGET)),
          new Target.Classes("y", List.of(Label.text("no"), Label.text("yes"))));

  private static Schema.Field field(String name, Schema.Role role) {
    return Schema.Field.of(Tables.column(TRAINED, name), role);
  }

  private static TableBuilder builder(boolean withTarget) {
    return TableBuilder.declared(SCHEMA, withTarget, MissingTokens.NONE, ByteBudget.unbounded());
  }

  @Test
  void schemaDescribesTheColumns() {
    assertThat(SCHEMA.features())
        .extracting(Schema.Field::name)
        .containsExactly("n", "m", "c", "b");
    assertThat(SCHEMA.features())
        .extracting(Schema.Field::nullable)
        .containsExactly(false, true, true, false);
    assertThat(SCHEMA.features().get(2).categories())
        .containsExactly(Label.text("7.0"), Label.text("red"));
    assertThat(SCHEMA.field("id")).isNotNull();
    assertThat(SCHEMA.field("nowhere")).isNull();
  }

  @Test
  void readsCsvCellsAsTheTypesOfTheSchema() {
    TableBuilder builder = builder(true);
    Tables.fill(
        builder,
        "y,b,id,c,n",
        "yes,FALSE,ignored,7.00,4",
        "no,1,,red,5e1",
        ",0,x,green,6",
        "no,0,x,NA,7");
    Table table = builder.build();

    assertThat(table.columns()).extracting(Column::name).containsExactly("n", "m", "c", "b", "y");
    assertThat(Tables.values(Tables.column(table, "c")))
        .containsExactly("7.0", "red", "green", "missing");
    assertThat(Tables.values(Tables.column(table, "b"))).containsExactly(false, true, false, false);
    assertThat(Tables.values(Tables.column(table, "n"))).containsExactly(4L, 50L, 6L, 7L);
    assertThat(Tables.column(table, "m").missing()).isEqualTo(4);
    assertThat(Tables.column(table, "y").missing()).isEqualTo(1);
  }

  @Test
  void readsJsonValuesAsTheTypesOfTheSchema() {
    TableBuilder builder = builder(false);
    builder.number(builder.column("n"), 1);
    builder.string(builder.column("m"), "NA");
    builder.number(builder.column("c"), 7);
    builder.bool(builder.column("b"), true);
    builder.string(builder.column("y"), "whatever");
    builder.bool(builder.column("id"), true);
    builder.endRow();
    builder.number(builder.column("n"), 1);
    builder.bool(builder.column("c"), true);
    builder.number(builder.column("b"), 0);
    builder.missing(builder.column("id"));
    builder.number(builder.column("y"), 3);
    builder.endRow();
    Table table = builder.build();

    assertThat(table.columns()).extracting(Column::name).containsExactly("n", "m", "c", "b");
    assertThat(Tables.values(Tables.column(table, "c"))).containsExactly("7.0", "true");
    assertThat(Tables.values(Tables.column(table, "b"))).containsExactly(true, false);
  }

  @Test
  void namesColumnAndRowOfACellOfAnotherType() {
    refuses("n", b -> b.text(b.column("n"), "four"), "must be a number, was 'four'");
    refuses("n", b -> b.text(b.column("n"), "1e999"), "must be a finite number, was '1e999'");
    refuses("n", b -> b.string(b.column("n"), "four"), "must be a number, was 'four'");
    refuses("n", b -> b.bool(b.column("n"), true), "must be a number, was 'true'");
    refuses("n", b -> b.number(b.column("n"), Double.NaN), "must be a finite number, was 'NaN'");
    refuses("b", b -> b.text(b.column("b"), "yes"), "must be true or false, or 1 or 0, was 'yes'");
    refuses("b", b -> b.number(b.column("b"), 2), "must be true or false, or 1 or 0, was '2'");
    refuses("n", b -> b.text(b.column("n"), "?"), "must have a value");
    refuses("n", b -> b.missing(b.column("n")), "must have a value");
    refuses("n", TableBuilder::endRow, "must have a value, is absent");
    refuses("x", b -> b.column("x"), "is no column of the training data");
  }

  private static void refuses(String column, Consumer<TableBuilder> cell, String detail) {
    TableBuilder builder = builder(true);
    builder.number(builder.column("n"), 1);
    builder.bool(builder.column("b"), true);
    builder.endRow();
    assertThatThrownBy(() -> cell.accept(builder))
        .isInstanceOfSatisfying(
            InvalidDataException.class,
            e -> {
              assertThat(e.column()).isEqualTo(column);
              assertThat(e.row()).isEqualTo(1);
              assertThat(e.detail()).isEqualTo(detail);
            });
  }

  @Test
  void boundsTheDistinctValuesOfADeclaredColumn() {
    TableBuilder builder = builder(false);
    int column = builder.column("c");
    assertThatThrownBy(
            () -> {
              for (int i = 0; i <= TableBuilder.MAX_CATEGORIES; i++) {
                builder.number(builder.column("n"), 1);
                builder.bool(builder.column("b"), true);
                builder.string(column, "v" + i);
                builder.endRow();
              }
            })
        .hasMessageContaining(
            "must have at most 100000 distinct values that the model does not know, has more");
  }

  @Test
  void conformsATableToTheSchema() {
    Table table = Tables.csv("c,n,b,y,id", "7,1,0,yes,a", "8,2,1,no,b");
    Table conformed = SCHEMA.conform(table, true);

    assertThat(conformed.columns())
        .extracting(Column::name)
        .containsExactly("n", "m", "c", "b", "y");
    assertThat(conformed.columns())
        .extracting(Column::type)
        .containsExactly(
            ColumnType.NUMERIC,
            ColumnType.NUMERIC,
            ColumnType.CATEGORICAL,
            ColumnType.BOOLEAN,
            ColumnType.CATEGORICAL);
    assertThat(Tables.column(conformed, "m").missing()).isEqualTo(2);
    assertThat(SCHEMA.conform(table, false).column("y")).isNull();
  }

  @Test
  void saysWhyATableDoesNotConform() {
    assertThatThrownBy(() -> SCHEMA.conform(Tables.csv("n,b,other", "1,0,2"), false))
        .hasMessage("column 'other': is no column of the training data");
    assertThatThrownBy(() -> SCHEMA.conform(Tables.csv("n", "1"), false))
        .hasMessage("column 'b': must be there, is missing");
    assertThatThrownBy(() -> SCHEMA.conform(Tables.csv("n,b", "1,0"), true))
        .hasMessage("column 'y': must be there, is missing");
    assertThatThrownBy(() -> SCHEMA.conform(Tables.csv("n,b", "1,0", ",1"), false))
        .hasMessage("column 'n', row 1: must have a value");
    assertThatThrownBy(() -> SCHEMA.conform(Tables.csv("n,b", "1,0", "x,1"), false))
        .hasMessage("column 'n', row 1: must be a number, was 'x'");
  }
}
