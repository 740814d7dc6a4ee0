package dev.backprop.service.model;

import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Sort;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What this process knows of the models in the store. Readers never wait; one thread at a time
/// takes over what has changed.
final class KnownModels {

  /// What a version takes that is known but not live, beside its model's target.
  static final long HEAD_BYTES = 512;

  /// @param bytes that are taken by what is known of the model
  private record Entry(long age, long bytes, Model model) {

    static Entry of(long age, Model model) {
      TargetView target = model.target();
      long bytes = target == null ? 0 : target.bytes();
      for (VersionHead head : model.versions()) {
        bytes += head.heldBytes();
      }
      return new Entry(age, bytes, model);
    }
  }

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final NavigableMap<Long, String> byAge = new ConcurrentSkipListMap<>();
  private final AtomicInteger versions = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  private final ModelStore store;
  private final Consumer<VersionHead> forget;
  private final List<Consumer<String>> whenGone = new CopyOnWriteArrayList<>();
  private final ReentrantLock takingOver = new ReentrantLock(true);
  private volatile long seen; // written under the lock
  private final AtomicLong turns = new AtomicLong(); // of taking over, that have ended

  /// @param forget told of versions that are no more
  KnownModels(ModelStore store, Consumer<VersionHead> forget) {
    this.store = store;
    this.forget = forget;
  }

  /// @param told from now on of the name of each model that is no more
  void whenGone(Consumer<String> told) {
    whenGone.add(told);
  }

  /// What has changed and is not taken over yet.
  List<ModelStore.Changed> news() {
    return store.changedSince(seen, this::find);
  }

  /// Takes over what has changed.
  ///
  /// @param read what need not be read again
  void takeOver(Function<String, @Nullable Model> read) {
    takingOver.lock();
    try {
      for (ModelStore.Changed changed : store.changedSince(seen, read)) {
        take(changed);
        seen = changed.change();
      }
      turns.incrementAndGet();
    } finally {
      takingOver.unlock();
    }
  }

  /// Takes over what has changed, unless somebody else has done so since the call.
  void takeOverFromNow() {
    long before = turns.get();
    takingOver.lock();
    try {
      // One turn may have begun before the call; the next one has not.
      if (turns.get() < before + 2) {
        takeOver(this::find);
      }
    } finally {
      takingOver.unlock();
    }
  }

  int models() {
    return entries.size();
  }

  int versions() {
    return versions.get();
  }

  long bytes() {
    return bytes.get();
  }

  Stream<Model> all() {
    return entries.values().stream().map(Entry::model);
  }

  @Nullable Model find(String name) {
    Entry entry = entries.get(name);
    return entry == null ? null : entry.model();
  }

  Optional<VersionHead> head(String name, int version) {
    Entry entry = entries.get(name);
    return entry == null ? Optional.empty() : entry.model().version(version);
  }

  private void take(ModelStore.Changed changed) {
    Entry before = entries.get(changed.name());
    Model model = changed.model();
    Entry now = model == null ? null : Entry.of(changed.age(), model);
    if (now == null) {
      entries.remove(changed.name());
    } else {
      entries.put(changed.name(), now);
      byAge.put(now.age(), changed.name());
      versions.addAndGet(now.model().versions().size());
      bytes.addAndGet(now.bytes());
    }
    if (before == null) {
      return;
    }
    if (now == null || before.age() != now.age()) {
      byAge.remove(before.age());
    }
    versions.addAndGet(-before.model().versions().size());
    bytes.addAndGet(-before.bytes());
    before.model().versions().stream()
        .filter(head -> model == null || model.version(head.version()).isEmpty())
        .forEach(forget);
    if (now == null) {
      whenGone.forEach(told -> told.accept(changed.name()));
    }
  }

  /// Those that the caller sees, newest first.
  Page<Model> list(Caller caller, Listing listing) {
    if (listing.sort() != null) {
      return sorted(caller, listing, listing.sort());
    }
    NavigableMap<Long, String> older = byAge.headMap(Page.afterNumber(listing.cursor()), false);
    return Page.of(
            older.descendingMap().entrySet().stream()
                .filter(next -> caller.seesModel(next.getValue()))
                .flatMap(next -> Stream.ofNullable(entryOf(next.getKey(), next.getValue())))
                .filter(entry -> entry.model().shown().notes().match(listing.tag()))
                .limit(listing.limit() + 1L)
                .toList(),
            listing.limit(),
            entry -> Long.toString(entry.age()),
            entry -> entry.model().shownBytes())
        .map(Entry::model);
  }

  /// Those that the caller sees, those first whose shown version is best.
  private Page<Model> sorted(Caller caller, Listing listing, Sort sort) {
    Function<Entry, Sort.Place> places =
        entry -> sort.place(entry.model().shown().standing(), Listing.key(entry.age()));
    return Page.of(
            sort.upToOneMore(
                entries.values().stream()
                    .filter(entry -> caller.seesModel(entry.model().name()))
                    .filter(entry -> entry.model().shown().notes().match(listing.tag())),
                places,
                Listing.AGES,
                sort.after(listing.cursor()),
                listing.limit()),
            listing.limit(),
            entry -> sort.cursor(places.apply(entry)),
            entry -> entry.model().shownBytes())
        .map(Entry::model);
  }

  /// @return null if the model has gone, or another has its name, since its age was read
  private @Nullable Entry entryOf(long age, String name) {
    Entry entry = entries.get(name);
    return entry == null || entry.age() != age ? null : entry;
  }
}
