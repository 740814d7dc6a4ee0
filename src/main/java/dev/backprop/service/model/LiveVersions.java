package dev.backprop.service.model;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/// The versions that can answer at once, in bounded memory: those used least recently make room for
/// others. Whoever has got one keeps it until it is done.
///
/// A version that is live is found without a lock. One that is not is loaded once, however many
/// wait for it, and nobody holds a lock meanwhile.
final class LiveVersions {

  /// Versions that are loaded at once.
  private static final int LOADS = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String LOADING = "the model is still being brought back";

  private final long maxBytes;
  private final Map<Key, Slot> slots = new ConcurrentHashMap<>();
  private final Semaphore loads = new Semaphore(LOADS, true);
  // Guarded by this.
  private long bytes; // of all slots that have got theirs
  private long reserved;

  LiveVersions(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  private record Key(String name, int version) {

    static Key of(VersionHead head) {
      return new Key(head.name(), head.version());
    }
  }

  /// A version that is live or on its way.
  private static final class Slot {

    private final long bytes;
    private long taken; // of them; guarded by the lock of all
    private final CompletableFuture<Optional<ModelVersion>> version = new CompletableFuture<>();
    private volatile long usedAt = System.nanoTime();

    Slot(long bytes) {
      this.bytes = bytes;
    }
  }

  /// What live versions take, those that are being loaded, and what is set aside.
  synchronized long bytes() {
    return bytes + reserved;
  }

  /// Sets room aside for a version to come; others are put away for it. Together such may have half
  /// of all, so that the other half goes on answering; where there is one alone it may have more.
  ///
  /// @throws ProblemException 507 where it does not fit
  synchronized void reserve(long wanted) {
    long most = reserved == 0 ? maxBytes : Math.max(reserved, maxBytes / 2);
    if (wanted > most - reserved) {
      throw new ProblemException(
          ProblemCode.REPOSITORY_FULL,
          "the model needs %,d bytes, %,d are set aside for others, and %,d of the %,d bytes for models may be (backprop.model.max-bytes)"
              .formatted(wanted, reserved, most, maxBytes));
    }
    makeRoom(wanted);
    reserved += wanted;
  }

  /// @throws ProblemException 507 where a version that large never fits
  void requireRoom(long wanted) {
    if (wanted > maxBytes) {
      throw new ProblemException(
          ProblemCode.REPOSITORY_FULL,
          "the model needs %,d bytes, live models may take %,d bytes together (backprop.model.max-bytes)"
              .formatted(wanted, maxBytes));
    }
  }

  /// Ends what [#reserve] began.
  synchronized void release(long unused) {
    reserved -= unused;
  }

  /// A version that is live now.
  Optional<ModelVersion> peek(VersionHead head) {
    Slot slot = slots.get(Key.of(head));
    return slot != null && slot.version.state() == Future.State.SUCCESS
        ? slot.version.resultNow()
        : Optional.empty();
  }

  boolean contains(VersionHead head) {
    Slot slot = slots.get(Key.of(head));
    return slot != null && slot.version.isDone();
  }

  /// A version, loaded where it is not live.
  ///
  /// @param load empty where the version has been deleted
  /// @throws ProblemException 507 where it needs more than there is for all, 503 where it takes too
  ///   long
  Optional<ModelVersion> get(VersionHead head, Function<VersionHead, Optional<ModelVersion>> load) {
    Slot slot = slots.get(Key.of(head));
    if (slot == null) {
      Slot fresh = new Slot(head.bytes());
      slot = slots.putIfAbsent(Key.of(head), fresh);
      if (slot == null) {
        return load(head, fresh, load);
      }
    }
    slot.usedAt = System.nanoTime();
    return await(slot);
  }

  private Optional<ModelVersion> load(
      VersionHead head, Slot slot, Function<VersionHead, Optional<ModelVersion>> load) {
    try {
      Optional<ModelVersion> version =
          inTurn(
              () -> {
                makeRoom(head, slot);
                return load.apply(head);
              });
      if (version.isEmpty()) {
        drop(Key.of(head), slot);
      }
      slot.version.complete(version);
      return version;
    } catch (RuntimeException | Error e) {
      drop(Key.of(head), slot);
      slot.version.completeExceptionally(e);
      throw e;
    }
  }

  /// Reads something, as few at once as versions are loaded.
  ///
  /// @throws ProblemException 503 where others take too long
  <T> T inTurn(Supplier<T> reading) {
    acquire();
    try {
      return reading.get();
    } finally {
      loads.release();
    }
  }

  private void acquire() {
    try {
      if (loads.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    throw busy(LOADING);
  }

  private static Optional<ModelVersion> await(Slot slot) {
    try {
      return slot.version.isDone()
          ? slot.version.get()
          : slot.version.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw busy(LOADING);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw busy(LOADING);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException fault
          ? fault
          : new IllegalStateException(e.getCause());
    }
  }

  private static ProblemException busy(String detail) {
    return new ProblemException(ProblemCode.BUSY, detail).withRetryAfter(Duration.ofSeconds(2));
  }

  /// Takes a version in that has just been made.
  void put(ModelVersion version) {
    Slot slot = new Slot(version.bytes());
    if (slots.putIfAbsent(Key.of(version.head()), slot) == null) {
      try {
        makeRoom(version.head(), slot);
        slot.version.complete(Optional.of(version));
      } catch (ProblemException _) {
        // It is loaded when it is asked for.
        drop(Key.of(version.head()), slot);
        slot.version.complete(Optional.of(version));
      }
    }
  }

  void remove(VersionHead head) {
    Slot slot = slots.get(Key.of(head));
    if (slot != null && slot.version.isDone()) {
      drop(Key.of(head), slot);
    }
  }

  /// Whoever removes the slot gives back what it has taken, once.
  private synchronized void drop(Key key, Slot slot) {
    if (slots.remove(key, slot)) {
      bytes -= slot.taken;
    }
  }

  private synchronized void makeRoom(VersionHead head, Slot slot) {
    if (slot.bytes > maxBytes) {
      throw new ProblemException(
          ProblemCode.REPOSITORY_FULL,
          "%s needs %,d bytes to answer, live models may take %,d bytes together (backprop.model.max-bytes)"
              .formatted(head, slot.bytes, maxBytes));
    }
    makeRoom(slot.bytes);
    slot.taken = slot.bytes;
    bytes += slot.taken;
  }

  private void makeRoom(long more) {
    if (more > maxBytes - reserved) {
      throw busy(
          "a model needs %,d bytes to answer, uploads have set %,d of %,d aside (backprop.model.max-bytes)"
              .formatted(more, reserved, maxBytes));
    }
    while (bytes + reserved + more > maxBytes) {
      Map.Entry<Key, Slot> oldest =
          slots.entrySet().stream()
              .filter(entry -> entry.getValue().version.isDone())
              .min(Comparator.comparingLong(entry -> entry.getValue().usedAt))
              .orElseThrow(() -> busy("models that are being brought back leave no room"));
      drop(oldest.getKey(), oldest.getValue());
    }
  }
}
