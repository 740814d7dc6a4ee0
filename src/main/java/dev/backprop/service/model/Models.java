package dev.backprop.service.model;

import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.problem.ProblemException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The repository of trained models. Bounded: what does not fit is refused, and nothing is dropped
/// that cannot be had again.
///
/// Versions of a name count 1, 2, … in the order of [#add] and are never used again. A deleted
/// model therefore leaves its name and its last number behind, which takes a little of the budget.
public interface Models {

  /// Sets room aside for a version that is going to be added.
  ///
  /// @param bytes what the version will take at most
  /// @throws ProblemException 507 `repository-full` with both numbers where it does not fit now
  Reservation reserve(long bytes);

  /// As [#reserve], for whoever has memory of its own for the version until it is added, as a
  /// training has: what can be had again need not make room before.
  default Reservation expect(long bytes) {
    return reserve(bytes);
  }

  /// Keeps a version in the room that was reserved for it.
  ///
  /// @param name a valid one, see [ModelName]
  /// @param activate whether it becomes the current version, at once for all readers
  /// @throws IllegalStateException where the reservation has been used or released
  /// @throws ProblemException 503 where the repository cannot be reached, and it may have kept the
  ///   version all the same: the same call again does not add another one; 507 where it is full
  default ModelVersion add(Reservation room, String name, ModelDraft draft, boolean activate) {
    return add(room, name, draft, activate, _ -> {});
  }

  /// As above, together with something else.
  ///
  /// @param together done before anybody sees the version, on whatever thread, with a database in
  ///   the transaction that adds it; what it throws leaves the version out
  ModelVersion add(
      Reservation room,
      String name,
      ModelDraft draft,
      boolean activate,
      Consumer<VersionHead> together);

  Optional<Model> find(String name);

  /// A version, ready to answer; brought back where it was put away. Whoever has it may finish with
  /// it although it is deleted or put away meanwhile.
  ///
  /// @return empty where there is no such model or version
  Optional<ModelVersion> live(String name, int version);

  /// Newest first, by their creation.
  ///
  /// @param cursor where the page before ended; null for the first page
  /// @param limit at least 1
  /// @throws ProblemException 400 where the cursor is none of this repository's
  Page<Model> list(@Nullable String cursor, int limit);

  /// Makes a version the current one.
  ///
  /// @return empty where there is no such model or version
  Optional<Model> activate(String name, int version);

  /// Forgets a version. Where it was the current one, the highest remaining becomes current; with
  /// the last version the model is gone.
  ///
  /// @return whether there was one
  boolean delete(String name, int version);

  /// Forgets a model with all its versions.
  ///
  /// @return whether there was one
  boolean delete(String name);

  Usage usage();

  /// Room for one version, until it is used by [#add] or released.
  interface Reservation {

    long bytes();

    /// Gives the room back; does nothing where it has been used or released.
    void release();
  }

  /// What the repository holds now.
  ///
  /// @param bytes of all versions, of reservations and of the names that deleted models left behind
  /// @param maxBytes the budget
  record Usage(int models, int versions, long bytes, long maxBytes) {}
}
