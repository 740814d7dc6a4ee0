package dev.backprop.service.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.Cells;
import dev.backprop.service.intake.SchemaRequest.ColumnUse;
import dev.backprop.service.intake.SchemaRequest.TargetTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
    return new SchemaRequest(List.of(target), null, Map.of(column, ColumnUse.of(type)));
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
    Table table = Tables.csv("x,p,q,m,n,t", "1,true,false,1,1,u", "2,false,true,0,1,v");

    assertThat(infer(table, "p", "q").schema().target())
        .isEqualTo(new Target.MultiLabel(List.of("p", "q")));
    assertThat(infer(table, "m", "x").schema().target())
        .isEqualTo(new Target.Numbers(List.of("m", "x")));
    refuses(
        table,
        SchemaRequest.of("p", "m"),
        "/data/target",
        "must be all numeric or all boolean, 'p' is boolean and 'm' is numeric; 'm' has only 0 and 1: send \"columns\": {\"m\": {\"type\": \"boolean\"}}");
    refuses(
        table,
        SchemaRequest.of("t", "p"),
        "/data/target",
        "must be all numeric or all boolean, 't' is categorical; write the two texts of 't' as false and true, or as 0 and 1");
    refuses(
        table,
        SchemaRequest.of("m", "n"),
        "/data/target",
        "must have at least 2 different values, column 'n' has 1: 1");
    refuses(
        table,
        task(TargetTask.CLASSIFICATION, "m", "x"),
        "/data/task",
        "must be regression for several numeric targets, unless all are 0 or 1, 'x' has 2; was classification");
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
                "%d.5,7,,%s,%s,%s,%s"
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
  void datesAreFeaturesAndFreeTextIsLeftOutWithAdvice() {
    InferredSchema inferred =
        infer(
            table(
                "sold,note,y",
                200,
                i ->
                    "%d.%d.2024,parcel %d came late,%s"
                        .formatted(1 + i % 28, 1 + i % 12, i, i % 3 == 0 ? "a" : "b")),
            "y");

    assertThat(field(inferred, "sold").type()).isEqualTo(ColumnType.DATE);
    assertThat(field(inferred, "sold").role()).isEqualTo(Schema.Role.FEATURE);
    assertThat(inferred.warnings())
        .containsExactly(
            "column 'note' is left out: it has 200 distinct texts in 200 rows; nothing is learned from free text: make columns of what matters in it, such as its length or whether a word occurs");
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
        .contains("column 'id' is left out: it has more than 100000 distinct texts");
    refuses(
        table,
        typed("y", "id", ColumnUse.Type.CATEGORICAL),
        "/data/columns/id/type",
        "column 'id': has more than 100000 distinct texts, which were not kept, and can only be ignored; upload it again with keep=id");
    assertThat(infer(table, typed("y", "id", ColumnUse.Type.IGNORE)).warnings())
        .noneMatch(warning -> warning.contains("'id'"));
  }

  @Test
  void columnsAreReadAsTheRequestSays() {
    Table table = Tables.csv("year,flag,text,id,y", "2007,1,1,u,a", "2008,0,2,v,b", "2007,1,3,w,a");
    SchemaRequest request =
        new SchemaRequest(
            List.of("y"),
            null,
            Map.of(
                "year", ColumnUse.of(ColumnUse.Type.CATEGORICAL),
                "flag", ColumnUse.of(ColumnUse.Type.BOOLEAN),
                "text", ColumnUse.of(ColumnUse.Type.NUMERIC),
                "id", ColumnUse.of(ColumnUse.Type.IGNORE)));
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

  /// A double has the same value for all of them.
  @Test
  void aTypedColumnThatIsLeftOutTellsWhatBecameOfItsNumbers() {
    Table table =
        table(
            "id,x,y",
            60,
            i -> "100475833115875900%02d,%s.5,%s".formatted(i, i, i % 2 == 0 ? "a" : "b"));

    assertThat(infer(table, typed("y", "id", ColumnUse.Type.NUMERIC)).warnings())
        .hasSize(2)
        .contains("column 'id' is left out: it is constant")
        .anyMatch(
            warning ->
                warning.startsWith(
                    "column 'id' has 60 integers that a number does not hold exactly"));
  }

  private static final String TO_PREDICT_A_NUMBER =
      "; to predict a number, send \"task\": \"regression\"";

  @Test
  void integersTakenForClassesAreToldOf() {
    Table table = table("x,quality", 60, i -> i + ".5," + (3 + i % 6));
    String warning =
        "column 'quality' has 6 distinct integers and is taken for classes" + TO_PREDICT_A_NUMBER;

    assertThat(infer(table, "quality").warnings()).containsExactly(warning);
    assertThat(infer(table, task(TargetTask.CLASSIFICATION, "quality")).warnings()).isEmpty();
    assertThat(infer(table, task(TargetTask.REGRESSION, "quality")).warnings()).isEmpty();
    assertThat(infer(table, typed("quality", "quality", ColumnUse.Type.CATEGORICAL)).warnings())
        .isEmpty();
    assertThat(infer(table, typed("quality", "quality", ColumnUse.Type.NUMERIC)).warnings())
        .isEmpty();
    SchemaRequest weighted = new SchemaRequest(List.of("quality"), null, Map.of(), "x", null);
    assertThat(
            infer(table("x,z,quality", 60, i -> i + ".5," + i + ".1," + i % 2), weighted)
                .warnings())
        .containsExactly(
            "column 'quality' has 2 distinct integers and is taken for classes"
                + TO_PREDICT_A_NUMBER);
  }

  @Test
  void fewIntegersThatAreTakenForANumberAreToldOf() {
    Table table = table("x,stars", 60, i -> i + ".5," + (i == 7 ? 9 : i % 5));

    InferredSchema inferred = infer(table, "stars");

    assertThat(inferred.schema().target()).isEqualTo(new Target.Numbers(List.of("stars")));
    assertThat(inferred.warnings())
        .containsExactly(
            "column 'stars' has 6 distinct integers, 9 in one row only, and is taken for a number; to predict classes, send \"task\": \"classification\"");
    assertThat(infer(table, task(TargetTask.REGRESSION, "stars")).warnings()).isEmpty();
    assertThat(infer(table("x,y", 60, i -> i + ".5," + i % 25), "y").warnings()).isEmpty();
  }

  @Test
  void textsOfNumbersTakenForClassesAreToldOf() {
    TableBuilder builder = Tables.builder();
    for (int i = 0; i < 12; i++) {
      builder.number(builder.column("x"), i + 0.5);
      builder.string(builder.column("grade"), List.of("1", "2.5", "3e1").get(i % 3));
      builder.endRow();
    }
    Table table = builder.build();
    String numeric = "send \"columns\": {\"grade\": {\"type\": \"numeric\"}}";

    assertThat(infer(table, "grade").warnings())
        .containsExactly(
            "column 'grade' has JSON strings only and is taken for categories, though 12 of 12 are numbers; to compute with them, send JSON numbers or type it numeric");
    Table typed = table.retyped("grade", ColumnType.CATEGORICAL); // as one that was uploaded so
    assertThat(infer(typed, "grade").warnings())
        .containsExactly(
            "column 'grade' has 3 distinct texts that are all numbers and is taken for classes; to predict a number, "
                + numeric);
    assertThat(infer(table, typed("grade", "grade", ColumnUse.Type.NUMERIC)).schema().target())
        .isEqualTo(new Target.Numbers(List.of("grade")));
    refuses(
        table,
        task(TargetTask.REGRESSION, "grade"),
        "/data/target",
        "must be numeric for a regression, column 'grade' is categorical: row 0 has '1'; "
            + numeric);
    refuses(
        table,
        SchemaRequest.of("x", "grade"),
        "/data/target",
        "must be all numeric or all boolean, 'x' is numeric and 'grade' is categorical; the texts of 'grade' are all numbers: "
            + numeric);
  }

  @Test
  void columnsThatNumberTheRowsAreToldOf() {
    IntFunction<String> row =
        i -> "%d,%d,%s.5,%s".formatted(1000 - i, i % 49, i, i % 2 == 0 ? "a" : "b");

    assertThat(infer(table("id,age,x,y", 50, row), "y").warnings())
        .containsExactly(
            "column 'id' has another value in each row and is taken for a feature; if it only names the rows, leave it out with \"columns\": {\"id\": {\"type\": \"ignore\"}}");
    assertThat(infer(table("id,age,x,y", 49, row), "y").warnings()).isEmpty();
    Table table = table("id,age,x,y", 50, row);
    assertThat(infer(table, typed("y", "id", ColumnUse.Type.IGNORE)).warnings()).isEmpty();
    assertThat(infer(table, typed("y", "id", ColumnUse.Type.NUMERIC)).warnings()).isEmpty();
    assertThat(infer(table("y,x", 50, i -> i + "," + i + ".5"), "y").warnings()).isEmpty();
  }

  @Test
  void fewTextsThatNameTheRowsAreToldOf() {
    IntFunction<String> row = i -> "n%d,%s.5,%s".formatted(i, i, i % 2 == 0 ? "a" : "b");

    assertThat(infer(table("name,x,y", 60, row), "y").warnings())
        .singleElement()
        .asString()
        .startsWith("column 'name' has another value in each row and is taken for a feature;");
    assertThat(infer(table("name,x,y", 100, row), "y").warnings())
        .containsExactly("column 'name' is left out: it has 100 distinct texts in 100 rows");
  }

  /// Their few texts are missing cells, unless the request types the column.
  @Test
  void almostNumericTargetsKeepTheirNumbers() {
    IntFunction<String> row =
        i ->
            "%s.5,%s,%s,%s"
                .formatted(i, i == 7 ? "unknown" : i % 3, i == 9 ? "none" : i % 2, i % 4 / 2);
    Table table = table("x,grade,p,q", 200, row);
    String leftOut = "1 rows without a target are left out";

    InferredSchema classes = infer(table, "grade");
    assertThat(classes.schema().target())
        .isEqualTo(
            new Target.Classes(
                "grade", List.of(Label.number(0), Label.number(1), Label.number(2))));
    assertThat(field(classes, "grade").missingTokens()).containsExactly("unknown");
    assertThat(classes.warnings())
        .contains(leftOut)
        .anyMatch(warning -> warning.contains("'grade' is numeric but for 1 of 200 cells"))
        .anyMatch(warning -> warning.contains("'grade' has 3 distinct integers"));
    assertThat(infer(table, task(TargetTask.CLASSIFICATION, "grade")).schema().target())
        .isEqualTo(classes.schema().target());
    assertThat(infer(table, typed("grade", "grade", ColumnUse.Type.CATEGORICAL)).schema().target())
        .isEqualTo(
            new Target.Classes(
                "grade",
                List.of(Label.text("0"), Label.text("1"), Label.text("2"), Label.text("unknown"))));

    InferredSchema labels = infer(table, "p", "q");
    assertThat(labels.schema().target()).isEqualTo(new Target.MultiLabel(List.of("p", "q"), true));
    assertThat(field(labels, "p").missingTokens()).containsExactly("none");
    assertThat(labels.warnings())
        .contains(leftOut)
        .anyMatch(warning -> warning.contains("'p' is numeric but for 1 of 200 cells"));
    assertThat(infer(table, task(TargetTask.REGRESSION, "grade")).warnings())
        .contains(leftOut)
        .anyMatch(warning -> warning.contains("'grade' is numeric but for 1 of 200 cells"));
  }

  @Test
  void manyColumnsThatNumberTheRowsAreToldOfTogether() {
    String names = String.join(",", IntStream.range(0, 12).mapToObj(i -> "g" + i).toList());

    List<String> warnings =
        infer(table(names + ",y", 60, i -> (i + ",").repeat(12) + (i % 2 == 0 ? "a" : "b")), "y")
            .warnings();

    assertThat(warnings)
        .containsExactly(
            "columns 'g0', 'g1', 'g2', 'g3', 'g4', 'g5', 'g6', 'g7', 'g8', 'g9' and 2 more have another value in each row and are taken for features; if one only names the rows, leave it out, as with \"columns\": {\"g0\": {\"type\": \"ignore\"}}");
  }

  @Test
  void severalTargetsOfZeroAndOneAreLabelsUnlessARegressionIsAskedFor() {
    Table table = Tables.csv("x,p,q,r", "1,1,0,0.5", "2,0,1,1", "3,1,,1");
    InferredSchema labels = infer(table, "p", "q");

    assertThat(labels.schema().target()).isEqualTo(new Target.MultiLabel(List.of("p", "q"), true));
    assertThat(field(labels, "q").type()).isEqualTo(ColumnType.BOOLEAN);
    assertThat(labels.warnings())
        .containsExactly(
            "1 rows without a target are left out",
            "columns 'p', 'q' have only 0 and 1 and are taken for labels that hold or not, answered as 0 and 1; to predict numbers, send \"task\": \"regression\"");
    InferredSchema asked = infer(table, task(TargetTask.CLASSIFICATION, "p", "q"));
    assertThat(asked.schema().target()).isEqualTo(labels.schema().target());
    assertThat(asked.warnings()).hasSize(1);
    Target numbers = new Target.Numbers(List.of("p", "q"));
    assertThat(infer(table, task(TargetTask.REGRESSION, "p", "q")).schema().target())
        .isEqualTo(numbers);
    assertThat(
            infer(
                    table,
                    new SchemaRequest(
                        List.of("p", "q"), null, Map.of("p", ColumnUse.of(ColumnUse.Type.NUMERIC))))
                .schema()
                .target())
        .isEqualTo(numbers);
    assertThat(infer(table, "p", "r").schema().target())
        .isEqualTo(new Target.Numbers(List.of("p", "r")));
    ColumnUse bool = ColumnUse.of(ColumnUse.Type.BOOLEAN);
    assertThat(
            infer(table, new SchemaRequest(List.of("p", "q"), null, Map.of("p", bool, "q", bool)))
                .schema()
                .target())
        .isEqualTo(new Target.MultiLabel(List.of("p", "q")));
  }

  @Test
  void theTypeThatIsGivenToATargetDecidesWhatItsClassesAre() {
    Table table = table("x,y", 60, i -> i + ".5," + i % 2);
    Target numbers = new Target.Classes("y", List.of(Label.number(0), Label.number(1)));

    assertThat(infer(table, typed("y", "y", ColumnUse.Type.CATEGORICAL)).schema().target())
        .isEqualTo(numbers);
    SchemaRequest numericClasses =
        new SchemaRequest(
            List.of("y"),
            TargetTask.CLASSIFICATION,
            Map.of("y", ColumnUse.of(ColumnUse.Type.NUMERIC)));
    assertThat(infer(table, numericClasses).schema().target()).isEqualTo(numbers);
    assertThat(infer(table, numericClasses).warnings()).isEmpty();
    refuses(
        table,
        new SchemaRequest(
            List.of("y"), TargetTask.REGRESSION, Map.of("y", ColumnUse.of(ColumnUse.Type.BOOLEAN))),
        "/data/target",
        "must be numeric for a regression, column 'y' is boolean: row 0 has 'false'; leave out its type");
    refuses(
        table,
        new SchemaRequest(
            List.of("y"),
            TargetTask.REGRESSION,
            Map.of("y", ColumnUse.of(ColumnUse.Type.CATEGORICAL))),
        "/data/target",
        "must be numeric for a regression, column 'y' is categorical: row 0 has '0'; send \"columns\": {\"y\": {\"type\": \"numeric\"}}");
  }

  private static SchemaRequest nullable(
      String column, ColumnUse.@Nullable Type type, boolean nullable) {
    return new SchemaRequest(
        List.of("y"), null, Map.of(column, new ColumnUse(type, nullable)), "w", null);
  }

  @Test
  void aFeatureIsNullableIfTheRequestSaysSo() {
    Table table = Tables.csv("x,c,k,w,y", "1,u,7,1,a", "2,v,7,1,b", "3,u,7,2,a", "4,,7,2,b");

    assertThat(field(infer(table, "y"), "x").nullable()).isFalse();
    Schema.Field x = field(infer(table, nullable("x", null, true)), "x");
    assertThat(x.nullable()).isTrue();
    assertThat(x.type()).isEqualTo(ColumnType.NUMERIC);
    Schema.Field typed = field(infer(table, nullable("x", ColumnUse.Type.CATEGORICAL, true)), "x");
    assertThat(typed.nullable()).isTrue();
    assertThat(typed.type()).isEqualTo(ColumnType.CATEGORICAL);
    assertThat(typed.slots(EncodingSpec.DEFAULT)).isEqualTo(5);
    assertThat(field(infer(table, nullable("x", null, false)), "x").nullable()).isFalse();
    assertThat(field(infer(table, nullable("c", null, true)), "c").nullable()).isTrue();
    refuses(
        table,
        nullable("c", null, false),
        "/data/columns/c/nullable",
        "must be true or left out, 'c' has no value in 1 of 4 rows");
    // Being nullable is no reason to keep a column that nothing can be learned from.
    assertThat(field(infer(table, nullable("k", null, true)), "k").role())
        .isEqualTo(Schema.Role.DROPPED);
  }

  @Test
  void onlyFeaturesAreNullableOnRequest() {
    Table table = Tables.csv("x,w,y", "1,1,a", "2,1,b", "3,2,a");

    refuses(
        table,
        nullable("y", null, true),
        "/data/columns/y/nullable",
        "must be left out, 'y' is a target: rows without one are left out");
    refuses(
        table,
        nullable("w", ColumnUse.Type.NUMERIC, false),
        "/data/columns/w/nullable",
        "must be left out, 'w' is the weight, which no row may lack");
    refuses(
        table,
        nullable("x", ColumnUse.Type.IGNORE, true),
        "/data/columns/x/nullable",
        "must be left out, 'x' is ignored and may always be missing");
    refuses(
        table,
        nullable("z", null, true),
        "/data/columns/z",
        "must be a column of the data, is none");
  }
}
