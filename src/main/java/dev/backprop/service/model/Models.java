package dev.backprop.service.model;

import dev.backprop.engine.figures.Threshold;
import dev.backprop.engine.plan.Standing;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelName;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Corruption;
import dev.backprop.platform.storage.UnitOfWork;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The repository of trained models: what models and versions there are, and the versions that
/// answered last, live in bounded memory. Below it a store keeps them, which other processes may
/// share.
///
/// Versions of a name count 1, 2, … in the order of [Addition#add] and are never used again.
/// Whoever asks for a model that is known and for a version that is live waits for nobody.
/// [#refresh] shows what other processes have changed. A model that cannot be read stands in nobody
/// else's way.
public final class Models {

  private static final Logger log = LoggerFactory.getLogger(Models.class);

  /// A version up to this size is loaded before it takes over from one that is live.
  private static final long LOADED_AHEAD = 64 << 20;

  private static final int STANDINGS_AT_ONCE = 20;

  private final ModelStore store;
  private final UnitOfWork unit;
  private final InstantSource clock;
  private final ModelChanges changes;
  private final LiveModels live;
  private final KnownModels known;
  private volatile Supplier<Set<ModelReference>> needed = Set::of;

  /// @param unit of the store
  /// @param maxBytes what all live versions may take together
  /// @param keepVersions as [ModelProperties] has it
  Models(ModelStore store, UnitOfWork unit, InstantSource clock, long maxBytes, int keepVersions) {
    this.store = store;
    this.unit = unit;
    this.clock = clock;
    this.changes = new ModelChanges(store, keepVersions);
    this.live = new LiveModels(maxBytes, store.bringsBack());
    this.known = new KnownModels(store, gone -> live.remove(gone.reference()));
    known.takeOverFromNow();
  }

  /// Models that are gone with the process.
  public static Models inMemory(long maxBytes, InstantSource clock, int keepVersions) {
    return new Models(new InMemoryModelStore(), UnitOfWork.DIRECT, clock, maxBytes, keepVersions);
  }

  /// Takes over what has changed in the store. What becomes current is loaded before, if others
  /// have asked for the version that was: nobody but the caller waits for that.
  void refresh() {
    List<ModelStore.Changed> changes = known.news();
    if (changes.isEmpty()) {
      return;
    }
    Map<String, Model> read = new HashMap<>();
    for (ModelStore.Changed changed : changes) {
      Model model = changed.model();
      if (model != null) {
        read.put(changed.name(), model);
        model.current().ifPresent(this::loadAhead);
      }
    }
    known.takeOver(name -> read.containsKey(name) ? read.get(name) : known.find(name));
  }

  /// If the current version is live and another becomes current, those who ask shall not wait for
  /// that one. Whatever keeps it from being loaded is told to those.
  private void loadAhead(VersionHead next) {
    Model before = known.find(next.name());
    if (before == null
        || next.bytes() > LOADED_AHEAD
        || before.current().filter(head -> live.peek(head).isPresent()).isEmpty()) {
      return;
    }
    try {
      Optional<ModelVersion> _ = live.get(next, store);
    } catch (ProblemException e) {
      log.debug("{} is loaded when it is asked for: {}", next, e.getMessage());
    } catch (Throwable e) {
      log.error("{} could not be loaded", next, e);
    }
  }

  /// Shows a change of this process's own at once. It is in the store already: if that cannot be
  /// asked now, the next turn shows it.
  private void show() {
    try {
      known.takeOverFromNow();
    } catch (ProblemException e) {
      log.debug("A change is shown later: {}", e.getMessage());
    }
  }

  /// Sets room aside for a version that is going to be added.
  ///
  /// @param bytes what the version will take at most
  /// @throws ProblemException 507 `repository-full` with both numbers if it does not fit now
  public Reservation reserve(long bytes) {
    requireRoomInMind(0);
    return live.reserve(bytes);
  }

  /// As [#reserve], for whoever has memory of its own for the version until it is added, as a
  /// training has: what can be had again need not make room before.
  public Reservation expect(long bytes) {
    requireRoomInMind(0);
    return live.expect(bytes);
  }

  /// @param target bytes of what is going to be known beside a head, such as a target
  private void requireRoomInMind(long target) {
    live.requireRoomInMind(known.versions(), known.bytes() + KnownModels.HEAD_BYTES + target);
  }

  /// A version that is to be made.
  ///
  /// @param name the model's, a valid one, see [ModelName]
  /// @param owner whose the version will be; null for nobody's
  /// @param notes what its maker says of it
  public record Made(String name, @Nullable String owner, Notes notes) {}

