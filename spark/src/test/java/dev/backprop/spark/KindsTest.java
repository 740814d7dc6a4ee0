package dev.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.json.StrictJson;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kind of version answers in Spark as it does in the service.
class KindsTest {

  private static final double FLOAT_BITS = 1e-5;

  private static final SparkSession SPARK = Sessions.local();

  static Stream<String> kinds() {
    return Kinds.OF_COLUMNS.stream();
  }

  private static BackpropModel model(String kind) throws Exception {
    BackpropModel model = BackpropModel.load(Kinds.artifact(kind));
    return Kinds.hasInterval(kind) ? model.withInterval(new BigDecimal(Kinds.INTERVAL)) : model;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void answersAsTheService(String kind) throws Exception {
    compare(kind, model(kind).transform(Kinds.questions(SPARK, false)).collectAsList());
  }

  /// Typed columns of Parquet mean what their texts mean, bit by bit.
  @ParameterizedTest
  @MethodSource("kinds")
  void typedColumnsAreAnsweredAsTheirTexts(String kind, @TempDir Path directory) throws Exception {
    String file = directory.resolve("typed").toString();
    Kinds.questions(SPARK, true).write().parquet(file);
    BackpropModel model = model(kind).withKernels("java");
    List<Row> typed = answersOnly(model.transform(SPARK.read().parquet(file)));
    List<Row> texts = answersOnly(model.transform(Kinds.questions(SPARK, false)));
    assertThat(typed).isEqualTo(texts);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theSqlFunctionAnswersAsTheService(String kind) throws Exception {
    model(kind).register(SPARK);
    Kinds.questions(SPARK, true).createOrReplaceTempView("questions");
    compare(
        kind,
        SPARK
            .sql("SELECT id, backprop_predict(struct(*)) AS answer FROM questions")
            .select("id", "answer.*")
            .collectAsList());
  }

  private static List<Row> answersOnly(Dataset<Row> answered) {
    return answered
        .drop("code", "kind", "temp", "size", "open", "day", "moment", "price")
        .orderBy("id")
        .collectAsList();
  }

  private static void compare(String kind, List<Row> given) throws Exception {
    List<Map<String, String>> expected = Kinds.answers(kind);
    Map<String, Row> byId = new HashMap<>();
    given.forEach(row -> byId.put(row.getAs("id"), row));
    assertThat(byId).hasSize(expected.size());
    for (Map<String, String> answer : expected) {
      Row row = Objects.requireNonNull(byId.get(answer.get("id")));
      answer.forEach((name, text) -> compare(kind + " " + name, text, row.getAs(name)));
    }
  }

  private static void compare(String what, String expected, Object given) {
    if (given instanceof Double || given instanceof Float) {
      double number = Double.parseDouble(expected);
      assertThat(((Number) given).doubleValue())
          .as(what)
          .isCloseTo(number, within(FLOAT_BITS * Math.max(1, Math.abs(number))));
    } else {
      assertThat(Kinds.text(given)).as(what).isEqualTo(expected);
    }
  }

  /// The Java kernels have the bits of the engine, which answers one row at a time here.
  @Test
  void theJavaKernelsHaveTheBitsOfTheEngine() throws Exception {
    ModelDraft engine =
        new ArtifactCodec(StrictJson.mapper(), KernelSelection.select("java").kernels())
            .read(Path.of(Kinds.artifact("ensemble")));
    List<Row> rows =
        BackpropModel.load(Kinds.artifact("ensemble"))
            .withKernels("java")
            .transform(Kinds.questions(SPARK, false).filter("kind <> 'never seen'"))
            .collectAsList();
    assertThat(rows).hasSizeGreaterThan(50);
    for (Row row : rows) {
      Map<String, String> cells = new HashMap<>();
      for (String name :
          List.of("code", "kind", "temp", "size", "open", "day", "moment", "price")) {
        cells.put(name, Kinds.text(row.getAs(name)));
      }
      Prediction.NumberPrediction answer =
          (Prediction.NumberPrediction)
              engine.predictor().predict(engine.cells(cells), engine.predictor().workspace(1));
      assertThat(row.<Double>getAs("prediction")).isEqualTo(answer.values()[0]);
    }
  }

  @Test
  void aModelOfBareNumbersTakesAnArray() throws Exception {
    List<Map<String, String>> expected = Kinds.answers("bare");
    Dataset<Row> inputs =
        SPARK
            .range(expected.size())
            .select(
                functions
                    .array(functions.expr("id / 4"), functions.expr("1 - id / 8"))
                    .as("inputs"));
    List<Row> given = BackpropModel.load(Kinds.artifact("bare")).transform(inputs).collectAsList();
    for (int i = 0; i < expected.size(); i++) {
      compare(
          "row " + i,
          Objects.requireNonNull(expected.get(i).get("output_0")),
          given.get(i).getAs("output_0"));
    }
  }

  /// The first format of artifacts, with what the service of then answered.
  @ParameterizedTest
  @MethodSource("formats")
  void formerFormatsAnswerAsWhenTheyWereMade(int format, String kind, @TempDir Path directory)
      throws Exception {
    FormerAnswers former = FormerAnswers.of(format, kind);
    Path questions = Files.writeString(directory.resolve("questions.csv"), former.question());
    List<Row> given =
        BackpropModel.load(former.artifact())
            .transform(SPARK.read().option("header", true).csv(questions.toString()).coalesce(1))
            .collectAsList();
    List<Map<String, Object>> expected = former.answers();
    assertThat(given).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      Row row = given.get(i);
      expected
          .get(i)
          .forEach(
              (name, value) ->
                  compare("row %s".formatted(name), String.valueOf(value), row.getAs(name)));
    }
  }

  static Stream<Arguments> formats() {
    return Stream.of(1, 3)
        .flatMap(
            format ->
                Stream.of("classes", "quantiles", "embedded", "normalized", "folds")
                    .map(kind -> Arguments.of(format, kind)));
  }
}
