package dev.backprop.model;

import dev.backprop.http.Page;
import dev.backprop.http.ProblemCode;
import dev.backprop.http.ProblemException;
import dev.backprop.storage.JdbcBlobs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps models in a database that other processes may share, and in front of it in memory: what
/// models and versions there are, and the versions that answered last.
///
/// Whoever asks for a model that is known and for a version that is live does not touch the
/// database. What other processes change is seen by [#refresh].
final class StoredModels implements Models {

  private static final Logger log = LoggerFactory.getLogger(StoredModels.class);

  /// What a version takes that is known but not live.
  private static final long HEAD_BYTES = 512;

  /// Of the memory for models, what the heads of versions may take.
  private static final int HEADS_SHARE = 8;

  /// A version up to this size is loaded before it takes over from one that is live.
  private static final long LOADED_AHEAD = 64 << 20;

  private final JdbcModelStore store;
  private final ArtifactCodec codec;
  private final long maxBytes;
  private final InstantSource clock;
  private final LiveVersions live;

  private record Entry(long change, long age, Model model) {}

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final NavigableMap<Long, String> byAge = new ConcurrentSkipListMap<>();
  private final AtomicInteger versions = new AtomicInteger();

  private final ReentrantLock refreshing = new ReentrantLock(true);
  private long seen; // guarded by refreshing
  private final AtomicLong refreshed = new AtomicLong(); // turns that have ended

  StoredModels(JdbcModelStore store, ArtifactCodec codec, long maxBytes, InstantSource clock) {
    this.store = store;
    this.codec = codec;
    this.maxBytes = maxBytes;
    this.clock = clock;
    this.live = new LiveVersions(maxBytes);
    refresh();
  }

  /// Takes over what has changed in the database.
  void refresh() {
    refreshing.lock();
    try {
      Map<String, Model> known = new HashMap<>();
      entries.forEach((name, entry) -> known.put(name, entry.model()));
      for (JdbcModelStore.Changed changed : store.changedSince(seen, known)) {
        take(changed);
        seen = changed.change();
      }
      refreshed.incrementAndGet();
    } finally {
      refreshing.unlock();
    }
  }

  /// Refreshes unless somebody else has done so since the call.
  private void refreshFromNow() {
    long turn = refreshed.get();
    refreshing.lock();
    try {
      // One turn may have begun before the call; the next one has not.
      if (refreshed.get() < turn + 2) {
        refresh();
      }
    } finally {
      refreshing.unlock();
    }
  }

  private void take(JdbcModelStore.Changed changed) {
    Entry before = entries.get(changed.name());
    Model model = changed.model();
    if (model == null) {
      entries.remove(changed.name());
    } else {
      loadAhead(before, model);
      entries.put(changed.name(), new Entry(changed.change(), changed.age(), model));
      byAge.put(changed.age(), changed.name());
    }
    if (before != null) {
      if (model == null || before.age() != changed.age()) {
        byAge.remove(before.age());
      }
      before.model().versions().stream()
          .filter(head -> model == null || model.version(head.version()).isEmpty())
          .forEach(live::remove);
    }
    versions.addAndGet(
        (model == null ? 0 : model.versions().size())
            - (before == null ? 0 : before.model().versions().size()));
  }

  /// Where the current version is live and another becomes current, those who ask shall not wait
  /// for that one.
  private void loadAhead(@Nullable Entry before, Model model) {
    Optional<VersionHead> next = model.current();
    if (before == null || next.isEmpty() || next.get().bytes() > LOADED_AHEAD) {
      return;
    }
    if (before.model().current().filter(live::contains).isPresent()) {
      try {
        Optional<ModelVersion> _ = live.get(next.get(), this::load);
      } catch (ProblemException e) {
        log.debug("{} is loaded when it is asked for: {}", next.get(), e.getMessage());
      }
    }
  }

  /// Shows a change of this process's own at once. It is in the database already: where that cannot
  /// be asked now, the next turn shows it.
  private void show() {
    try {
      refreshFromNow();
    } catch (ProblemException e) {
      log.debug("A change is shown later: {}", e.getMessage());
    }
  }

