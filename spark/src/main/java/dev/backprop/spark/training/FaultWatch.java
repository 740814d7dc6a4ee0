package dev.backprop.spark.training;

import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.platform.problem.ProblemException;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.jspecify.annotations.Nullable;

/// Ends the jobs of this thread at the first fault of the data. Spark would run its task three more
/// times, to the same end, and does not hand on why it failed.
final class FaultWatch extends SparkListener implements AutoCloseable {

  private static final long PATIENCE_MILLIS = 10_000;

  private final SparkContext spark;
  private final String group = UUID.randomUUID().toString();
  private final AtomicReference<@Nullable RuntimeException> found = new AtomicReference<>();

  FaultWatch(SparkContext spark) {
    this.spark = spark;
    spark.setJobGroup(group, "backprop train", false);
    spark.addSparkListener(this);
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.reason() instanceof ExceptionFailure failure && failure.exception().isDefined()) {
      RuntimeException fault = fault(failure.exception().get());
      if (fault != null && found.compareAndSet(null, fault)) {
        spark.cancelJobGroup(group);
      }
    }
  }

  private static @Nullable RuntimeException fault(@Nullable Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProblemException problem) {
        return problem;
      }
      if (cause instanceof InvalidDataException data) {
        return data;
      }
    }
    return null;
  }

  /// The fault; null if there was none. Waits until all has been heard that Spark has told.
  @Nullable RuntimeException found() {
    try {
      spark.listenerBus().waitUntilEmpty(PATIENCE_MILLIS);
    } catch (TimeoutException _) {
      // What has been heard has to do.
    }
    return found.get();
  }

  @Override
  public void close() {
    spark.removeSparkListener(this);
    spark.clearJobGroup();
  }
}
