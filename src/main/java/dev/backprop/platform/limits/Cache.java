package dev.backprop.platform.limits;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Things that can be loaded, kept within a budget. Those used least recently make room for others,
/// and for every other claim on the budget. Whoever has got one keeps it until it is done; if its
/// bytes must be counted until then, it is pinned.
///
/// A thing is loaded once, however many wait for it. Nobody holds a lock meanwhile, and one that is
/// there is found without a lock.
public final class Cache<K, V> {

  private final Budget budget;
  private final Terms terms;
  private final Semaphore loads;
  private final Map<K, Entry> entries = new ConcurrentHashMap<>();

  /// @param loads how many things are loaded at once
  /// @param patience how long somebody waits for a thing, or for the turn to load one
  /// @param busy what is said to those whose patience ends
  /// @param retryAfter when they are told to come again
  public record Terms(int loads, Duration patience, String busy, Duration retryAfter) {}

  public Cache(Budget budget, Terms terms) {
    this.budget = budget;
    this.terms = terms;
    this.loads = new Semaphore(terms.loads(), true);
    budget.makesRoom(this::makeRoom);
  }

  /// A thing that is there or on its way.
  private final class Entry {

    private final K key;
    private final Budget.Claim claim;
    private final CompletableFuture<Optional<V>> value = new CompletableFuture<>();
    private int pins; // guarded by the cache
    private volatile long usedAt = System.nanoTime();

    Entry(K key, Budget.Claim claim) {
      this.key = key;
      this.claim = claim;
    }
  }

  /// Keeps a thing in the cache until it is closed.
  public final class Pin implements AutoCloseable {

    private final Entry entry;
    private final V value;
    private boolean open = true; // guarded by the cache

    private Pin(Entry entry, V value) {
      this.entry = entry;
      this.value = value;
    }

    public V value() {
      return value;
    }

    /// Closing again does nothing.
    @Override
    public void close() {
      synchronized (Cache.this) {
        if (open) {
          open = false;
          entry.pins--;
        }
      }
    }
  }

  /// A thing that is there now.
  public Optional<V> peek(K key) {
    Entry entry = entries.get(key);
    return entry != null && entry.value.state() == Future.State.SUCCESS
        ? entry.value.resultNow()
        : Optional.empty();
  }

  /// A thing, loaded if it is not there.
  ///
  /// @param bytes that it takes
  /// @param load empty if it is gone
  /// @throws ProblemException what the budget says when it refuses, or `busy` when patience ends
  public Optional<V> get(K key, long bytes, Supplier<Optional<V>> load) {
    Entry entry = entries.get(key);
    if (entry == null) {
      Entry fresh = new Entry(key, budget.claim());
      entry = entries.putIfAbsent(key, fresh);
      if (entry == null) {
        return load(fresh, bytes, load);
      }
    }
    entry.usedAt = System.nanoTime();
    return await(entry);
  }

  /// As [#get], and the thing stays until the pin is closed.
  public Optional<Pin> pin(K key, long bytes, Supplier<Optional<V>> load) {
    Entry fresh = new Entry(key, budget.claim());
    Entry entry = pinned(fresh);
    Optional<V> value = Optional.empty();
    try {
      value = entry.equals(fresh) ? load(entry, bytes, load) : await(entry);
      return value.map(found -> new Pin(entry, found));
    } finally {
      if (value.isEmpty()) {
        unpin(entry);
      }
    }
  }

  /// Takes a thing in that has just been made, pinned. If it is there already, that one stays.
  ///
  /// @param claim the bytes that it takes; the cache closes it
  public Pin put(K key, Budget.Claim claim, V value) {
    Entry fresh = new Entry(key, claim.handOver());
    fresh.value.complete(Optional.of(value));
    Entry entry = pinned(fresh);
    if (!entry.equals(fresh)) {
      fresh.claim.close();
    }
    return new Pin(entry, peek(key).orElse(value));
  }

  /// The entry of the key, which is this one if there was none.
  private synchronized Entry pinned(Entry fresh) {
    Entry known = entries.putIfAbsent(fresh.key, fresh);
    Entry entry = known == null ? fresh : known;
    entry.pins++;
    entry.usedAt = System.nanoTime();
    return entry;
  }

  private synchronized void unpin(Entry entry) {
    entry.pins--;
  }

  /// Lets go of a thing, unless it is pinned or on its way.
  public synchronized void remove(K key) {
    Entry entry = entries.get(key);
    if (entry != null && isIdle(entry)) {
      drop(entry);
    }
  }

  private Optional<V> load(Entry entry, long bytes, Supplier<Optional<V>> load) {
    try {
      Optional<V> value =
          inTurn(
              () -> {
                entry.claim.grow(bytes);
                return load.get();
              });
      if (value.isEmpty()) {
        drop(entry);
      }
      entry.value.complete(value);
      return value;
    } catch (RuntimeException | Error e) {
      drop(entry);
      entry.value.completeExceptionally(e);
      throw e;
    }
  }

  /// Reads something, as few at once as things are loaded.
  ///
  /// @throws ProblemException `busy` if others take too long
  public <T> T inTurn(Supplier<T> reading) {
    try {
      if (!loads.tryAcquire(terms.patience().toMillis(), TimeUnit.MILLISECONDS)) {
        throw busy();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw busy();
    }
    try {
      return reading.get();
    } finally {
      loads.release();
    }
  }

  private Optional<V> await(Entry entry) {
    try {
      return entry.value.isDone()
          ? entry.value.get()
          : entry.value.get(terms.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw busy();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw busy();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException fault
          ? fault
          : new IllegalStateException(e.getCause());
    }
  }

  private ProblemException busy() {
    return new ProblemException(ProblemCode.BUSY, terms.busy()).withRetryAfter(terms.retryAfter());
  }

  private boolean isIdle(Entry entry) {
    return entry.pins == 0 && entry.value.isDone();
  }

  /// Whoever removes the entry gives back what it holds, once.
  private void drop(Entry entry) {
    if (entries.remove(entry.key, entry)) {
      entry.claim.close();
    }
  }

  private record Idle<E>(E entry, long bytes, long usedAt) {}

  /// Lets go of what nobody has used for longest, until so many bytes are free.
  ///
  /// @return false if all that may go does not have as many; nothing goes then
  private synchronized boolean makeRoom(long bytes) {
    List<Idle<Entry>> idle =
        entries.values().stream()
            .filter(this::isIdle)
            .map(entry -> new Idle<>(entry, entry.claim.bytes(), entry.usedAt))
            .sorted(Comparator.comparingLong(Idle::usedAt))
            .toList();
    if (idle.stream().mapToLong(Idle::bytes).sum() < bytes) {
      return false;
    }
    long left = bytes;
    for (Idle<Entry> oldest : idle) {
      if (left <= 0) {
        return true;
      }
      drop(oldest.entry());
      left -= oldest.bytes();
    }
    return true;
  }
}
