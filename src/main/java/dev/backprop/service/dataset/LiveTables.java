package dev.backprop.service.dataset;

import dev.backprop.engine.data.Table;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// The tables that are in memory, in room that they share with those that are being read. Tables
/// that are pinned stay, others make room, those used least recently first.
///
/// A table is loaded once, however many wait for it, and nobody holds the lock meanwhile.
final class LiveTables extends TableRoom {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  // Guarded by the lock of the room.
  private final Map<String, Slot> slots = new HashMap<>();
  private long uses;

  /// @param maxBytes that all tables together may take
  LiveTables(long maxBytes) {
    super(maxBytes);
  }

  /// A table that is in memory or on its way; guarded by the lock.
  private static final class Slot {

    private final long bytes;
    private final CompletableFuture<Table> table = new CompletableFuture<>();
    private int pins;
    private long usedAt;

    Slot(long bytes) {
      this.bytes = bytes;
    }
  }

  /// Takes a table in, not pinned, with the room that was reserved for it; where it has been loaded
  /// already, that one stays.
  synchronized void put(String id, Reservation reservation, Table table) {
    Slot slot = new Slot(reservation.bytes());
    reservation.close();
    if (slots.putIfAbsent(id, slot) == null) {
      take(slot.bytes, slot.bytes);
      slot.table.complete(table);
      slot.usedAt = ++uses;
    }
  }

  /// A table, which stays until [#unpin].
  ///
  /// @param bytes that it takes
  /// @throws ProblemException 507 where there is no room now
  Table pin(String id, long bytes, Supplier<Table> load) {
    Slot slot;
    boolean mine;
    synchronized (this) {
      Slot known = slots.get(id);
      mine = known == null;
      if (known == null) {
        take(bytes, bytes);
        known = new Slot(bytes);
        slots.put(id, known);
      }
      slot = known;
      slot.pins++;
      slot.usedAt = ++uses;
    }
    if (mine) {
      load(id, slot, load);
    }
    return await(id, slot);
  }

  private void load(String id, Slot slot, Supplier<Table> load) {
    try {
      slot.table.complete(load.get());
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        if (slots.remove(id, slot)) {
          take(-slot.bytes, 0);
        }
      }
      slot.table.completeExceptionally(e);
    }
  }

  private Table await(String id, Slot slot) {
    try {
      return slot.table.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException fault
          ? fault
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException _) {
      unpin(id);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      unpin(id);
    }
    throw new ProblemException(ProblemCode.BUSY, "the data set is still being brought back")
        .withRetryAfter(Duration.ofSeconds(5));
  }

  synchronized void unpin(String id) {
    Slot slot = slots.get(id);
    if (slot != null && slot.pins > 0) {
      slot.pins--;
    }
  }

  /// Lets go of a table that has been deleted, unless somebody works with it.
  synchronized void drop(String id) {
    Slot slot = slots.get(id);
    if (slot != null && slot.pins == 0) {
      slots.remove(id);
      take(-slot.bytes, 0);
    }
  }

  /// Lets go of the table that nobody has used for longest, of those that nobody works with.
  @Override
  boolean makeRoom() {
    Optional<String> oldest =
        slots.entrySet().stream()
            .filter(entry -> entry.getValue().pins == 0)
            .min(Comparator.comparingLong(entry -> entry.getValue().usedAt))
            .map(Map.Entry::getKey);
    oldest.ifPresent(this::drop);
    return oldest.isPresent();
  }
}
