package dev.backprop;

import java.lang.management.ManagementFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.SpringApplication;

/// The service, which brings all its threads to a safepoint every 100 ms, beside the safepoints
/// that the garbage collector needs: for `benchmarks/safepoints`.
final class SafepointApplication {

  private SafepointApplication() {}

  public static void main(String[] args) {
    SpringApplication.run(BackpropApplication.class, args);
    // A dump of the threads is the cheapest reason to stop them all.
    ScheduledFuture<?> _ =
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory())
            .scheduleWithFixedDelay(
                () -> ManagementFactory.getThreadMXBean().dumpAllThreads(false, false, 1),
                100,
                100,
                TimeUnit.MILLISECONDS);
  }
}
