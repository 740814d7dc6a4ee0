package dev.backprop.spark;

import org.apache.spark.sql.SparkSession;

/// The Spark of the tests: one thread in this JVM, no page, no shuffle of two hundred parts.
public final class Sessions {

  private Sessions() {}

  /// The session of this JVM; the first call starts it, and it ends with the JVM.
  public static SparkSession local() {
    return SparkSession.builder()
        .master("local[1]")
        .appName("tests")
        .config("spark.ui.enabled", false)
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.warehouse.dir", "target/warehouse")
        .getOrCreate();
  }
}
