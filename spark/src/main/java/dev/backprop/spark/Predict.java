package dev.backprop.spark;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;

/// Answers all rows of a table with a version of a model:
///
/// ```
/// spark-submit --class dev.backprop.spark.Predict backprop-spark.jar
///   --model F.zip | URL of a version [--key-file F] --data URI --out URI
///   [--format parquet|csv|json|orc] [--keep id,date] [--invalid fail|null] [--interval 0.9]
///   [--kernels java|openblas]
/// ```
///
/// The last line of the standard output is one JSON object: what was done, or why it failed. A
/// failed run has the exit code 1 and leaves nothing behind.
public final class Predict {

  private final SparkSession spark;
  private final PredictOptions options;

  private Predict(SparkSession spark, PredictOptions options) {
    this.spark = spark;
    this.options = options;
  }

  public static void main(String[] arguments) {
    int status;
    try {
      PredictOptions options = PredictOptions.of(arguments);
      SparkSession spark = SparkSession.builder().appName("backprop predict").getOrCreate();
      try {
        status = run(spark, options, System.out);
      } finally {
        spark.stop();
      }
    } catch (RuntimeException e) {
      Events.print(System.out, Events.failed(e));
      status = 1;
    }
    if (status != 0) {
      System.exit(status);
    }
  }

  /// @param out gets the last line
  /// @return the exit code
  static int run(SparkSession session, PredictOptions options, PrintStream out) {
    // Columns that differ in case are different ones, as in the service.
    SparkSession spark = session.newSession();
    spark.conf().set("spark.sql.caseSensitive", true);
    Map<String, Object> event;
    try {
      event = new Predict(spark, options).scored();
    } catch (Exception e) {
      event = Events.failed(e);
    }
    Events.print(out, event);
    return event.containsKey("code") ? 1 : 0;
  }

  private Map<String, Object> scored() throws Exception {
    long begun = System.nanoTime();
    BackpropModel model = BackpropModel.load(options.model(), options.key());
    if (options.kernels() != null) {
      model = model.withKernels(options.kernels());
    }
    if (options.interval() != null) {
      model = model.withInterval(options.interval());
    }
    if (options.nullIfInvalid()) {
      model = model.withNullIfInvalid();
    }
    ScoreCounts counts = ScoreCounts.of(spark.sparkContext());
    Dataset<Row> answers = model.scoreFiles(data(), options.keep(), counts);
    write(answers);
    double seconds = Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1000.0;
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event", "scored");
    event.put("rows", counts.rows().value());
    event.put("invalid", counts.invalid().value());
    event.put("unseen", counts.unseen().value());
    event.put("outOfRange", counts.outside().value());
    event.put("seconds", seconds);
    event.put("rowsPerSecond", Math.round(counts.rows().value() / Math.max(seconds, 0.001)));
    event.put("kernels", model.kernels());
    event.put("out", options.out());
    return event;
  }

  private Dataset<Row> data() {
    DataFrameReader reader = spark.read();
    if (options.format() == PredictOptions.Format.CSV) {
      // Every cell is a text, which means what it means to the service; a quote is doubled (RFC
      // 4180).
      reader = reader.option("header", true).option("escape", "\"").option("mode", "FAILFAST");
    } else if (options.format() == PredictOptions.Format.JSON) {
      reader = reader.option("mode", "FAILFAST");
    }
    return reader.format(options.format().word()).load(options.data());
  }

  private void write(Dataset<Row> answers) throws Exception {
    Path out = path();
    FileSystem files = out.getFileSystem(spark.sparkContext().hadoopConfiguration());
    if (files.exists(out)) {
      throw new ProblemException(
          ProblemCode.CONFLICT, "--out: must not be there, '%s' is".formatted(options.out()));
    }
    boolean csv = options.format() == PredictOptions.Format.CSV;
    try (InvalidRowWatch watch = new InvalidRowWatch(spark.sparkContext())) {
      try {
        (csv ? flat(answers) : answers)
            .write()
            .option("header", csv)
            .option("escape", "\"")
            .format(options.format().word())
            .save(options.out());
      } catch (Exception e) {
        files.delete(out, true);
        InvalidRowException invalid = watch.found();
        throw invalid == null ? e : invalid;
      }
    }
  }

  private Path path() {
    try {
      return new Path(options.out());
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER,
          "--out: must be a URI, was '%s': %s".formatted(options.out(), e.getMessage()));
    }
  }

  /// The same with sets of classes as one text each, as the service has them in CSV.
  private static Dataset<Row> flat(Dataset<Row> answers) {
    return answers.select(
        Arrays.stream(answers.schema().fields())
            .map(
                field -> {
                  Column column = answers.col("`" + field.name().replace("`", "``") + "`");
                  return field.dataType() instanceof ArrayType && field.name().equals("set")
                      ? functions.array_join(column.cast("array<string>"), "; ").as("set")
                      : column;
                })
            .toArray(Column[]::new));
  }
}
