package dev.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The command, from its options to its last line.
class PredictTest {

  private static final SparkSession SPARK = Sessions.local();

  @TempDir Path directory;

  private String data = "";
  private String out = "";

  @BeforeEach
  void names() {
    data = directory.resolve("data").toString();
    out = directory.resolve("out").toString();
  }

  /// @return the last line, which must be the only one
  private JsonNode run(int status, String... options) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    assertThat(Predict.run(SPARK, PredictOptions.of(options), stream))
        .as(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(status);
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
    return StrictJson.mapper().readTree(bytes.toString(StandardCharsets.UTF_8));
  }

  private String[] options(String kind, String... more) {
    List<String> all =
        new ArrayList<>(List.of("--model", Kinds.artifact(kind), "--data", data, "--out", out));
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }

  private void refused(ProblemCode code, String words, String... options) {
    JsonNode event = run(1, options);
    assertThat(event.path("event").asString()).isEqualTo("failed");
    assertThat(event.path("detail").asString()).contains(words);
    assertThat(event.path("code").asString()).isEqualTo(code.code());
    assertThat(Path.of(out)).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "csv", "json", "orc"})
  void readsAndWritesEveryFormat(String format) {
    Kinds.questions(SPARK, true)
        .repartition(3)
        .write()
        .format(format)
        .option("header", true)
        .option("timestampFormat", "yyyy-MM-dd'T'HH:mm:ssXXX")
        .save(data);
    JsonNode event =
        run(0, options("sets", "--format", format, "--keep", "id,day", "--interval", "0.8"));
    assertThat(event.path("event").asString()).isEqualTo("scored");
    assertThat(event.path("rows").asInt()).isEqualTo(60);
    assertThat(event.path("invalid").asInt()).isZero();
    assertThat(event.path("unseen").asInt()).isEqualTo(6);
    assertThat(event.path("outOfRange").asInt()).isGreaterThanOrEqualTo(6);
    assertThat(event.path("rowsPerSecond").asLong()).isPositive();
    Dataset<Row> answers = SPARK.read().option("header", true).format(format).load(out);
    assertThat(answers.schema().fieldNames())
        .containsExactlyInAnyOrder(
            "id",
            "day",
            "prediction",
            "probability_high",
            "probability_low",
            "probability_mid",
            "set");
    List<Row> rows = answers.orderBy("id").select("id", "prediction", "set").collectAsList();
    List<String> expected = new ArrayList<>();
    try {
      Kinds.answers("sets")
          .forEach(
              row ->
                  expected.add(row.get("id") + " " + row.get("prediction") + " " + row.get("set")));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    assertThat(
            rows.stream().map(row -> row.get(0) + " " + row.get(1) + " " + Kinds.text(row.get(2))))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void keepsThePartitionsAndTheOrderOfItsRows() {
    Dataset<Row> rows = Kinds.questions(SPARK, true).repartition(4, functions.col("id"));
    Dataset<Row> answered = BackpropModel.load(Kinds.artifact("numbers")).transform(rows);
    assertThat(answered.select(functions.spark_partition_id(), functions.col("id")).collectAsList())
        .isEqualTo(
            rows.select(functions.spark_partition_id(), functions.col("id")).collectAsList());
    assertThat(answered.rdd().getNumPartitions()).isEqualTo(4);
  }

  /// A row with a text for a number, one without a value that must be there, and one that is fine.
  private void questionsOfWhichTwoAreInvalid() throws Exception {
    List<String> lines = Files.readAllLines(Kinds.HOME.resolve("questions.csv"));
    Files.createDirectory(Path.of(data));
    Files.write(
        Path.of(data, "part.csv"),
        List.of(
            lines.getFirst(),
            lines.get(1),
            lines.get(2).replace(",30,", ",thirty,").replace("1001,", "bad,"),
            lines.get(3).replaceFirst("^([^,]*),[^,]*,", "$1,,")));
    assertThat(Files.readString(Path.of(data, "part.csv"))).contains("thirty");
  }

  @Test
  void aRowThatCannotBeAnsweredIsEmptyWithItsReason() throws Exception {
    questionsOfWhichTwoAreInvalid();
    JsonNode event =
        run(0, options("numbers", "--format", "csv", "--keep", "id", "--invalid", "null"));
    assertThat(event.path("rows").asInt()).isEqualTo(3);
    assertThat(event.path("invalid").asInt()).isEqualTo(2);
    List<Row> rows = SPARK.read().option("header", true).csv(out).collectAsList();
    assertThat(rows.get(0).isNullAt(1)).isFalse();
    assertThat(rows.get(0).isNullAt(2)).isTrue();
    assertThat(rows.get(1).isNullAt(1)).isTrue();
    assertThat(rows.get(1).getString(2)).isEqualTo("column 'size': must be a number, was 'thirty'");
    assertThat(rows.get(2).isNullAt(1)).isTrue();
    assertThat(rows.get(2).getString(2)).isEqualTo("column 'code': must have a value");
  }

  @Test
  void aRowThatCannotBeAnsweredEndsTheRunWithItsPlace() throws Exception {
    questionsOfWhichTwoAreInvalid();
    JsonNode event = run(1, options("numbers", "--format", "csv"));
    assertThat(event.path("code").asString()).isEqualTo("invalid-data");
    assertThat(event.path("detail").asString())
        .contains("data/part.csv: column 'size': must be a number, was 'thirty'");
    assertThat(Path.of(out)).doesNotExist();
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    refused(ProblemCode.NOT_FOUND, "data", options("numbers"));
    Kinds.questions(SPARK, true).write().parquet(data);
    refused(
        ProblemCode.INVALID_DATA,
        "column 'nothing': must be there, is missing",
        options("encodings", "--keep", "nothing"));
    refused(
        ProblemCode.NOT_FOUND,
        "no-model.zip",
        "--model",
        "no-model.zip",
        "--data",
        data,
        "--out",
        out);
    refused(
        ProblemCode.INVALID_ARTIFACT,
        "zip",
        "--model",
        Kinds.HOME.resolve("questions.csv").toString(),
        "--data",
        data,
        "--out",
        out);
    refused(
        ProblemCode.NO_CALIBRATION,
        "0.9 needs at least 9 rows",
        options("numbers", "--interval", "0.9"));
    refused(ProblemCode.INVALID_DATA, "must be from", options("sets", "--interval", "7"));
    refused(
        ProblemCode.NOT_FOUND,
        "--key-file",
        options("numbers", "--key-file", directory.resolve("none").toString()));
  }

  @Test
  void aColumnThatIsNotThereIsNamed() {
    Kinds.questions(SPARK, true).withColumnRenamed("size", "Size").write().parquet(data);
    refused(
        ProblemCode.INVALID_DATA,
        "column 'size': must be there, is missing; there is 'Size'",
        options("numbers"));
  }

  @Test
  void columnsThatAreNoCellsAreNamed() {
    Kinds.questions(SPARK, true)
        .withColumn("size", functions.array(functions.col("size")))
        .write()
        .parquet(data);
    refused(
        ProblemCode.INVALID_DATA,
        "column 'size': must have numbers, texts, truth values or dates, has array<int>",
        options("numbers"));
  }

  @Test
  void whatIsThereIsNotOverwritten() throws Exception {
    Kinds.questions(SPARK, true).write().parquet(data);
    Files.createDirectory(Path.of(out));
    JsonNode event = run(1, options("numbers"));
    assertThat(event.path("code").asString()).isEqualTo("conflict");
    assertThat(Path.of(out)).isEmptyDirectory();
  }

  @Test
  void aFileThatIsNoParquetIsMalformed() throws Exception {
    Files.createDirectory(Path.of(data));
    Files.writeString(Path.of(data, "a.parquet"), "no Parquet at all, but long enough");
    JsonNode event = run(1, options("numbers"));
    assertThat(event.path("code").asString()).isEqualTo("malformed-data");
    assertThat(Path.of(out)).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "unknown-parameter, --modle x",
    "unknown-parameter, model",
    "missing-parameter, --data d --out o",
    "missing-parameter, --model m --data d --out",
    "repeated-parameter, --model m --model n",
    "invalid-parameter, --model m --data d --out o --format avro",
    "invalid-parameter, --model m --data d --out o --invalid skip",
    "invalid-parameter, --model m --data d --out o --interval much",
    "invalid-parameter, --model m --data d --out o --kernels cuda",
    "invalid-parameter, '--model m --data d --out o --keep a,,b'",
    "invalid-parameter, '--model m --data d --out o --keep a,a'",
  })
  void optionsThatCannotBeAreRefused(String code, String options) {
    assertThatThrownBy(() -> PredictOptions.of(options.split(" ")))
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.code().code()).isEqualTo(code));
  }
}
