package dev.backprop.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.data.ColumnType;
import dev.backprop.data.Label;
import dev.backprop.data.Schema;
import dev.backprop.data.Table;
import dev.backprop.data.TableBuilder;
import dev.backprop.data.Tables;
import dev.backprop.data.Target;
import dev.backprop.dataset.SchemaRequest.ColumnUse;
import dev.backprop.dataset.SchemaRequest.TargetTask;
import dev.backprop.http.Problem;
import dev.backprop.http.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchemaInferenceTest {

  /// A table of that many rows of CSV.
  private static Table table(String header, int rows, IntFunction<String> row) {
    List<String> lines = new ArrayList<>(List.of(header));
    IntStream.range(0, rows).mapToObj(row).forEach(lines::add);
    return Tables.csv(lines.toArray(String[]::new));
  }

  private static InferredSchema infer(Table table, SchemaRequest request) {
    return SchemaInference.infer(table, request, "/data", "/data/rows");
  }

  private static InferredSchema infer(Table table, String... target) {
    return infer(table, SchemaRequest.of(target));
  }

  private static SchemaRequest typed(String target, String column, ColumnUse.Type type) {
    return new SchemaRequest(List.of(target), null, Map.of(column, new ColumnUse(type)));
  }

  private static SchemaRequest task(TargetTask task, String... target) {
    return new SchemaRequest(List.of(target), task, Map.of());
  }

  private static Schema.Field field(InferredSchema inferred, String name) {
    return Objects.requireNonNull(inferred.schema().field(name));
  }

  private static void refuses(Table table, SchemaRequest request, String pointer, String detail) {
    assertThatThrownBy(() -> infer(table, request))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> assertThat(e.errors()).containsExactly(new Problem.Field(pointer, detail)));
  }

  private static Target target(Table table) {
    return infer(table, "y").schema().target();
  }

  @Test
  void textsAndTruthValuesAreClasses() {
    assertThat(target(Tables.csv("x,y", "1,b", "2,a", "3,b")))
        .isEqualTo(new Target.Classes("y", List.of(Label.text("a"), Label.text("b"))));
    assertThat(target(Tables.csv("x,y", "1,true", "2,false")))
        .isEqualTo(new Target.Classes("y", List.of(Label.bool(false), Label.bool(true))));
  }

  @Test
  void numbersBeyondTheLargestTargetAreRefused() {
    Table table = Tables.csv("x,y,z", "1,0.5,1", "2,1e100,2", "3,-1e101,3");
    refuses(
        table,
        SchemaRequest.of("y"),
        "/data/target",
        "column 'y', row 2: must be from -1.0E100 to 1.0E100 to be a target, was -1.0E101");
    refuses(
        table,
        SchemaRequest.of("z", "y"),
        "/data/target",
        "column 'y', row 2: must be from -1.0E100 to 1.0E100 to be a target, was -1.0E101");
    assertThat(infer(table, "z").schema().field("y")).isNotNull();
  }

  @Test
  void fewIntegersThatRepeatAreClassesAndStayNumbers() {
    InferredSchema inferred = infer(Tables.csv("x,y", "1,10", "2,9", "3,10", "4,9"), "y");

    assertThat(inferred.schema().target())
        .isEqualTo(new Target.Classes("y", List.of(Label.number(9), Label.number(10))));
    assertThat(inferred.taskInferred()).isTrue();
    assertThat(field(inferred, "y").type()).isEqualTo(ColumnType.CATEGORICAL);
    assertThat(Cells.of(inferred.table(), "y")).containsExactly(10L, 9L, 10L, 9L);
  }

  @Test
  void otherNumbersAreNumbers() {
    Target numbers = new Target.Numbers(List.of("y"));

    assertThat(target(Tables.csv("x,y", "1,1", "2,1", "3,2"))).isEqualTo(numbers);
    assertThat(target(Tables.csv("x,y", "1,1.5", "2,1.5", "3,2", "4,2"))).isEqualTo(numbers);
    assertThat(target(table("x,y", 40, i -> i + "," + i % 20))).isInstanceOf(Target.Classes.class);
    assertThat(target(table("x,y", 42, i -> i + "," + i % 21))).isEqualTo(numbers);
  }

  @Test
  void theTaskDecides() {
    Table integers = Tables.csv("x,y", "1,10", "2,9", "3,10", "4,9");
    InferredSchema asNumbers = infer(integers, task(TargetTask.REGRESSION, "y"));

    assertThat(asNumbers.schema().target()).isEqualTo(new Target.Numbers(List.of("y")));
    assertThat(asNumbers.taskInferred()).isFalse();
    Table reals = Tables.csv("x,y", "1,1.5", "2,2", "3,2");
    assertThat(infer(reals, task(TargetTask.CLASSIFICATION, "y")).schema().target())
        .isEqualTo(new Target.Classes("y", List.of(Label.number(1.5), Label.number(2))));
  }

  @Test
  void anExplicitTypeOfTheTargetDecidesToo() {
    Table integers = Tables.csv("x,y", "1,10", "2,9", "3,10", "4,9");

    assertThat(infer(integers, typed("y", "y", ColumnUse.Type.NUMERIC)).schema().target())
        .isEqualTo(new Target.Numbers(List.of("y")));
    assertThat(
            infer(Tables.csv("x,y", "1,1", "2,0"), typed("y", "y", ColumnUse.Type.BOOLEAN))
                .schema()
                .target())
        .isEqualTo(new Target.Classes("y", List.of(Label.bool(false), Label.bool(true))));
  }

  @Test
  void severalTargetsAreAllNumericOrAllBoolean() {
    Table table = Tables.csv("x,p,q,m,n,t", "1,true,false,1,1,u", "2,false,true,2,1,v");

    assertThat(infer(table, "p", "q").schema().target())
        .isEqualTo(new Target.MultiLabel(List.of("p", "q")));
    assertThat(infer(table, "m", "x").schema().target())
        .isEqualTo(new Target.Numbers(List.of("m", "x")));
    refuses(
        table,
        SchemaRequest.of("p", "m"),
        "/data/target",
        "must be all numeric or all boolean, 'p' is boolean and 'm' is numeric");
    refuses(
        table,
        SchemaRequest.of("t", "p"),
        "/data/target",
        "must be all numeric or all boolean, 't' is categorical and 't' is categorical");
    refuses(
        table,
        SchemaRequest.of("m", "n"),
        "/data/target",
        "must have at least 2 different values, column 'n' has 1: 1");
    refuses(
        table,
        task(TargetTask.CLASSIFICATION, "m", "x"),
        "/data/task",
        "must be regression for several numeric targets, was classification");
    refuses(
        table,
        SchemaRequest.of("p", "z"),
        "/data/target/1",
        "must be a column of the data, 'z' is none");
    refuses(
        table, SchemaRequest.of("p", "p"), "/data/target/1", "must be named once, 'p' was twice");
  }

  @Test
  void refusesTargetsThatNothingCanBeLearnedOf() {
    Table table =
        Tables.csv(
            "x,one,seven,text,bool,empty", "1,a,7,u,true,", "2,a,7,v,false,", "3,a,7,u,true,k");

    refuses(table, SchemaRequest.of(), "/data/target", "must name at least 1 column, named 0");
    refuses(
        table,
        SchemaRequest.of("species"),
        "/data/target",
        "must be a column of the data, 'species' is none");
    refuses(
        table, SchemaRequest.of("one"), "/data/target", "must have at least 2 classes, has 1: 'a'");
    refuses(
        table,
        SchemaRequest.of("seven"),
        "/data/target",
        "must have at least 2 classes, has 1: '7'");
    refuses(
        table,
        task(TargetTask.REGRESSION, "seven"),
        "/data/target",
        "must have at least 2 different values, column 'seven' has 1: 7");
    refuses(
        table,
        task(TargetTask.REGRESSION, "text"),
        "/data/target",
        "must be numeric for a regression, column 'text' is categorical: row 0 has 'u'");
    refuses(
        table,
        task(TargetTask.REGRESSION, "bool"),
        "/data/target",
        "must be numeric for a regression, column 'bool' is boolean: row 0 has 'true'");
    refuses(
        table,
        SchemaRequest.of("empty"),
        "/data/target",
        "must have a value in at least 2 rows, has one in 1");
    refuses(
        table,
        typed("text", "text", ColumnUse.Type.IGNORE),
        "/data/columns/text/type",
        "must not be ignore, the column is the target");
  }

  @Test
  void boundsTheClasses() {
    refuses(
        table("x,y", 3000, i -> i + ",k" + i % 1001),
        SchemaRequest.of("y"),
        "/data/target",
        "must have at most 1000 classes, has 1001");
    refuses(
        table("x,y", TableBuilder.MAX_CATEGORIES + 1, i -> i + ",k" + i),
        SchemaRequest.of("y"),
        "/data/target",
        "must have at most 1000 classes, 'y' has more");
    refuses(
        table("x,y", TableBuilder.MAX_CATEGORIES + 1, i -> i + "," + i),
        task(TargetTask.CLASSIFICATION, "y"),
        "/data/target",
        "column 'y': must have at most 100000 distinct values to be categorical, has more");
  }

  @Test
  void rowsWithoutATargetAreCountedInAWarning() {
    InferredSchema inferred = infer(Tables.csv("x,y", "1,a", "2,", "3,b", "4,NA"), "y");

    assertThat(inferred.warnings()).containsExactly("2 rows without a target are left out");
    assertThat(field(inferred, "y").nullable()).isTrue();
  }

  @Test
  void everyOtherColumnIsAFeatureWithNullabilityOfAllRows() {
    InferredSchema inferred = infer(Tables.csv("n,m,c,y", "1,1,u,a", "2,,u,b", "3,2,v,a"), "y");

    assertThat(inferred.schema().features())
        .extracting(Schema.Field::name)
        .containsExactly("n", "m", "c");
    assertThat(inferred.schema().features())
        .extracting(Schema.Field::nullable)
        .containsExactly(false, true, false);
    assertThat(inferred.warnings()).isEmpty();
  }

  @Test
  void dropsColumnsThatNothingCanBeLearnedFrom() {
    Table table =
        table(
            "x,constant,empty,half,many,id,y",
            100,
            i ->
                "%d,7,,%s,%s,%s,%s"
                    .formatted(
                        i,
                        i % 2 == 0 ? "" : "1",
                        "k" + i % 50,
                        "id" + i % 51,
                        i % 3 == 0 ? "a" : "b"));
    InferredSchema inferred = infer(table, "y");

    assertThat(inferred.schema().features())
        .extracting(Schema.Field::name)
        .containsExactly("x", "half", "many");
    assertThat(field(inferred, "id").role()).isEqualTo(Schema.Role.DROPPED);
    assertThat(field(inferred, "id").reason()).isEqualTo("has 51 distinct texts in 100 rows");
    assertThat(inferred.warnings())
        .containsExactly(
            "column 'constant' is left out: it is constant",
            "column 'empty' is left out: it has no value",
            "column 'id' is left out: it has 51 distinct texts in 100 rows");
  }

  @Test
  void textsThatAreDistinctInAFewRowsStay() {
    assertThat(infer(table("c,y", 99, i -> "k" + i + "," + i % 2), "y").schema().features())
        .hasSize(1);
  }

  @Test
  void dropsTextsOfTooManyValuesUnlessTheyAreTyped() {
    Table table = table("x,c,y", 2400, i -> i + ",k" + i % 1001 + "," + i % 2);

    assertThat(field(infer(table, "y"), "c").reason())
        .isEqualTo("has 1001 distinct texts, more than 1000");
    assertThat(field(infer(table, typed("y", "c", ColumnUse.Type.CATEGORICAL)), "c").role())
        .isEqualTo(Schema.Role.FEATURE);
  }

  @Test
  void dropsWhatWasNotKept() {
    int rows = TableBuilder.MAX_CATEGORIES + 1;
    Table table = table("x,id,y", rows, i -> i + ",k" + i + "," + i % 2);

    assertThat(infer(table, "y").warnings())
        .containsExactly("column 'id' is left out: it has more than 100000 distinct texts");
    refuses(
        table,
        typed("y", "id", ColumnUse.Type.CATEGORICAL),
        "/data/columns/id/type",
        "column 'id': has more than 100000 distinct texts, which were not kept, and can only be ignored; upload it again with keep=id");
    assertThat(infer(table, typed("y", "id", ColumnUse.Type.IGNORE)).warnings()).isEmpty();
  }

  @Test
  void columnsAreReadAsTheRequestSays() {
    Table table = Tables.csv("year,flag,text,id,y", "2007,1,1,u,a", "2008,0,2,v,b", "2007,1,3,w,a");
    SchemaRequest request =
        new SchemaRequest(
            List.of("y"),
            null,
            Map.of(
                "year", new ColumnUse(ColumnUse.Type.CATEGORICAL),
                "flag", new ColumnUse(ColumnUse.Type.BOOLEAN),
                "text", new ColumnUse(ColumnUse.Type.NUMERIC),
                "id", new ColumnUse(ColumnUse.Type.IGNORE)));
    InferredSchema inferred = infer(table, request);

    assertThat(field(inferred, "year").categories())
        .containsExactly(Label.number(2007), Label.number(2008));
    assertThat(field(inferred, "flag").type()).isEqualTo(ColumnType.BOOLEAN);
    assertThat(field(inferred, "text").type()).isEqualTo(ColumnType.NUMERIC);
    assertThat(field(inferred, "id").role()).isEqualTo(Schema.Role.IGNORED);
    assertThat(inferred.warnings()).isEmpty();
  }

  @Test
  void refusesTypesThatDoNotFit() {
    Table table = Tables.csv("a/b,x,y", "u,1,a", "v,2,b");

    refuses(
        table,
        typed("y", "z", ColumnUse.Type.IGNORE),
        "/data/columns/z",
        "must be a column of the data, is none");
    refuses(
        table,
        typed("y", "a/b", ColumnUse.Type.NUMERIC),
        "/data/columns/a~1b/type",
        "column 'a/b', row 0: must be a finite number to be numeric, was 'u'");
  }

  @Test
  void refusesTooFewRowsAndColumns() {
    Table table = Tables.csv("k,id,y", "1,u,a", "1,v,b");

    refuses(
        Tables.csv("x,y", "1,a"),
        SchemaRequest.of("y"),
        "/data/rows",
        "must have at least 2 rows, had 1");
    refuses(
        Tables.csv("x,y"), SchemaRequest.of("y"), "/data/rows", "must have at least 2 rows, had 0");
    refuses(
        table,
        typed("y", "id", ColumnUse.Type.IGNORE),
        "/data/rows",
        "must have a column to learn from, has none: 'k' is constant, 'id' is ignored");
    refuses(
        Tables.csv("y", "a", "b"),
        SchemaRequest.of("y"),
        "/data/rows",
        "must have a column to learn from, has none");
  }

  @Test
  void aColumnThatIsMissingWhereItIsNotConstantStays() {
    assertThat(infer(Tables.csv("x,y", "1,a", ",b"), "y").schema().features()).hasSize(1);
  }
}
