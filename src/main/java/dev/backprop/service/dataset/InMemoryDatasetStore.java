package dev.backprop.service.dataset;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableParts;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.notes.Notes;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Data sets that live as long as the process.
final class InMemoryDatasetStore implements DatasetStore {

  /// @param owner the holder to which it belongs alone; null if it is for everybody
  private record Entry(
      Stored stored,
      Table table,
      @Nullable String owner,
      Set<String> holders,
      Set<String> keepers) {

    Entry with(DatasetHead head) {
      return new Entry(
          new Stored(stored.number(), head, stored.heldBytes()), table, owner, holders, keepers);
    }

    Optional<String> holder() {
      return Stream.concat(holders.stream(), keepers.stream()).findFirst();
    }
  }

  private final Map<String, Entry> byId = new HashMap<>();
  private final NavigableMap<Long, Entry> newestFirst = new TreeMap<Long, Entry>().descendingMap();
  private long numbers;

  @Override
  public boolean readsAgain() {
    return false;
  }

  @Override
  public Draft draft(Dataset dataset, long heldBytes) {
    return new Draft() {

      @Override
      public void keep(@Nullable String holder) {
        add(dataset, heldBytes, holder);
      }

      @Override
      public void close() {}
    };
  }

  private synchronized void add(Dataset dataset, long heldBytes, @Nullable String owner) {
    if (byId.containsKey(dataset.id())) {
      throw new IllegalArgumentException("data set " + dataset.id() + " is kept already");
    }
    Entry entry =
        new Entry(
            new Stored(++numbers, dataset.head(), heldBytes),
            dataset.table(),
            owner,
            new LinkedHashSet<>(),
            new LinkedHashSet<>());
    byId.put(dataset.id(), entry);
    if (owner == null) {
      newestFirst.put(entry.stored().number(), entry);
    }
  }

  private Optional<Entry> entry(String id, @Nullable String holder) {
    return Optional.ofNullable(byId.get(id))
        .filter(entry -> entry.owner() == null || entry.owner().equals(holder));
  }

  @Override
  public synchronized Optional<Stored> find(String id) {
    return entry(id, null).map(Entry::stored);
  }

  @Override
  public synchronized Optional<Ownership> ownership(String id) {
    return find(id).map(stored -> stored.head().ownership());
  }

  @Override
  public synchronized List<String> named(String name, Caller caller, int limit) {
    return newestFirst.values().stream()
        .map(entry -> entry.stored().head())
        .filter(head -> head.ownership().isSeenBy(caller))
        .filter(head -> head.name().equals(name))
        .map(DatasetHead::id)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<Long> sizes(
      Caller caller, @Nullable String tag, long before, int limit) {
    return list(caller, tag, before, limit).stream()
        .map(stored -> stored.head().shownBytes())
        .toList();
  }

  @Override
  public synchronized List<Stored> list(
      Caller caller, @Nullable String tag, long before, int limit) {
    return newestFirst.tailMap(before, false).values().stream()
        .map(Entry::stored)
        .filter(stored -> stored.head().ownership().isSeenBy(caller))
        .filter(stored -> stored.head().notes().match(tag))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized Optional<Stored> note(String id, UnaryOperator<Notes> change) {
    return entry(id, null)
        .map(
            entry -> {
              DatasetHead head = entry.stored().head();
              Entry changed = entry.with(head.with(change.apply(head.notes())));
              byId.put(id, changed);
              newestFirst.put(changed.stored().number(), changed);
              return changed.stored();
            });
  }

  @Override
  public synchronized long bytesOf(String owner) {
    return byId.values().stream()
        .map(entry -> entry.stored().head())
        .filter(head -> owner.equals(head.ownership().owner()))
        .mapToLong(DatasetHead::bytes)
        .sum();
  }

  @Override
  public synchronized int count() {
    return newestFirst.size();
  }

  @Override
  public synchronized Optional<Table> read(String id, int rows, ByteBudget budget) {
    return Optional.ofNullable(byId.get(id)).map(Entry::table);
  }

  @Override
  public synchronized Optional<TableParts> parts(String id, ByteBudget budget) {
    return Optional.ofNullable(byId.get(id)).map(entry -> TableParts.of(entry.table()));
  }

  @Override
  public synchronized Optional<Stored> hold(String id, String holder) {
    Optional<Entry> entry = entry(id, holder);
    entry.ifPresent(found -> found.holders().add(holder));
    return entry.map(Entry::stored);
  }

  @Override
  public synchronized void release(String id, String holder) {
    entry(id, holder).ifPresent(found -> found.holders().remove(holder));
  }

  @Override
  public synchronized boolean keep(String id, String holder) {
    return entry(id, holder).map(Entry::keepers).map(all -> all.add(holder)).isPresent();
  }

  @Override
  public synchronized List<String> end(String holder) {
    byId.values()
        .forEach(
            entry -> {
              entry.holders().remove(holder);
              entry.keepers().remove(holder);
            });
    List<String> gone =
        byId.values().stream()
            .filter(entry -> holder.equals(entry.owner()))
            .map(entry -> entry.stored().head().id())
            .toList();
    gone.forEach(byId::remove);
    return gone;
  }

  @Override
  public void renewHolds() {}

  @Override
  public synchronized List<String> older(Instant until, int most) {
    return newestFirst.descendingMap().values().stream()
        .filter(entry -> entry.stored().head().createdAt().isBefore(until))
        .filter(entry -> entry.holder().isEmpty())
        .map(entry -> entry.stored().head().id())
        .limit(most)
        .toList();
  }

  @Override
  public synchronized Optional<Optional<String>> delete(String id) {
    Entry entry = entry(id, null).orElse(null);
    if (entry == null) {
      return Optional.empty();
    }
    Optional<String> holder = entry.holder();
    if (holder.isEmpty()) {
      byId.remove(id);
      newestFirst.remove(entry.stored().number());
    }
    return Optional.of(holder);
  }
}