  /// Writes what is large of a version, before the unit of work that adds it in the room that was
  /// reserved for it.
  ///
  /// @throws IllegalStateException if the reservation has been used or released
  public Addition write(Reservation room, Made made, ModelDraft draft) {
    LiveModels.Room own = live.open(room);
    requireRoomInMind(
        TargetView.of(draft).bytes() + made.notes().bytes() + Standing.of(draft.learned()).bytes());
    VersionHead proposed =
        VersionHead.of(made, clock.instant().truncatedTo(ChronoUnit.MICROS), room.bytes(), draft);
    return new Addition(own, proposed, draft, store.write(own.call(), proposed, draft));
  }

  /// A version that is written and not yet added. Closing it forgets it unless it was added.
  public final class Addition implements AutoCloseable {

    private final LiveModels.Room room;
    private final VersionHead proposed;
    private final ModelDraft draft;
    private final ModelStore.NewVersion written;

    private Addition(
        LiveModels.Room room,
        VersionHead proposed,
        ModelDraft draft,
        ModelStore.NewVersion written) {
      this.room = room;
      this.proposed = proposed;
      this.draft = draft;
      this.written = written;
    }

    /// Adds it as the next version of its model, as a part of the unit of work that the calling
    /// thread is in, if it is in one. Everybody sees it as soon as that has been kept.
    ///
    /// @param activate whether it becomes the current version, at once for all readers
    /// @throws ProblemException 503 if the store cannot be reached, 507 if it is full. After a 503
    ///   the store may have kept the version all the same; calling this again does not add another
    ///   one
    public ModelVersion add(boolean activate) {
      VersionHead head = changes.add(written, proposed, activate);
      ModelVersion version = new ModelVersion(head, draft);
      unit.afterwards(
          () -> {
            live.put(room, version);
            show();
            ModelLog.added(head, draft.provenance(), activate);
          });
      return version;
    }

    @Override
    public void close() {
      written.close();
    }
  }

  /// @param told from now on of the name of each model that is no more, whichever process deleted
  ///   it
  public void whenGone(Consumer<String> told) {
    known.whenGone(told);
  }

  /// Whether there is such a model, as far as this process knows.
  public boolean isKnown(String name) {
    return known.find(name) != null;
  }

  public Optional<Model> find(String name) {
    Model model = known.find(name);
    if (model == null && ModelName.isValid(name)) {
      // Another process may have made it just now.
      known.takeOverFromNow();
      model = known.find(name);
    }
    return Optional.ofNullable(model);
  }

  /// A version, ready to answer; brought back if it was put away. Whoever has it may finish with it
  /// although it is deleted or put away meanwhile.
  ///
  /// @return empty if there is no such model or version
  public Optional<ModelVersion> live(String name, int version) {
    return whole(name, version, head -> live.get(head, store).map(found -> found.as(head)));
  }

  /// What is known of a version, which is not brought back for that.
  ///
  /// @param current what the card says of whether it is the current one
  /// @return empty if there is no such model or version
  Optional<ModelCard> card(String name, int version, boolean current) {
    return whole(
        name,
        version,
        head ->
            live.peek(head)
                .map(found -> ModelCard.of(head, found, current))
                .or(
                    () ->
                        live.inTurn(() -> store.describe(head))
                            .map(artifact -> ModelCard.of(head, artifact, current))));
  }

  /// What is made of a version's head and the store.
  ///
  /// @param make empty if the store does not have the version, or has it no longer
  private <T> Optional<T> whole(String name, int version, Function<VersionHead, Optional<T>> make) {
    Optional<VersionHead> head = known.head(name, version);
    if (head.isEmpty() && ModelName.isValid(name)) {
      known.takeOverFromNow();
      head = known.head(name, version);
    }
    Optional<T> made = head.flatMap(make);
    if (head.isPresent() && made.isEmpty()) {
      known.takeOverFromNow();
      if (known.head(name, version).isPresent()) {
        throw Corruption.of(
            head.get().toString(), new IllegalStateException("a part of it is gone"));
      }
    }
    return made;
  }

  /// Those that the caller sees, newest first, by their creation.
  ///
  /// @param listing a tag is looked for on the version that a list shows
  /// @throws ProblemException 400 if the cursor is none of this repository's
  Page<Model> list(Caller caller, Listing listing) {
    return known.list(caller, listing);
  }

  /// Makes a version the current one.
  ///
  /// @return empty if there is no such model or version
  public Optional<Model> activate(String name, int version) {
    known.head(name, version).ifPresent(this::loadAhead);
    Optional<Model> activated = changes.activate(name, version);
    unit.afterwards(this::show);
    return activated;
  }