  @Override
  public Reservation reserve(long bytes) {
    if (bytes > maxBytes) {
      throw new ProblemException(
          ProblemCode.REPOSITORY_FULL,
          "the model needs %,d bytes to answer, live models may take %,d bytes together (backprop.model.max-bytes)"
              .formatted(bytes, maxBytes));
    }
    long heads = versions.get() * HEAD_BYTES;
    if (heads > maxBytes / HEADS_SHARE) {
      throw new ProblemException(
          ProblemCode.REPOSITORY_FULL,
          "there are %,d versions, more cannot be kept in mind (backprop.model.max-bytes); delete models or versions"
              .formatted(versions.get()));
    }
    return new Room(bytes);
  }

  private static final class Room implements Reservation {

    /// By this the database knows the version again whose answer was lost.
    private final String id = UUID.randomUUID().toString();

    private final long bytes;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Room(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public void release() {
      open.set(false);
    }
  }

  @Override
  public ModelVersion add(Reservation room, String name, ModelDraft draft, boolean activate) {
    if (!(room instanceof Room own && own.open.get())) {
      throw new IllegalStateException("the reservation has been used or released");
    }
    // The number is given in the end, by the database.
    ModelVersion unnumbered =
        new ModelVersion(VersionHead.of(name, 1, clock.instant(), room.bytes(), draft), draft);
    String document = new String(codec.document(unnumbered), StandardCharsets.UTF_8);
    try (JdbcBlobs.Writer weights = store.writer()) {
      codec.weights(draft.predictor().scorer().network()).writeTo(weights);
      weights.finish();
      VersionHead head = store.add(own.id, unnumbered.head(), document, weights, activate);
      own.release();
      ModelVersion version = new ModelVersion(head, draft);
      live.put(version);
      show();
      return version;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<Model> find(String name) {
    Entry entry = entries.get(name);
    if (entry == null && ModelName.isValid(name)) {
      // Another process may have made it just now.
      refreshFromNow();
      entry = entries.get(name);
    }
    return Optional.ofNullable(entry).map(Entry::model);
  }

  @Override
  public Optional<ModelVersion> live(String name, int version) {
    Optional<VersionHead> head = head(name, version);
    if (head.isEmpty() && ModelName.isValid(name)) {
      refreshFromNow();
      head = head(name, version);
    }
    if (head.isEmpty()) {
      return Optional.empty();
    }
    Optional<ModelVersion> found = live.get(head.get(), this::load);
    if (found.isEmpty()) {
      refreshFromNow();
      if (head(name, version).isPresent()) {
        throw new IllegalStateException(head.get() + " is in the database without its weights");
      }
    }
    return found;
  }

  private Optional<VersionHead> head(String name, int version) {
    Entry entry = entries.get(name);
    return entry == null ? Optional.empty() : entry.model().version(version);
  }

  private Optional<ModelVersion> load(VersionHead head) {
    Optional<JdbcModelStore.Stored> stored = store.find(head.name(), head.version());
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    Artifact artifact = codec.read(stored.get().document().getBytes(StandardCharsets.UTF_8));
    try (InputStream weights = store.read(stored.get())) {
      return Optional.of(new ModelVersion(head, codec.read(artifact, weights)));
    } catch (JdbcBlobs.BlobGoneException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Page<Model> list(@Nullable String cursor, int limit) {
    NavigableMap<Long, String> older = byAge.headMap(Page.afterNumber(cursor), false);
    return Page.of(
            older.descendingMap().entrySet().stream()
                .filter(next -> isOf(next.getKey(), entries.get(next.getValue())))
                .limit(limit + 1L)
                .map(next -> entries.get(next.getValue()))
                .filter(entry -> entry != null)
                .toList(),
            limit,
            entry -> Long.toString(entry.age()))
        .map(Entry::model);
  }

  private static boolean isOf(long age, @Nullable Entry entry) {
    return entry != null && entry.age() == age;
  }

  @Override
  public Optional<Model> activate(String name, int version) {
    boolean activated = store.activate(name, version);
    show();
    return activated ? find(name) : Optional.empty();
  }

  @Override
  public boolean delete(String name, int version) {
    boolean deleted = store.delete(name, version);
    show();
    return deleted;
  }

  @Override
  public boolean delete(String name) {
    boolean deleted = store.delete(name);
    show();
    return deleted;
  }

  @Override
  public Usage usage() {
    return new Usage(entries.size(), versions.get(), live.bytes(), maxBytes);
  }
}
