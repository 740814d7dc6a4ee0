package dev.backprop.service.dataset;

import dev.backprop.engine.data.Table;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
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

  private final TableRoom room;
  private final Map<String, Entry> byId = new HashMap<>();
  private final NavigableMap<Long, Entry> newestFirst = new TreeMap<Long, Entry>().descendingMap();
  private long sequence;

  /// @param maxBytes that all reservations together may take
  InMemoryDatasets(long maxBytes) {
    this.room = new TableRoom(maxBytes);
  }

  @Override
  public Reservation reserve() {
    return room.reserve();
  }

  @Override
  public synchronized void add(Reservation reservation, Dataset dataset, Runnable together) {
    if (byId.containsKey(dataset.id())) {
      throw new IllegalArgumentException("data set " + dataset.id() + " is kept already");
    }
    together.run();
    Entry entry = new Entry(++sequence, dataset, reservation, new LinkedHashSet<>());
    byId.put(dataset.id(), entry);
    newestFirst.put(entry.sequence(), entry);
  }

  @Override
  public synchronized Optional<DatasetHead> find(String id) {
    return Optional.ofNullable(byId.get(id)).map(entry -> entry.dataset().head());
  }

  @Override
  public synchronized Page<DatasetHead> list(int limit, @Nullable String cursor) {
    NavigableMap<Long, Entry> from = newestFirst.tailMap(Page.afterNumber(cursor), false);
    return Page.of(
            from.values().stream().limit(limit + 1L).toList(),
            limit,
            entry -> Long.toString(entry.sequence()),
            entry -> entry.dataset().head().shownBytes())
        .map(entry -> entry.dataset().head());
  }

  @Override
  public synchronized Table firstRows(String id, int rows, Reservation reservation) {
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
  public long bytesHeld() {
    return room.taken();
  }

  @Override
  public long maxBytes() {
    return room.maxBytes();
  }

  private Entry entry(String id) {
    Entry entry = byId.get(id);
    if (entry == null) {
      throw new ProblemException(ProblemCode.NOT_FOUND, "there is no data set " + id);
    }
    return entry;
  }
}
