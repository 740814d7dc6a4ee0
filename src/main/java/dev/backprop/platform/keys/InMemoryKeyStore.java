package dev.backprop.platform.keys;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongFunction;

/// Keeps keys as long as the process lives.
final class InMemoryKeyStore implements KeyStore {

  // All is guarded by this.
  private final Map<String, Changed> keys = new HashMap<>();
  private final Map<String, List<String>> hashes = new HashMap<>();
  private long last;

  @Override
  public synchronized <T> T change(LongFunction<T> work) {
    return work.apply(++last);
  }

  @Override
  public synchronized Optional<KeptKey> find(String id) {
    return Optional.ofNullable(keys.get(id)).map(Changed::key);
  }

  @Override
  public synchronized int count() {
    return keys.size();
  }

  @Override
  public synchronized void put(KeptKey key, long change) {
    Instant lastUsedAt = find(key.id()).map(KeptKey::lastUsedAt).orElse(null);
    keys.put(
        key.id(), new Changed(key.id(), change, lastUsedAt == null ? key : key.used(lastUsedAt)));
  }

  @Override
  public synchronized void remember(String id, String hash, long change, int most) {
    List<String> all = hashes.computeIfAbsent(id, _ -> new ArrayList<>());
    all.add(hash);
    if (all.size() > most) {
      all.removeFirst();
    }
  }

  @Override
  public synchronized boolean remembers(String id, String hash) {
    return hashes.getOrDefault(id, List.of()).contains(hash);
  }

  @Override
  public synchronized void use(Map<String, Instant> times) {
    long change = ++last;
    times.forEach(
        (id, at) ->
            keys.computeIfPresent(
                id,
                (_, kept) -> {
                  KeptKey key = Objects.requireNonNull(kept.key());
                  Instant before = key.lastUsedAt();
                  return before == null || before.isBefore(at)
                      ? new Changed(id, change, key.used(at))
                      : kept;
                }));
  }

  @Override
  public synchronized List<Changed> changedSince(long change) {
    return keys.values().stream()
        .filter(changed -> changed.change() > change)
        .sorted(Comparator.comparingLong(Changed::change))
        .toList();
  }
}
