package dev.backprop.platform.http;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Remembers answers as long as the process lives, in a bounded number and size; the oldest go
/// first.
final class InMemoryIdempotencyStore implements IdempotencyStore {

  private final HttpProperties.Idempotency properties;
  private final long maxBytes;
  private final InstantSource clock;
  private final Map<String, Remembered> remembered = new LinkedHashMap<>();
  private final Set<String> inProgress = new HashSet<>();
  private final Map<String, Integer> ofCallers = new HashMap<>();
  private long bytes;

  /// @param maxBytes of all answers together
  InMemoryIdempotencyStore(
      HttpProperties.Idempotency properties, long maxBytes, InstantSource clock) {
    this.properties = properties;
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  @Override
  public synchronized @Nullable Remembered begin(String key) {
    forgetOld();
    Remembered before = remembered.get(key);
    if (before == null && !inProgress.add(key)) {
      throw IdempotencyStore.inUse();
    }
    return before;
  }

  @Override
  public synchronized void accept(String key, Remembered answer) {
    Remembered early = remembered.remove(key);
    if (early != null) {
      forgotten(key, early);
    }
    remembered.put(key, answer);
    bytes += answer.bytes();
    String caller = CallersKey.caller(key);
    if (ofCallers.merge(caller, 1, Integer::sum) > properties.maxKeys()) {
      forgetOldestOf(caller);
    }
    forgetOld();
  }

  @Override
  public synchronized void end(String key, @Nullable Remembered accepted) {
    inProgress.remove(key);
    if (accepted != null) {
      accept(key, accepted);
    }
  }

  private void forgotten(String key, Remembered answer) {
    bytes -= answer.bytes();
    ofCallers.computeIfPresent(CallersKey.caller(key), (_, count) -> count == 1 ? null : count - 1);
  }

  private void forgetOldestOf(String caller) {
    Iterator<Map.Entry<String, Remembered>> oldestFirst = remembered.entrySet().iterator();
    while (oldestFirst.hasNext()) {
      Map.Entry<String, Remembered> oldest = oldestFirst.next();
      if (CallersKey.caller(oldest.getKey()).equals(caller)) {
        oldestFirst.remove();
        forgotten(oldest.getKey(), oldest.getValue());
        return;
      }
    }
  }

  private void forgetOld() {
    Instant horizon = clock.instant().minus(properties.kept());
    Iterator<Map.Entry<String, Remembered>> oldestFirst = remembered.entrySet().iterator();
    while (oldestFirst.hasNext()) {
      Map.Entry<String, Remembered> oldest = oldestFirst.next();
      if (remembered.size() <= (long) CALLERS * properties.maxKeys()
          && bytes <= maxBytes
          && oldest.getValue().at().isAfter(horizon)) {
        return;
      }
      oldestFirst.remove();
      forgotten(oldest.getKey(), oldest.getValue());
    }
  }
}
