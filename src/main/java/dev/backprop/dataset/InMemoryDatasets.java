package dev.backprop.dataset;

import dev.backprop.data.Table;
import dev.backprop.http.Page;
import dev.backprop.http.ProblemCode;
import dev.backprop.http.ProblemException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Data sets that live as long as the process.
final class InMemoryDatasets implements Datasets {

  private record Entry(
      long sequence, Dataset dataset, Reservation reservation, Set<String> holders) {}

  private final long maxBytes;
  private final Map<String, Entry> byId = new HashMap<>();
  private final NavigableMap<Long, Entry> newestFirst = new TreeMap<Long, Entry>().descendingMap();
  private long sequence;
  private long taken;

  /// @param maxBytes that all reservations together may take
  InMemoryDatasets(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public Reservation reserve() {
    return new Share();
  }

  @Override
  public synchronized void add(Reservation reservation, Dataset dataset) {
    Entry entry = new Entry(++sequence, dataset, reservation, new LinkedHashSet<>());
    if (byId.putIfAbsent(dataset.id(), entry) != null) {
      throw new IllegalArgumentException("data set " + dataset.id() + " is kept already");
    }
    newestFirst.put(entry.sequence(), entry);
  }

  @Override
  public synchronized Optional<DatasetHead> find(String id) {
    return Optional.ofNullable(byId.get(id)).map(entry -> entry.dataset().head());
  }

  @Override
  public synchronized Page<DatasetHead> list(int limit, @Nullable String cursor) {
    String after = Page.after(cursor);
    NavigableMap<Long, Entry> from =
        after == null ? newestFirst : newestFirst.tailMap(sequence(after), false);
    return Page.of(from.values(), limit, entry -> Long.toString(entry.sequence()))
        .map(entry -> entry.dataset().head());
  }

  @Override
  public synchronized Table firstRows(String id, int rows) {
    return entry(id).dataset().table();
  }

  @Override
  public synchronized Dataset hold(String id, String holder) {
    Entry entry = entry(id);
    entry.holders().add(holder);
    return entry.dataset();
  }

  @Override
  public synchronized void release(String id, String holder) {
    Entry entry = byId.get(id);
    if (entry != null) {
      entry.holders().remove(holder);
    }
  }

  @Override
  public synchronized void delete(String id) {
    Entry entry = entry(id);
    if (!entry.holders().isEmpty()) {
      throw new ProblemException(
          ProblemCode.IN_USE,
          "data set %s is needed by %s".formatted(id, entry.holders().iterator().next()));
    }
    byId.remove(id);
    newestFirst.remove(entry.sequence());
    entry.reservation().close();
  }

  @Override
  public synchronized int count() {
    return byId.size();
  }

  @Override
  public synchronized long bytesHeld() {
    return taken;
  }

  @Override
  public long maxBytes() {
    return maxBytes;
  }

  private Entry entry(String id) {
    Entry entry = byId.get(id);
    if (entry == null) {
      throw new ProblemException(ProblemCode.NOT_FOUND, "there is no data set " + id);
    }
    return entry;
  }

  private static long sequence(String key) {
    try {
      return Long.parseLong(key);
    } catch (NumberFormatException _) {
      throw Page.invalidCursor();
    }
  }

  private void take(long more, long inTotal) {
    if (more > 0 && inTotal > maxBytes) {
      throw new ProblemException(
          ProblemCode.TOO_LARGE,
          "a table may hold at most %d bytes (backprop.dataset.max-bytes), this one needs at least %d"
              .formatted(maxBytes, inTotal));
    }
    if (more > 0 && taken + more > maxBytes) {
      throw new ProblemException(
          ProblemCode.REPOSITORY_FULL,
          "tables hold %d of at most %d bytes (backprop.dataset.max-bytes), %d more do not fit"
              .formatted(taken, maxBytes, more));
    }
    taken += more;
  }

  /// Guarded by the repository's lock.
  private final class Share implements Reservation {

    private long bytes;
    private boolean closed;

    @Override
    public void holds(long now) {
      synchronized (InMemoryDatasets.this) {
        if (closed) {
          throw new IllegalStateException("the reservation is closed");
        }
        take(now - bytes, now);
        bytes = now;
      }
    }

    @Override
    public long bytes() {
      synchronized (InMemoryDatasets.this) {
        return bytes;
      }
    }

    @Override
    public void close() {
      synchronized (InMemoryDatasets.this) {
        take(-bytes, 0);
        bytes = 0;
        closed = true;
      }
    }
  }
}
