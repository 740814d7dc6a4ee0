package dev.backprop.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/// A version of each kind, with questions and what the service answered: `src/test/make.py` made
/// them.
final class Kinds {

  static final Path HOME = Path.of("src/test/resources/kinds");

  /// Those that take columns.
  static final List<String> OF_COLUMNS =
      List.of(
          "classes",
          "numberclasses",
          "truth",
          "numbers",
          "several",
          "multilabel",
          "quantiles",
          "embedded",
          "encodings",
          "folds",
          "bagging",
          "shared",
          "sets",
          "ensemble");

  /// What the service was asked for.
  static final String INTERVAL = "0.8";

  private Kinds() {}

  static String artifact(String kind) {
    return HOME.resolve(kind + ".zip").toString();
  }

  /// The recorded answers, text by text, by the names of their columns.
  static List<Map<String, String>> answers(String kind) throws Exception {
    List<String> lines = Files.readAllLines(HOME.resolve(kind + ".csv"));
    List<String> names = Arrays.asList(lines.getFirst().split(",", -1));
    return lines.stream()
        .skip(1)
        .map(
            line -> {
              String[] texts = line.split(",", -1);
              Map<String, String> row = new LinkedHashMap<>();
              for (int c = 0; c < texts.length; c++) {
                row.put(names.get(c), texts[c]);
              }
              return row;
            })
        .toList();
  }

  static boolean hasInterval(String kind) throws Exception {
    return answers(kind).getFirst().keySet().stream()
        .anyMatch(name -> name.equals("set") || name.endsWith("interval_lower"));
  }

  /// The questions as texts, or as each column would have its type in a lake.
  static Dataset<Row> questions(SparkSession spark, boolean typed) {
    Dataset<Row> texts =
        spark.read().option("header", true).csv(HOME.resolve("questions.csv").toString());
    return typed
        ? texts.select(
            functions.col("id"),
            functions.col("code"),
            functions.col("kind"),
            functions.col("temp").cast("double"),
            functions.col("size").cast("int"),
            functions.col("open").cast("boolean"),
            functions.col("day").cast("date"),
            functions.col("moment").cast("timestamp"),
            functions.col("price").cast("decimal(9,3)"))
        : texts;
  }

  /// A value of Spark as the service's CSV has it.
  static String text(@Nullable Object value) {
    return value instanceof scala.collection.Seq<?> set
        ? set.mkString("; ")
        : Objects.toString(value, "");
  }
}
