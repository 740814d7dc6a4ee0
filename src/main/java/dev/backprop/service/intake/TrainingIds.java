package dev.backprop.service.intake;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/// Makes ids that sort by the time they were made and cannot be guessed. They are UUIDs of version
/// 7 (RFC 9562, section 5.7). A counter in the 12 bits after the version (method 1 of section 6.2)
/// makes ids of one millisecond sort too; 62 bits are random.
public final class TrainingIds {

  private static final int COUNTER_LIMIT = 1 << 12;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private long millis;
  private int counter;

  public TrainingIds(InstantSource clock) {
    this.clock = clock;
  }

  /// Sorts after every id made before, even when the clock goes back.
  synchronized String next() {
    long now = clock.millis();
    if (now > millis) {
      millis = now;
      counter = 0;
    } else if (++counter == COUNTER_LIMIT) {
      millis++;
      counter = 0;
    }
    long high = millis << 16 | 0x7000 | counter;
    long low = random.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }
}
