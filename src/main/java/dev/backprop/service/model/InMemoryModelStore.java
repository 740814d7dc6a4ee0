package dev.backprop.service.model;

import dev.backprop.platform.artifact.Artifact;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.TargetView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/// Keeps what is known of models in memory, as long as the process lives. It brings no version
/// back.
@Component
@ConditionalOnProperty(name = "backprop.storage", havingValue = "memory")
final class InMemoryModelStore implements ModelStore {

  // All is guarded by this.
  private final Map<String, KeptModel> models = new HashMap<>();
  private final Map<ModelReference, Version> versions = new HashMap<>();
  private final Map<String, Long> changeOf = new HashMap<>();
  private final NavigableMap<Long, String> changes = new TreeMap<>();
  private long last;

  private record Version(VersionHead head, TargetView target) {}

  @Override
  public boolean bringsBack() {
    return false;
  }

  @Override
  public synchronized <T> T change(LongFunction<T> work) {
    return work.apply(++last);
  }

  @Override
  public synchronized KeptModel find(String name) {
    KeptModel model = models.get(name);
    return model == null ? new KeptModel(name, 0, null, null, null, List.of()) : model;
  }

  @Override
  public synchronized void put(KeptModel model, long change) {
    models.put(model.name(), model);
    Long before = changeOf.put(model.name(), change);
    if (before != null) {
      changes.remove(before);
    }
    changes.put(change, model.name());
  }

  @Override
  public NewVersion write(String call, VersionHead proposed, ModelDraft draft) {
    TargetView target = TargetView.of(draft);
    return new NewVersion() {

      @Override
      public Optional<VersionHead> addedBefore() {
        return Optional.empty();
      }

      @Override
      public void add(VersionHead head) {
        synchronized (InMemoryModelStore.this) {
          versions.put(head.reference(), new Version(head, target));
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public synchronized Optional<String> owner(String name, int version) {
    return Optional.ofNullable(versions.get(new ModelReference(name, version)))
        .map(found -> found.head().owner());
  }

  @Override
  public synchronized Optional<VersionHead> head(String name, int version) {
    return Optional.ofNullable(versions.get(new ModelReference(name, version))).map(Version::head);
  }

  @Override
  public List<ModelReference> withoutStanding(int some) {
    return List.of();
  }

  @Override
  public synchronized void put(VersionHead head) {
    versions.computeIfPresent(
        head.reference(), (_, version) -> new Version(head, version.target()));
  }

  @Override
  public synchronized long bytesOf(String owner) {
    return versions.values().stream()
        .map(Version::head)
        .filter(head -> owner.equals(head.owner()))
        .mapToLong(VersionHead::bytes)
        .sum();
  }

  @Override
  public synchronized void remove(String name, int version) {
    versions.remove(new ModelReference(name, version));
  }

  @Override
  public synchronized List<Changed> changedSince(
      long change, Function<String, @Nullable Model> known) {
    return changes.tailMap(change, false).entrySet().stream()
        .map(entry -> changed(find(entry.getValue()), entry.getKey()))
        .toList();
  }

  private Changed changed(KeptModel kept, long change) {
    if (kept.createdAt() == null || kept.age() == null) {
      return new Changed(kept.name(), change, 0, null);
    }
    List<Version> all = kept.versions().stream().map(number -> version(kept, number)).toList();
    Version shown = kept.current() == null ? all.getLast() : version(kept, kept.current());
    return new Changed(
        kept.name(),
        change,
        kept.age(),
        new Model(
            kept.name(),
            kept.createdAt(),
            all.stream().map(Version::head).toList(),
            kept.current(),
            shown.target()));
  }

  private Version version(KeptModel kept, int number) {
    return Objects.requireNonNull(versions.get(new ModelReference(kept.name(), number)));
  }

  @Override
  public Optional<Artifact> describe(VersionHead version) {
    return Optional.empty();
  }

  @Override
  public Optional<ModelDraft> load(VersionHead version) {
    return Optional.empty();
  }
}
