package dev.backprop.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The answers that accepted requests with an `Idempotency-Key` were given, for a day and in a
/// bounded number and size; the oldest go first.
final class IdempotencyKeys {

  private static final Duration KEPT = Duration.ofHours(24);
  private static final long ENTRY_BYTES = 1000;

  /// An accepted request and its answer.
  ///
  /// @param fingerprint of the request
  @SuppressWarnings("ArrayRecordComponent") // never changed, written out as it is
  record Remembered(
      String fingerprint,
      int status,
      @Nullable String contentType,
      @Nullable String location,
      byte[] body,
      Instant at) {

    long bytes() {
      return ENTRY_BYTES + body.length;
    }
  }

  private final int maxKeys;
  private final long maxBytes;
  private final InstantSource clock;
  private final Map<String, Remembered> remembered = new LinkedHashMap<>();
  private final Set<String> inProgress = new HashSet<>();
  private long bytes;

  IdempotencyKeys(int maxKeys, long maxBytes, InstantSource clock) {
    this.maxKeys = maxKeys;
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  /// Begins a request.
  ///
  /// @return what an earlier one with this key was answered; null where there was none, and the key
  ///   is taken until [#end]
  /// @throws ProblemException 409 where another one with this key is being answered
  synchronized @Nullable Remembered begin(String key) {
    forgetOld();
    Remembered before = remembered.get(key);
    if (before == null && !inProgress.add(key)) {
      throw new ProblemException(
          ProblemCode.IDEMPOTENCY_KEY_IN_USE,
          "a request with this Idempotency-Key is being answered right now");
    }
    return before;
  }

  /// Ends a request that began with its key free.
  ///
  /// @param accepted what to remember; null where it was not accepted
  synchronized void end(String key, @Nullable Remembered accepted) {
    inProgress.remove(key);
    if (accepted != null) {
      remembered.put(key, accepted);
      bytes += accepted.bytes();
      forgetOld();
    }
  }

  private void forgetOld() {
    Instant horizon = clock.instant().minus(KEPT);
    Iterator<Remembered> oldestFirst = remembered.values().iterator();
    while (oldestFirst.hasNext()) {
      Remembered oldest = oldestFirst.next();
      if (remembered.size() <= maxKeys && bytes <= maxBytes && oldest.at().isAfter(horizon)) {
        return;
      }
      oldestFirst.remove();
      bytes -= oldest.bytes();
    }
  }
}
