package dev.backprop.service.model;

import dev.backprop.platform.artifact.Artifact;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// What is kept of models and of their versions. The rules are those of [Models].
///
/// A change is a part of the unit of work that the calling thread is in, if it is in one.
interface ModelStore {

  /// Whether a version can be had again after [Models] has let go of it.
  boolean bringsBack();

  /// Changes something. Changes take turns, so whoever has seen a change has seen all before it.
  ///
  /// @param work gets the number of the change
  <T> T change(LongFunction<T> work);

  /// What is kept of a name, in a change.
  KeptModel find(String name);

  /// Keeps it in the place of what was kept of the name, in a change.
  ///
  /// @param change the number of the change
  void put(KeptModel model, long change);

  /// Writes what is large of a version, before the change that adds it.
  ///
  /// @param call the same one if the same version is written again, because an answer was lost
  /// @param proposed the version's head if it becomes the first one of its model
  /// @throws ProblemException if the version could not be read again
  NewVersion write(String call, VersionHead proposed, ModelDraft draft);

  /// A version that is written and not yet added. Closing it forgets it unless it was added.
  interface NewVersion extends AutoCloseable {

    /// The head with which the same call has added it before.
    Optional<VersionHead> addedBefore();

    /// Adds it, in a change.
    void add(VersionHead head);

    @Override
    void close();
  }

  /// Whose a version is, in a change; empty for nobody's.
  Optional<String> owner(String name, int version);

  /// What is known of a version, in a change.
  Optional<VersionHead> head(String name, int version);

  /// Versions of which it is not known how good they are, since a former version of the service has
  /// made them.
  List<ModelReference> withoutStanding(int some);

  /// Keeps what may change of a version's head in the place of what was kept, in a change.
  void put(VersionHead head);

  /// How many bytes the versions of an owner have.
  long bytesOf(String owner);

  /// Removes a version, in a change.
  void remove(String name, int version);

  /// Every model that has changed since, as it is now, in the order of the changes.
  ///
  /// @param known what need not be read again; null for a model that is not known
  List<Changed> changedSince(long change, Function<String, @Nullable Model> known);

  /// A model as it was when it last changed.
  ///
  /// @param change the number of the change
  /// @param age the change that made it; 0 if it is deleted
  /// @param model null if it is deleted
  record Changed(String name, long change, long age, @Nullable Model model) {}

  /// What is known of a version, without its parameters; empty if it has been deleted.
  Optional<Artifact> describe(VersionHead version);

  /// Brings a version back; empty if it has been deleted, or if the store brings nothing back.
  Optional<ModelDraft> load(VersionHead version);
}
