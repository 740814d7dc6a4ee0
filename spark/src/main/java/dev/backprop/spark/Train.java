package dev.backprop.spark;

import dev.backprop.spark.training.SpreadRun;
import dev.backprop.spark.training.TrainEvents;
import dev.backprop.spark.training.TrainOptions;
import java.io.PrintStream;
import java.time.InstantSource;
import org.apache.spark.sql.SparkSession;

/// Trains a network on all rows of a table:
///
/// ```
/// spark-submit --class dev.backprop.spark.Train backprop-spark.jar
///   --data URI [--format parquet|csv|json|orc] --target COLUMN --model NAME [--spec FILE]
///   [--shards 8] [--round auto|0.25] [--outer auto|mean|nesterov] [--seed 0] [--kernels java|openblas]
///   [--checkpoint URI [--resume]] [--service URL [--key-file F]] [--allow-small] --out F.zip
/// ```
///
/// The standard output has a JSON object a line, the last one tells how it ended. A failed run has
/// the exit code 1.
public final class Train {

  private Train() {}

  public static void main(String[] arguments) {
    int status;
    TrainEvents events = new TrainEvents(System.out);
    try {
      TrainOptions options = TrainOptions.of(arguments);
      SparkSession spark =
          SparkSession.builder().appName("backprop train " + options.model()).getOrCreate();
      try {
        status = run(spark, options, events);
      } finally {
        spark.stop();
      }
    } catch (RuntimeException e) {
      events.failed(e);
      status = 1;
    }
    if (status != 0) {
      System.exit(status);
    }
  }

  /// @return the exit code
  static int run(SparkSession spark, TrainOptions options, PrintStream out) {
    return run(spark, options, new TrainEvents(out));
  }

  private static int run(SparkSession spark, TrainOptions options, TrainEvents events) {
    try {
      SpreadRun.run(spark, options, events, InstantSource.system());
      return 0;
    } catch (Exception e) {
      events.failed(e);
      return 1;
    }
  }
}
