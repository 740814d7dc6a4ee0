package dev.backprop.service.model;

import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps models in memory. Readers see immutable snapshots and never wait; writers take turns.
final class InMemoryModels implements ModelRepository {

  /// What a name and its last version number take, whether the model lives or was deleted.
  static final long NAME_BYTES = 256;

  private final long maxBytes;
  private final InstantSource clock;
  private final int keepVersions;

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  // The rest is guarded by this.
  private final NavigableMap<Long, String> byAge = new TreeMap<>();
  private final Map<String, Integer> lastVersions = new HashMap<>();
  private long nextEntry = 1;
  private long bytes;
  private int versions;

  /// @param keepVersions as [ModelProperties] has it
  InMemoryModels(long maxBytes, InstantSource clock, int keepVersions) {
    this.maxBytes = maxBytes;
    this.clock = clock;
    this.keepVersions = keepVersions;
  }

  /// @param live every version, by its number
  private record Entry(long age, Model model, Map<Integer, ModelVersion> live) {

    static Entry of(
        long age,
        String name,
        Instant createdAt,
        List<VersionHead> versions,
        @Nullable Integer current,
        Map<Integer, ModelVersion> live) {
      ModelVersion shown =
          Objects.requireNonNull(
              live.get(current == null ? versions.getLast().version() : current.intValue()));
      TargetView target = TargetView.of(shown.draft());
      return new Entry(age, new Model(name, createdAt, versions, current, target), live);
    }
  }

  @Override
  public synchronized Reservation reserve(long wanted) {
    if (wanted + NAME_BYTES > maxBytes - bytes) {
      throw new ProblemException(
          ProblemCode.REPOSITORY_FULL,
          "the model needs %,d bytes, %,d of the %,d bytes for models are free; delete models or versions"
              .formatted(wanted + NAME_BYTES, maxBytes - bytes, maxBytes));
    }
    bytes += wanted + NAME_BYTES;
    return new Room(wanted);
  }

  private final class Room implements Reservation {

    private final long reserved;
    private boolean open = true;

    Room(long reserved) {
      this.reserved = reserved;
    }

    @Override
    public long bytes() {
      return reserved;
    }

    @Override
    public void release() {
      synchronized (InMemoryModels.this) {
        if (open) {
          open = false;
          bytes -= reserved + NAME_BYTES;
        }
      }
    }
  }

  @Override
  public synchronized ModelVersion add(
      Reservation room,
      String name,
      ModelDraft draft,
      boolean activate,
      Consumer<VersionHead> together) {
    if (!(room instanceof Room own && own.open)) {
      throw new IllegalStateException("the reservation has been used or released");
    }
    Integer last = lastVersions.get(name);
    int number = last == null ? 1 : last + 1;
    ModelVersion version =
        new ModelVersion(VersionHead.of(name, number, clock.instant(), room.bytes(), draft), draft);
    together.accept(version.head());
    own.open = false;
    if (last != null) {
      bytes -= NAME_BYTES;
    }
    lastVersions.put(name, number);
    versions++;
    Entry entry = entries.get(name);
    if (entry == null) {
      byAge.put(nextEntry, name);
      put(
          Entry.of(
              nextEntry++,
              name,
              version.createdAt(),
              List.of(version.head()),
              activate ? number : null,
              Map.of(number, version)));
    } else {
      Model model = entry.model();
      List<VersionHead> all = new ArrayList<>(model.versions());
      all.add(version.head());
      Map<Integer, ModelVersion> live = new HashMap<>(entry.live());
      live.put(number, version);
      Integer current = activate ? Integer.valueOf(number) : model.currentVersion();
      oldOnes(all, current)
          .forEach(
              old -> {
                all.remove(old);
                live.remove(old.version());
                forget(old);
              });
      put(Entry.of(entry.age(), name, model.createdAt(), all, current, live));
    }
    return version;
  }

  private List<VersionHead> oldOnes(List<VersionHead> all, @Nullable Integer current) {
    return keepVersions == 0 || all.size() <= keepVersions
        ? List.of()
        : all.subList(0, all.size() - keepVersions).stream()
            .filter(old -> current == null || current != old.version())
            .toList();
  }

  private Model put(Entry entry) {
    entries.put(entry.model().name(), entry);
    return entry.model();
  }

  @Override
  public Optional<Model> find(String name) {
    Entry entry = entries.get(name);
    return entry == null ? Optional.empty() : Optional.of(entry.model());
  }

  @Override
  public Optional<ModelVersion> live(String name, int version) {
    Entry entry = entries.get(name);
    return entry == null ? Optional.empty() : Optional.ofNullable(entry.live().get(version));
  }

  @Override
  public Optional<ModelCard> card(String name, int version, boolean current) {
    return live(name, version).map(found -> ModelCard.of(found, current));
  }

  @Override
  public synchronized Page<Model> list(@Nullable String cursor, int limit) {
    NavigableMap<Long, String> older = byAge.headMap(Page.afterNumber(cursor), false);
    return Page.of(
            older.descendingMap().entrySet().stream().limit(limit + 1L).toList(),
            limit,
            next -> next.getKey().toString(),
            next -> entry(next.getValue()).model().shownBytes())
        .map(next -> entry(next.getValue()).model());
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalStateException("no model " + name);
    }
    return entry;
  }

  @Override
  public synchronized Optional<Model> activate(String name, int version) {
    Entry entry = entries.get(name);
    if (entry == null) {
      return Optional.empty();
    }
    Model model = entry.model();
    return model
        .version(version)
        .map(
            current ->
                put(
                    Entry.of(
                        entry.age(),
                        name,
                        model.createdAt(),
                        model.versions(),
                        current.version(),
                        entry.live())));
  }

  @Override
  public synchronized boolean delete(String name, int version) {
    Entry entry = entries.get(name);
    VersionHead gone = entry == null ? null : entry.model().version(version).orElse(null);
    if (entry == null || gone == null) {
      return false;
    }
    Model model = entry.model();
    List<VersionHead> rest = new ArrayList<>(model.versions());
    rest.remove(gone);
    if (rest.isEmpty()) {
      return delete(name);
    }
    Integer current = model.currentVersion();
    if (current != null && current == version) {
      current = rest.getLast().version();
    }
    Map<Integer, ModelVersion> live = new HashMap<>(entry.live());
    live.remove(version);
    put(Entry.of(entry.age(), name, model.createdAt(), rest, current, live));
    forget(gone);
    return true;
  }

  @Override
  public synchronized boolean delete(String name) {
    Entry entry = entries.remove(name);
    if (entry == null) {
      return false;
    }
    byAge.remove(entry.age());
    entry.model().versions().forEach(this::forget);
    return true;
  }

  private void forget(VersionHead version) {
    bytes -= version.bytes();
    versions--;
  }

  @Override
  public synchronized Usage usage() {
    return new Usage(byAge.size(), versions, bytes, maxBytes);
  }
}
