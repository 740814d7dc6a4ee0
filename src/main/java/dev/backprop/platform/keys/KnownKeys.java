package dev.backprop.platform.keys;

import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What this process knows of the keys in the store: all of them. Readers never wait; one thread at
/// a time takes over what has changed.
final class KnownKeys {

  /// About what a key takes in a list.
  private static final long SHOWN_BYTES = 2_000;

  /// When a key was used is written this often.
  static final Duration WRITTEN_EVERY = Duration.ofMinutes(1);

  /// And for so many keys at once.
  private static final int WRITTEN_AT_ONCE = 1_000;

  /// A key, and what needs not be made anew for each request.
  static final class Entry {

    private final KeptKey key;
    private final Caller caller;
    private final AtomicLong used; // milliseconds since 1970, here or as far as the store knows

    private Entry(KeptKey key, AtomicLong used) {
      this.key = key;
      this.caller = key.caller();
      this.used = used;
      used.accumulateAndGet(written(), Math::max);
    }

    KeptKey key() {
      return key;
    }

    Caller caller() {
      return caller;
    }

    void use(Instant now) {
      long millis = now.toEpochMilli();
      // Many requests of a millisecond write nothing.
      if (used.get() < millis) {
        used.accumulateAndGet(millis, Math::max);
      }
    }

    private long written() {
      return key.lastUsedAt() == null ? 0 : key.lastUsedAt().toEpochMilli();
    }

    /// Whether the store is to be told.
    private boolean isDue() {
      return used.get() > 0
          && (written() == 0 || used.get() - written() >= WRITTEN_EVERY.toMillis());
    }

    /// As it is known here.
    KeptKey shown() {
      long at = used.get();
      return at == written() ? key : key.used(Instant.ofEpochMilli(at));
    }
  }

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final NavigableMap<Long, Entry> byAge = new ConcurrentSkipListMap<>();

  private volatile boolean made; // written under the lock
  private final KeyStore store;
  private final ReentrantLock takingOver = new ReentrantLock(true);
  private long seen; // guarded by the lock
  private @Nullable ProblemException fault; // of the last turn, guarded by the lock
  private final AtomicLong turns = new AtomicLong(); // of taking over, that have ended

  KnownKeys(KeyStore store) {
    this.store = store;
  }

  /// How many are neither revoked nor expired.
  int valid(Instant now) {
    return (int)
        entries.values().stream()
            .map(Entry::key)
            .filter(key -> key.revokedAt() == null && !key.isExpired(now))
            .count();
  }

  /// Takes over what has changed.
  void takeOver() {
    takingOver.lock();
    try {
      for (KeyStore.Changed changed : store.changedSince(seen)) {
        made = true;
        take(changed);
        seen = changed.change();
      }
      fault = null;
    } catch (ProblemException e) {
      fault = e;
      throw e;
    } finally {
      turns.incrementAndGet();
      takingOver.unlock();
    }
  }

  /// Takes over what has changed, unless somebody else has done so since the call. However many
  /// call, the store is asked for one of them at a time, and all that wait learn of its answer.
  void takeOverFromNow() {
    long before = turns.get();
    takingOver.lock();
    try {
      // One turn may have begun before the call; the next one has not.
      if (turns.get() < before + 2) {
        takeOver();
      } else if (fault != null) {
        throw fault;
      }
    } finally {
      takingOver.unlock();
    }
  }

  private void take(KeyStore.Changed changed) {
    Entry before = entries.get(changed.id());
    KeptKey key = changed.key();
    if (key == null) {
      entries.remove(changed.id());
    } else {
      Entry now = new Entry(key, before == null ? new AtomicLong() : before.used);
      entries.put(key.id(), now);
      byAge.put(key.age(), now);
    }
    if (before != null && (key == null || before.key().age() != key.age())) {
      byAge.remove(before.key().age());
    }
  }

  /// Whether there is or was a key, be it one that cannot be read.
  boolean wereMade() {
    return made;
  }

  @Nullable Entry find(String id) {
    return entries.get(id);
  }

  /// Newest first.
  Page<KeptKey> list(@Nullable String cursor, int limit) {
    return Page.of(
            byAge.headMap(Page.afterNumber(cursor), false).descendingMap().values().stream()
                .limit(limit + 1L)
                .toList(),
            limit,
            entry -> Long.toString(entry.key().age()),
            _ -> SHOWN_BYTES)
        .map(Entry::shown);
  }

  /// Tells the store when keys were used.
  void writeUse() {
    Map<String, Instant> due = new HashMap<>();
    for (Entry entry : entries.values()) {
      if (entry.isDue()) {
        due.put(entry.key().id(), Instant.ofEpochMilli(entry.used.get()));
        if (due.size() == WRITTEN_AT_ONCE) {
          break;
        }
      }
    }
    if (!due.isEmpty()) {
      store.use(due);
      takeOver();
    }
  }
}
