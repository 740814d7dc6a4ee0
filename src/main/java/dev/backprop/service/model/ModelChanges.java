package dev.backprop.service.model;

import dev.backprop.engine.plan.Standing;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Changes what a store keeps, by the rules of [KeptModel]: each time one change, as a part of the
/// unit of work that the calling thread is in.
///
/// @param keepVersions as [ModelProperties] has it
record ModelChanges(ModelStore store, int keepVersions) {

  /// Adds a version under the next number of its model.
  ///
  /// @param proposed its head but for the number
  VersionHead add(ModelStore.NewVersion version, VersionHead proposed, boolean activate) {
    return store.change(
        change ->
            version.addedBefore().orElseGet(() -> addNext(version, proposed, activate, change)));
  }

  private VersionHead addNext(
      ModelStore.NewVersion version, VersionHead proposed, boolean activate, long change) {
    KeptModel all = store.find(proposed.name()).with(activate, proposed.createdAt(), change);
    VersionHead head = proposed.numbered(all.lastVersion());
    List<Integer> outdated = all.outdated(keepVersions);
    store.put(all.without(outdated), change);
    version.add(head);
    outdated.forEach(old -> store.remove(all.name(), old));
    return head;
  }

  /// Makes a version the current one.
  ///
  /// @return the model as it is then; empty if there is no such version
  Optional<Model> activate(String name, int version) {
    return store.change(
        change -> {
          KeptModel model = store.find(name);
          if (!model.versions().contains(version)) {
            return Optional.empty();
          }
          store.put(model.withCurrent(version), change);
          return Optional.ofNullable(store.changedSince(change - 1, _ -> null).getFirst().model());
        });
  }

  /// Changes what people say of a version.
  ///
  /// @return what is known of it then; empty if there is no such version
  Optional<VersionHead> note(String name, int version, UnaryOperator<Notes> said) {
    return change(name, version, before -> before.with(said.apply(before.notes())));
  }

  /// Changes what may change of a version.
  ///
  /// @return what is known of it then; empty if there is no such version
  Optional<VersionHead> change(String name, int version, UnaryOperator<VersionHead> work) {
    return store.change(
        change -> {
          Optional<VersionHead> head = store.head(name, version).map(work);
          head.ifPresent(changed -> put(changed, change));
          return head;
        });
  }

  /// Keeps how good a version is of which it was not known.
  void complete(VersionHead version, Standing standing) {
    store.change(
        change -> {
          Optional<VersionHead> head =
              store
                  .head(version.name(), version.version())
                  .filter(before -> before.standing() == null);
          head.ifPresent(before -> put(before.with(standing), change));
          return head;
        });
  }

  private void put(VersionHead changed, long change) {
    store.put(changed);
    store.put(store.find(changed.name()), change);
  }

  /// Removes a version because of its age, unless it is the one that is shown for its model.
  ///
  /// @return whether there was one
  boolean outgrow(String name, int version) {
    return store.change(
        change -> {
          KeptModel model = store.find(name);
          if (!model.versions().contains(version) || model.shows(version)) {
            return false;
          }
          store.put(model.without(List.of(version)), change);
          store.remove(name, version);
          return true;
        });
  }

  /// Removes versions. Whose they are is asked in the same change, so that no other's version comes
  /// in between.
  ///
  /// @param chosen which ones
  /// @return whether there were such
  /// @throws ProblemException 403 if one of them is not the caller's to delete
  boolean delete(String name, Caller caller, Function<KeptModel, List<Integer>> chosen) {
    return store.change(
        change -> {
          KeptModel model = store.find(name);
          List<Integer> gone = chosen.apply(model);
          gone.forEach(version -> requireMayDelete(name, version, caller));
          gone.forEach(version -> store.remove(name, version));
          if (!gone.isEmpty()) {
            store.put(model.without(gone), change);
          }
          return !gone.isEmpty();
        });
  }

  private void requireMayDelete(String name, int version, Caller caller) {
    if (!caller.isAdmin()) {
      caller.requireMayDelete(
          store.owner(name, version).orElse(null),
          "version %d of model '%s'".formatted(version, name));
    }
  }
}
