package dev.backprop.spark; // of what Predict does, which programs do not see

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/// Rows that are read, and rows that are scored, by one thread of Spark: seconds of the process's
/// CPU, in turns, after a round that does not count.
///
/// Arguments: the artifact, a CSV file of diamonds, a directory, copies of the table, rounds.
public final class ScoreBenchmark {

  private static final List<String> COLUMNS =
      List.of("carat", "cut", "color", "clarity", "depth", "table", "x", "y", "z");

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[2]);
    int copies = Integer.parseInt(arguments[3]);
    int rounds = Integer.parseInt(arguments[4]);
    SparkSession spark =
        SparkSession.builder().master("local[1]").config("spark.ui.enabled", false).getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    Dataset<Row> table = table(spark, arguments[1], directory, copies);
    Dataset<Row> part = table(spark, arguments[1], directory, Math.max(1, copies / 10));
    long rows = table.count();
    long some = part.count();
    BackpropModel model = BackpropModel.load(arguments[0]);
    BackpropModel plain = model.withKernels("java");
    Path out = directory.resolve("out");

    Map<String, Runnable> ways = new LinkedHashMap<>();
    Map<String, Long> sizes = new LinkedHashMap<>();
    ways.put("read", () -> drop(table));
    ways.put("hashed", () -> table.selectExpr("sum(hash(*))").collectAsList());
    ways.put("given to Java", () -> drop(given(table)));
    ways.put("scored", () -> drop(answers(model, table)));
    ways.put("scored, written", () -> write(answers(model, table), out));
    ways.put("transform", () -> drop(model.transform(table)));
    ways.put("SQL function, a tenth", () -> drop(function(model, part)));
    ways.put("Java kernels, a tenth", () -> drop(answers(plain, part)));
    ways.keySet().forEach(way -> sizes.put(way, way.endsWith("tenth") ? some : rows));

    Map<String, List<double[]>> taken = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (Map.Entry<String, Runnable> way : ways.entrySet()) {
        long cpu = PROCESS.getProcessCpuTime();
        long begun = System.nanoTime();
        way.getValue().run();
        double[] seconds = {
          (PROCESS.getProcessCpuTime() - cpu) / 1e9, (System.nanoTime() - begun) / 1e9
        };
        System.out.printf(
            "round %d  %-24s %7.2f s CPU  %7.2f s%n", round, way.getKey(), seconds[0], seconds[1]);
        if (round > 0) {
          taken.computeIfAbsent(way.getKey(), _ -> new ArrayList<>()).add(seconds);
        }
      }
    }
    double read = median(taken.get("read"));
    System.out.printf("%n%,d rows%n", rows);
    for (String way : ways.keySet()) {
      double cpu = median(taken.get(way));
      double full = cpu * rows / sizes.get(way);
      System.out.printf(
          "%-24s %5.2f M rows per CPU-second  %5.2f times reading%n",
          way, rows / full / 1e6, full / read);
    }
    spark.stop();
  }

  private static Dataset<Row> table(SparkSession spark, String csv, Path directory, int copies) {
    Path data = directory.resolve("diamonds-" + copies);
    if (!Files.exists(data.resolve("_SUCCESS"))) {
      make(spark, csv, data, copies);
    }
    return spark.read().parquet(data.toString());
  }

  /// Copies of the table, each cell of a number a little off, with two decimals as it has.
  private static void make(SparkSession spark, String csv, Path to, int copies) {
    Dataset<Row> diamonds =
        spark.read().option("header", true).option("inferSchema", true).csv(csv);
    Dataset<Row> all = diamonds.crossJoin(spark.range(copies).withColumnRenamed("id", "copy"));
    for (String name : List.of("carat", "depth", "table", "x", "y", "z")) {
      String noise = "round(%s * (1 + 0.02 * (rand(%d) - 0.5)), 2)".formatted(name, name.hashCode());
      all = all.withColumn(name, functions.expr(noise));
    }
    all.selectExpr(COLUMNS.toArray(String[]::new)).write().parquet(to.toString());
  }

  private static Dataset<Row> given(Dataset<Row> rows) {
    return rows.map((MapFunction<Row, Row>) row -> row, Encoders.row(rows.schema()));
  }

  private static Dataset<Row> answers(BackpropModel model, Dataset<Row> rows) {
    return model.scoreFiles(rows, List.of(), ScoreCounts.of(rows.sparkSession().sparkContext()));
  }

  private static Dataset<Row> function(BackpropModel model, Dataset<Row> rows) {
    model.register(rows.sparkSession());
    return rows.select(functions.expr("backprop_predict(struct(*)).prediction"));
  }

  private static void drop(Dataset<Row> rows) {
    rows.write().format("noop").mode("overwrite").save();
  }

  private static void write(Dataset<Row> rows, Path to) {
    rows.write().mode("overwrite").parquet(to.toString());
  }

  private static double median(List<double[]> seconds) {
    double[] cpu = seconds.stream().mapToDouble(each -> each[0]).sorted().toArray();
    return cpu[cpu.length / 2];
  }
}