  /// Changes what people say of a version.
  ///
  /// @return what is known of it then; empty if there is no such model or version
  Optional<VersionHead> note(String name, int version, UnaryOperator<Notes> change) {
    Optional<VersionHead> changed = changes.note(name, version, change);
    unit.afterwards(this::show);
    return changed;
  }

  /// Reads how good versions are off the documents of those that a former version of the service
  /// has made, a few at a time. What cannot be read has no figures.
  void completeStandings() {
    List<VersionHead> unknown;
    do {
      unknown =
          store.withoutStanding(STANDINGS_AT_ONCE).stream()
              .flatMap(version -> known.head(version.model(), version.version()).stream())
              .toList();
      unknown.forEach(head -> changes.complete(head, standing(head)));
    } while (unknown.size() == STANDINGS_AT_ONCE);
    if (!unknown.isEmpty()) {
      show();
    }
  }

  /// How good a version is, as far as this process knows.
  ///
  /// @return empty if that has not been read off its document yet; no figures if there is no such
  ///   version
  public Optional<Standing> standing(ModelReference version) {
    Optional<VersionHead> head = known.head(version.model(), version.version());
    return head.isEmpty()
        ? Optional.of(Standing.NONE)
        : head.flatMap(found -> Optional.ofNullable(found.standing()));
  }

  private Standing standing(VersionHead head) {
    try {
      return store
          .describe(head)
          .map(artifact -> Standing.of(artifact.document().learned()))
          .orElse(Standing.NONE);
    } catch (ProblemException e) {
      if (e.code() == ProblemCode.STORAGE_UNAVAILABLE) {
        throw e;
      }
      return Standing.NONE;
    }
  }

  /// Lets another threshold decide between the two classes of a version, here at once and in other
  /// processes as soon as they have heard of it.
  ///
  /// @return what is known of it then; empty if there is no such model or version
  Optional<VersionHead> decide(String name, int version, Threshold threshold) {
    Optional<VersionHead> changed = changes.change(name, version, before -> before.with(threshold));
    unit.afterwards(this::show);
    return changed;
  }

  /// Forgets a version. If it was the current one, the highest that remains becomes current; with
  /// the last version the model is gone.
  ///
  /// @return whether there was one
  /// @throws ProblemException 403 if it is not the caller's to delete
  public boolean delete(String name, int version, Caller caller) {
    return delete(
        name, caller, model -> model.versions().contains(version) ? List.of(version) : List.of());
  }

  /// Forgets a model with all its versions.
  ///
  /// @return whether there was one
  /// @throws ProblemException 403 if any of its versions is not the caller's to delete
  public boolean delete(String name, Caller caller) {
    return delete(name, caller, KeptModel::versions);
  }

  private boolean delete(String name, Caller caller, Function<KeptModel, List<Integer>> chosen) {
    boolean deleted = changes.delete(name, caller, chosen);
    unit.afterwards(this::show);
    return deleted;
  }

  /// @param held from now on tells the versions that are not deleted because of their age
  public void whileNeeded(Supplier<Set<ModelReference>> held) {
    needed = held;
  }

  /// Deletes the oldest versions that were made before, but for those that are shown for their
  /// models, which are the current ones, and those that somebody needs.
  ///
  /// @return in words what this call has deleted
  List<String> deleteOlder(Instant until, int most) {
    List<VersionHead> old =
        known
            .all()
            .flatMap(
                model ->
                    model.versions().stream()
                        .filter(head -> head.createdAt().isBefore(until))
                        .filter(head -> !head.equals(model.shown())))
            .sorted(Comparator.comparing(VersionHead::createdAt))
            .toList();
    if (old.isEmpty()) {
      return List.of();
    }
    Set<ModelReference> held = needed.get();
    List<String> gone =
        old.stream()
            .filter(head -> !held.contains(head.reference()))
            .limit(most)
            .filter(head -> changes.outgrow(head.name(), head.version()))
            .map(head -> "Model %s version %d".formatted(head.name(), head.version()))
            .toList();
    show();
    return gone;
  }

  /// Of live versions and of room that is set aside.
  Budget budget() {
    return live.budget();
  }

  /// How many bytes the versions of an owner have.
  long bytesOf(String owner) {
    return store.bytesOf(owner);
  }

  public Usage usage() {
    return new Usage(known.models(), known.versions(), live.bytes(), live.maxBytes());
  }

  /// Room for one version, until it is used by [Addition#add] or released.
  public interface Reservation {

    long bytes();

    /// Gives the room back; does nothing if it has been used or released.
    void release();
  }

  /// What the repository holds now.
  ///
  /// @param bytes of all live versions, of reservations and, without a database, of the names that
  ///   deleted models left behind
  /// @param maxBytes the budget
  public record Usage(int models, int versions, long bytes, long maxBytes) {}
}
