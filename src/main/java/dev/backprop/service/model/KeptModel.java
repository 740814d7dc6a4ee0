package dev.backprop.service.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is kept of a name: which versions there are, and which of them is current. The numbers of
/// versions count 1, 2, … and are never used again, so the last number outlives its model.
///
/// @param lastVersion the highest number that was ever given; 0 if none was
/// @param current null until a version has been activated
/// @param createdAt when the name got its first version since it was last deleted; null if it has
///   none
/// @param age the change that made it; null if it has no version
/// @param versions oldest first
record KeptModel(
    String name,
    int lastVersion,
    @Nullable Integer current,
    @Nullable Instant createdAt,
    @Nullable Long age,
    List<Integer> versions) {

  KeptModel {
    versions = List.copyOf(versions);
  }

  /// With one more version, under the next number.
  KeptModel with(boolean activate, Instant at, long change) {
    List<Integer> all = new ArrayList<>(versions);
    all.add(lastVersion + 1);
    return new KeptModel(
        name,
        lastVersion + 1,
        activate ? Integer.valueOf(lastVersion + 1) : current,
        createdAt == null ? at : createdAt,
        age == null ? Long.valueOf(change) : age,
        all);
  }

  KeptModel withCurrent(int version) {
    return new KeptModel(name, lastVersion, version, createdAt, age, versions);
  }

  /// Without some versions. If the current one is among them, the highest that remains becomes
  /// current. With its last version the model is gone.
  KeptModel without(List<Integer> gone) {
    List<Integer> rest = new ArrayList<>(versions);
    rest.removeAll(gone);
    if (rest.isEmpty()) {
      return new KeptModel(name, lastVersion, null, null, null, rest);
    }
    Integer next = current != null && gone.contains(current) ? rest.getLast() : current;
    return new KeptModel(name, lastVersion, next, createdAt, age, rest);
  }

  /// Whether a version is the one that answers or is shown for the model: the current one, else the
  /// highest.
  boolean shows(int version) {
    return current == null ? version == versions.getLast() : current == version;
  }

  /// The versions that are neither among the newest nor current.
  ///
  /// @param keepVersions how many of the newest are kept; 0 for all
  List<Integer> outdated(int keepVersions) {
    return keepVersions == 0 || versions.size() <= keepVersions
        ? List.of()
        : versions.subList(0, versions.size() - keepVersions).stream()
            .filter(old -> !old.equals(current))
            .toList();
  }
}
