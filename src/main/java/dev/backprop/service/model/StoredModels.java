package dev.backprop.service.model;

import dev.backprop.engine.data.NewerFormatException;
import dev.backprop.platform.artifact.Artifact;
import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelName;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.CorruptBlobException;
import dev.backprop.platform.storage.Corruption;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.NewerFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
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
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps models in a database that other processes may share, and in front of it in memory: what
/// models and versions there are, and the versions that answered last.
///
/// Whoever asks for a model that is known and for a version that is live does not touch the
/// database. What other processes change is seen by [#refresh]. A model that cannot be read stands
/// in nobody else's way.
final class StoredModels implements ModelRepository {

  private static final Logger log = LoggerFactory.getLogger(StoredModels.class);

  /// What a version takes that is known but not live, beside its model's target.
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

  /// @param bytes that are taken by what is known of the model
  private record Entry(long change, long age, long bytes, Model model) {

    static Entry of(JdbcModelStore.Changed changed, Model model) {
      TargetView target = model.target();
      return new Entry(
          changed.change(),
          changed.age(),
          HEAD_BYTES * model.versions().size() + (target == null ? 0 : target.bytes()),
          model);
    }
  }

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final NavigableMap<Long, String> byAge = new ConcurrentSkipListMap<>();
  private final AtomicInteger versions = new AtomicInteger();
  private final AtomicLong headBytes = new AtomicLong();

  private final ReentrantLock takingOver = new ReentrantLock(true);
  private volatile long seen; // written under the lock
  private final AtomicLong turns = new AtomicLong(); // of taking over, that have ended

  StoredModels(JdbcModelStore store, ArtifactCodec codec, long maxBytes, InstantSource clock) {
    this.store = store;
    this.codec = codec;
    this.maxBytes = maxBytes;
    this.clock = clock;
    this.live = new LiveVersions(maxBytes);
    takeOver();
  }

  /// Takes over what has changed in the database. What becomes current is loaded before, where
  /// others have asked for the version that was: nobody but the caller waits for that.
  void refresh() {
    List<JdbcModelStore.Changed> changes = store.changedSince(seen, this::known);
    if (changes.isEmpty()) {
      return;
    }
    Map<String, Model> read = new HashMap<>();
    for (JdbcModelStore.Changed changed : changes) {
      Model model = changed.model();
      if (model != null) {
        read.put(changed.name(), model);
        model.current().ifPresent(this::loadAhead);
      }
    }
    takeOver(name -> read.containsKey(name) ? read.get(name) : known(name));
  }

  private @Nullable Model known(String name) {
    Entry entry = entries.get(name);
    return entry == null ? null : entry.model();
  }

  private void takeOver() {
    takeOver(this::known);
  }

  /// @param known what need not be read again
  private void takeOver(Function<String, @Nullable Model> known) {
    takingOver.lock();
    try {
      for (JdbcModelStore.Changed changed : store.changedSince(seen, known)) {
        take(changed);
        seen = changed.change();
      }
      turns.incrementAndGet();
    } finally {
      takingOver.unlock();
    }
  }

  /// Takes over what has changed unless somebody else has done so since the call.
  private void takeOverFromNow() {
    long before = turns.get();
    takingOver.lock();
    try {
      // One turn may have begun before the call; the next one has not.
      if (turns.get() < before + 2) {
        takeOver();
      }
    } finally {
      takingOver.unlock();
    }
  }

  private void take(JdbcModelStore.Changed changed) {
    Entry before = entries.get(changed.name());
    Model model = changed.model();
    Entry now = model == null ? null : Entry.of(changed, model);
    if (now == null) {
      entries.remove(changed.name());
    } else {
      entries.put(changed.name(), now);
      byAge.put(now.age(), changed.name());
    }
    if (before != null) {
      if (now == null || before.age() != now.age()) {
        byAge.remove(before.age());
      }
      before.model().versions().stream()
          .filter(head -> model == null || model.version(head.version()).isEmpty())
          .forEach(live::remove);
      versions.addAndGet(-before.model().versions().size());
      headBytes.addAndGet(-before.bytes());
    }
    if (now != null) {
      versions.addAndGet(now.model().versions().size());
      headBytes.addAndGet(now.bytes());
    }
  }

  /// Where the current version is live and another becomes current, those who ask shall not wait
  /// for that one. Whatever keeps it from being loaded is told to those.
  private void loadAhead(VersionHead next) {
    Model before = known(next.name());
    if (before == null
        || next.bytes() > LOADED_AHEAD
        || before.current().filter(live::contains).isEmpty()) {
      return;
    }
    try {
      Optional<ModelVersion> _ = live.get(next, this::load);
    } catch (ProblemException e) {
      log.debug("{} is loaded when it is asked for: {}", next, e.getMessage());
    } catch (Throwable e) {
      log.error("{} could not be loaded", next, e);
    }
  }

  /// Shows a change of this process's own at once. It is in the database already: where that cannot
  /// be asked now, the next turn shows it.
  private void show() {
    try {
      takeOverFromNow();
    } catch (ProblemException e) {
      log.debug("A change is shown later: {}", e.getMessage());
    }
  }

  @Override
  public Reservation reserve(long bytes) {
    requireRoomInMind(0);
    live.reserve(bytes);
    return new Room(bytes, bytes);
  }

  /// Others make room when the version is added: whoever asks for one of them until then is not
  /// kept waiting for a training.
  @Override
  public Reservation expect(long bytes) {
    requireRoomInMind(0);
    live.requireRoom(bytes);
    return new Room(bytes, 0);
  }

