package dev.backprop.spark;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.jspecify.annotations.Nullable;

/// Ends the jobs of this thread at the first row that cannot be answered. Spark would run its task
/// three more times, to the same end.
final class InvalidRowWatch extends SparkListener implements AutoCloseable {

  private final SparkContext spark;
  private final String group = UUID.randomUUID().toString();
  private final AtomicReference<@Nullable InvalidRowException> found = new AtomicReference<>();

  InvalidRowWatch(SparkContext spark) {
    this.spark = spark;
    spark.setJobGroup(group, "backprop predict", false);
    spark.addSparkListener(this);
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.reason() instanceof ExceptionFailure failure && failure.exception().isDefined()) {
      InvalidRowException invalid = InvalidRowException.in(failure.exception().get());
      if (invalid != null && found.compareAndSet(null, invalid)) {
        spark.cancelJobGroup(group);
      }
    }
  }

  /// The row; null if there was none.
  @Nullable InvalidRowException found() {
    return found.get();
  }

  @Override
  public void close() {
    spark.removeSparkListener(this);
    spark.clearJobGroup();
  }
}
