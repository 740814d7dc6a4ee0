package dev.backprop.platform.storage;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes what has become older than it may, a bounded number at a time. Each process does so:
/// whatever one has deleted is gone for the others.
public final class Retention implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  /// The most that a turn deletes.
  static final int MOST = 100;

  private static final Duration LONGEST_PERIOD = Duration.ofMinutes(1);
  private static final Duration SHORTEST_PERIOD = Duration.ofSeconds(1);

  /// What is kept, and not for ever.
  @FunctionalInterface
  public interface Kept {

    /// Deletes the oldest of what was made before and nobody needs.
    ///
    /// @return in words what this call has deleted
    List<String> deleteOlder(Instant until, int most);
  }

  private final String kind;
  private final Duration age;
  private final InstantSource clock;
  private final Kept kept;
  private final AtomicLong deleted = new AtomicLong();
  private final @Nullable Pulse pulse;

  /// Begins to delete, if anything may become too old.
  ///
  /// @param kind of what is kept, such as `versions`
  /// @param age the most that it may be; 0 means that all is kept
  public Retention(String kind, Duration age, InstantSource clock, Kept kept) {
    this.kind = kind;
    this.age = age;
    this.clock = clock;
    this.kept = kept;
    this.pulse = age.isZero() ? null : new Pulse(1);
    if (pulse != null) {
      pulse.every(period(age), this::run);
    }
  }

  private static Duration period(Duration age) {
    return age.compareTo(LONGEST_PERIOD) >= 0
        ? LONGEST_PERIOD
        : age.compareTo(SHORTEST_PERIOD) < 0 ? SHORTEST_PERIOD : age;
  }

  /// One turn.
  void run() {
    List<String> gone = kept.deleteOlder(clock.instant().minus(age), MOST);
    deleted.addAndGet(gone.size());
    gone.forEach(one -> log.info("{} is deleted, since it is older than {}", one, age));
  }

  String kind() {
    return kind;
  }

  /// How many this process has deleted.
  long deleted() {
    return deleted.get();
  }

  @Override
  public void close() {
    if (pulse != null) {
      pulse.close();
    }
  }
}