  /// @param target bytes of the description of a target that is going to be known
  private void requireRoomInMind(long target) {
    long most = maxBytes / HEADS_SHARE;
    long wanted = headBytes.get() + HEAD_BYTES + target;
    if (wanted > most) {
      throw new ProblemException(
          ProblemCode.REPOSITORY_FULL,
          "with one more version, what is known of %,d versions would take %,d bytes and may take %,d (an eighth of backprop.model.max-bytes); delete models or versions"
              .formatted(versions.get() + 1, wanted, most));
    }
  }

  private final class Room implements Reservation {

    /// By this the database knows the version again whose answer was lost.
    private final String id = UUID.randomUUID().toString();

    private final long bytes;
    private final long setAside;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Room(long bytes, long setAside) {
      this.bytes = bytes;
      this.setAside = setAside;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public void release() {
      if (open.compareAndSet(true, false)) {
        live.release(setAside);
      }
    }
  }

  @Override
  public ModelVersion add(
      Reservation room,
      String name,
      ModelDraft draft,
      boolean activate,
      Consumer<VersionHead> together) {
    if (!(room instanceof Room own && own.open.get())) {
      throw new IllegalStateException("the reservation has been used or released");
    }
    TargetView target = TargetView.of(draft);
    requireRoomInMind(target.bytes());
    // The number is given in the end, by the database.
    ModelVersion unnumbered =
        new ModelVersion(VersionHead.of(name, 1, clock.instant(), room.bytes(), draft), draft);
    String document = readable(unnumbered);
    try (JdbcBlobs.Writer weights = store.writer()) {
      codec.weights(draft.predictor().scorer().network()).writeTo(weights);
      weights.finish();
      VersionHead head =
          store.add(own.id, unnumbered.head(), target, document, weights, activate, together);
      own.release();
      ModelVersion version = new ModelVersion(head, draft);
      live.put(version);
      show();
      return version;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The document of a version, which has been read again: what cannot be read is not kept.
  private String readable(ModelVersion version) {
    byte[] document = codec.document(version.draft(), version.head().origin());
    try {
      codec.read(document);
    } catch (ProblemException | NewerFormatException e) {
      log.error("A version of model {} cannot be kept", version.name(), e);
      throw new ProblemException(
          ProblemCode.INTERNAL_ERROR,
          "the model is not kept, since what describes it cannot be read again: " + e.getMessage());
    }
    return new String(document, StandardCharsets.UTF_8);
  }

  @Override
  public Optional<Model> find(String name) {
    Entry entry = entries.get(name);
    if (entry == null && ModelName.isValid(name)) {
      // Another process may have made it just now.
      takeOverFromNow();
      entry = entries.get(name);
    }
    return Optional.ofNullable(entry).map(Entry::model);
  }

  @Override
  public Optional<ModelVersion> live(String name, int version) {
    return whole(name, version, head -> live.get(head, this::load));
  }

  @Override
  public Optional<ModelCard> card(String name, int version, boolean current) {
    return whole(
        name,
        version,
        head ->
            live.peek(head)
                .map(found -> ModelCard.of(found, current))
                .or(
                    () ->
                        live.inTurn(() -> read(head))
                            .map(artifact -> ModelCard.of(head, artifact, current))));
  }

  /// What is made of a version's head and the database.
  ///
  /// @param make empty where the database does not have the version, or has it no longer
  private <T> Optional<T> whole(String name, int version, Function<VersionHead, Optional<T>> make) {
    Optional<VersionHead> head = head(name, version);
    if (head.isEmpty() && ModelName.isValid(name)) {
      takeOverFromNow();
      head = head(name, version);
    }
    Optional<T> made = head.flatMap(make);
    if (head.isPresent() && made.isEmpty()) {
      takeOverFromNow();
      if (head(name, version).isPresent()) {
        throw Corruption.of(
            head.get().toString(), new IllegalStateException("a part of it is gone"));
      }
    }
    return made;
  }

  private Optional<VersionHead> head(String name, int version) {
    Entry entry = entries.get(name);
    return entry == null ? Optional.empty() : entry.model().version(version);
  }

  private Optional<Artifact> read(VersionHead head) {
    return store.find(head.name(), head.version()).map(stored -> read(head, stored));
  }

  private Artifact read(VersionHead head, JdbcModelStore.Stored stored) {
    try {
      stored.check();
      return codec.read(stored.document().getBytes(StandardCharsets.UTF_8));
    } catch (NewerFormatException e) {
      throw NewerFormat.of(head.toString(), e);
    } catch (ProblemException | CorruptBlobException e) {
      throw Corruption.of(head.toString(), e);
    }
  }

  private Optional<ModelVersion> load(VersionHead head) {
    Optional<JdbcModelStore.Stored> stored = store.find(head.name(), head.version());
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    Artifact artifact = read(head, stored.get());
    try (InputStream weights = store.read(stored.get())) {
      return Optional.of(new ModelVersion(head, codec.read(artifact, weights)));
    } catch (JdbcBlobs.BlobGoneException _) {
      return Optional.empty();
    } catch (ProblemException e) {
      throw e.code() == ProblemCode.INVALID_ARTIFACT ? Corruption.of(head.toString(), e) : e;
    } catch (IOException e) {
      throw Corruption.of(head.toString(), e);
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
            entry -> Long.toString(entry.age()),
            entry -> entry.model().shownBytes())
        .map(Entry::model);
  }

  private static boolean isOf(long age, @Nullable Entry entry) {
    return entry != null && entry.age() == age;
  }

  @Override
  public Optional<Model> activate(String name, int version) {
    head(name, version).ifPresent(this::loadAhead);
    Optional<Model> activated = store.activate(name, version);
    show();
    return activated;
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
