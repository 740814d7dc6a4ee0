package dev.backprop.platform.storage;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What went wrong with the storage, by no fault of whoever used it. Every fault is counted. The
/// log tells one of a kind in an hour, with the number of those that it left out. The health shows
/// a kind for a while after it was met last.
public final class StorageFaults {

  private static final Logger log = LoggerFactory.getLogger(StorageFaults.class);

  private static final Duration TOLD_EVERY = Duration.ofHours(1);

  /// After this time without such a fault all is taken to be well again.
  static final Duration SHOWN_FOR = Duration.ofMinutes(10);

  /// What can be wrong.
  public enum Kind {
    /// No room is left.
    FULL("is full"),
    /// It can be read and not be written.
    READ_ONLY("cannot be written"),
    /// What is stored is not what was written.
    CORRUPT("is damaged"),
    /// The disk fails.
    IO("cannot be read or written"),
    /// The database is not there, or too busy. [JdbcDatabase] tells the log when that begins and
    /// ends.
    UNAVAILABLE(null);

    private final @Nullable String words;

    Kind(@Nullable String words) {
      this.words = words;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// @param leftOut faults that the log has not told
  private record Met(long count, Instant last, @Nullable Instant told, long leftOut) {}

  /// A kind that was met not long ago.
  record Shown(long count, Instant last) {}

  private final InstantSource clock;
  private final Map<Kind, Met> met = new EnumMap<>(Kind.class); // guarded by this

  StorageFaults(InstantSource clock) {
    this.clock = clock;
  }

  /// @param what went wrong, in words
  synchronized void note(Kind kind, String what) {
    Instant now = clock.instant();
    Met before = met.getOrDefault(kind, new Met(0, now, null, 0));
    boolean tells =
        kind.words != null
            && (before.told() == null || !now.isBefore(before.told().plus(TOLD_EVERY)));
    if (tells) {
      log.warn(
          "The storage {}: {} ({} such faults were left out since the last line about them)",
          kind.words,
          what,
          before.leftOut());
    }
    met.put(
        kind,
        new Met(
            before.count() + 1,
            now,
            tells ? now : before.told(),
            tells ? 0 : before.leftOut() + 1));
  }

  synchronized long count(Kind kind) {
    Met of = met.get(kind);
    return of == null ? 0 : of.count();
  }

  /// What was met not long ago, but for what the health finds out by itself.
  synchronized Map<String, Shown> shown() {
    Instant horizon = clock.instant().minus(SHOWN_FOR);
    Map<String, Shown> shown = new TreeMap<>();
    met.forEach(
        (kind, of) -> {
          if (kind.words != null && of.last().isAfter(horizon)) {
            shown.put(kind.text(), new Shown(of.count(), of.last()));
          }
        });
    return shown;
  }
}
