package dev.backprop.service.model;

import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.Cache;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// The versions that can answer at once, and the room that is set aside for those to come. What can
/// be brought back makes room for others; what cannot stays until it is deleted.
final class LiveModels {

  /// What a name and its last version number take if the store keeps them in memory, whether the
  /// model lives or was deleted.
  static final long NAME_BYTES = 256;

  /// Of the memory for models, what the heads of versions may take if the store brings back.
  private static final int HEADS_SHARE = 8;

  private static final Cache.Terms TERMS =
      new Cache.Terms(
          2,
          Duration.ofSeconds(30),
          "the model is still being brought back",
          Duration.ofSeconds(2));

  private final boolean bringsBack;
  private final Budget budget;
  private final Budget.Claim names;
  private final Cache<ModelReference, ModelVersion> versions;
  private final Map<ModelReference, Cache<ModelReference, ModelVersion>.Pin> pins =
      new ConcurrentHashMap<>();
  private volatile long setAside; // written under the lock of all

  LiveModels(long maxBytes, boolean bringsBack) {
    this.bringsBack = bringsBack;
    this.budget = new Budget("models", maxBytes, this::refusal);
    this.names = budget.claim();
    this.versions = new Cache<>(budget, TERMS);
  }

  private ProblemException refusal(Budget.Shortage shortage) {
    if (!bringsBack) {
      return full(
          "the model needs %,d bytes, %,d of the %,d bytes for models are free; delete models or versions"
              .formatted(shortage.more(), shortage.limit() - shortage.held(), shortage.limit()));
    }
    return new ProblemException(
            ProblemCode.BUSY,
            shortage.more() > shortage.limit() - setAside
                ? "a model needs %,d bytes to answer, uploads have set %,d of %,d aside (backprop.model.max-bytes)"
                    .formatted(shortage.more(), setAside, shortage.limit())
                : "models that are being brought back leave no room")
        .withRetryAfter(TERMS.retryAfter());
  }

  private static ProblemException full(String detail) {
    return new ProblemException(ProblemCode.REPOSITORY_FULL, detail);
  }

  Budget budget() {
    return budget;
  }

  long bytes() {
    return budget.held();
  }

  long maxBytes() {
    return budget.limit();
  }

  /// Sets room aside for a version to come. If versions can be brought back, others are put away
  /// for it, and such room may have half of all together, so that the other half goes on answering.
  /// If there is one alone it may have more.
  synchronized Room reserve(long bytes) {
    Budget.Claim claim = budget.claim();
    if (bringsBack) {
      long most = setAside == 0 ? maxBytes() : Math.max(setAside, maxBytes() / 2);
      if (bytes > most - setAside) {
        throw full(
            "the model needs %,d bytes, %,d are set aside for others, and %,d of the %,d bytes for models may be (backprop.model.max-bytes)"
                .formatted(bytes, setAside, most, maxBytes()));
      }
      claim.grow(bytes);
      setAside += bytes;
      return new Room(bytes, claim, bytes);
    }
    claim.grow(bytes + NAME_BYTES);
    return new Room(bytes, claim, 0);
  }

  /// Versions that can be brought back make room when the version is added: whoever asks for one of
  /// them until then is not kept waiting for a training.
  Room expect(long bytes) {
    if (!bringsBack) {
      return reserve(bytes);
    }
    if (bytes > maxBytes()) {
      throw full(
          "the model needs %,d bytes, live models may take %,d bytes together (backprop.model.max-bytes)"
              .formatted(bytes, maxBytes()));
    }
    return new Room(bytes, budget.claim(), 0);
  }

  /// If versions can be brought back, what is known of all of them is bounded.
  ///
  /// @param versions that are known
  /// @param bytes of what is known of them, with one more
  void requireRoomInMind(int versions, long bytes) {
    long most = maxBytes() / HEADS_SHARE;
    if (bringsBack && bytes > most) {
      throw full(
          "with one more version, what is known of %,d versions would take %,d bytes and may take %,d (an eighth of backprop.model.max-bytes); delete models or versions"
              .formatted(versions + 1, bytes, most));
    }
  }

  /// A reservation that can be used.
  ///
  /// @throws IllegalStateException if it has been used or released
  Room open(Models.Reservation room) {
    if (room instanceof Room own && own.open.get()) {
      return own;
    }
    throw new IllegalStateException("the reservation has been used or released");
  }

  final class Room implements Models.Reservation {

    /// By this the store knows the version again whose answer was lost.
    private final String call = UUID.randomUUID().toString();

    private final long bytes;
    private final Budget.Claim claim;
    private final long aside;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Room(long bytes, Budget.Claim claim, long aside) {
      this.bytes = bytes;
      this.claim = claim;
      this.aside = aside;
    }

    String call() {
      return call;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public void release() {
      if (use()) {
        claim.close();
      }
    }

    /// @return false if it has been used or released before
    private boolean use() {
      if (!open.compareAndSet(true, false)) {
        return false;
      }
      synchronized (LiveModels.this) {
        setAside -= aside;
      }
      return true;
    }
  }

  /// Takes a version in that has been added, in the room that it was promised.
  void put(Room room, ModelVersion version) {
    if (!room.use()) {
      return;
    }
    if (!bringsBack) {
      room.claim.grow(-NAME_BYTES);
      names.hold(version.version() == 1 ? NAME_BYTES : 0);
    } else if (room.claim.bytes() == 0) {
      try {
        room.claim.grow(room.bytes);
      } catch (ProblemException _) {
        return; // it is loaded when it is asked for
      }
    }
    ModelReference reference = version.head().reference();
    Cache<ModelReference, ModelVersion>.Pin pin = versions.put(reference, room.claim, version);
    if (bringsBack) {
      pin.close();
    } else {
      pins.put(reference, pin);
    }
  }

  void remove(ModelReference version) {
    Cache<ModelReference, ModelVersion>.Pin pin = pins.remove(version);
    if (pin != null) {
      pin.close();
    }
    versions.remove(version);
  }

  /// A version that is live now.
  Optional<ModelVersion> peek(VersionHead head) {
    return versions.peek(head.reference());
  }

  /// A version, brought back if it is not live.
  ///
  /// @throws ProblemException 507 if it needs more than there is for all, 503 if it takes too long
  Optional<ModelVersion> get(VersionHead head, ModelStore store) {
    if (head.bytes() > maxBytes()) {
      throw full(
          "%s needs %,d bytes to answer, live models may take %,d bytes together (backprop.model.max-bytes)"
              .formatted(head, head.bytes(), maxBytes()));
    }
    return versions.get(
        head.reference(),
        head.bytes(),
        () -> store.load(head).map(draft -> new ModelVersion(head, draft)));
  }

  /// Reads something, as few at once as versions are loaded.
  <T> T inTurn(Supplier<T> reading) {
    return versions.inTurn(reading);
  }
}
