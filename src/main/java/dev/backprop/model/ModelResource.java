package dev.backprop.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A model as clients see it.
///
/// @param currentVersion the version that answers where none is named; null until one has been
///   activated
/// @param versions newest first
/// @param current the current version's card
record ModelResource(
    String name,
    Instant createdAt,
    @Nullable Integer currentVersion,
    List<VersionSummary> versions,
    @Nullable ModelCard current) {

  static ModelResource of(Model model) {
    ModelVersion current = model.current();
    return new ModelResource(
        model.name(),
        model.createdAt(),
        current == null ? null : Integer.valueOf(current.version()),
        model.versions().reversed().stream().map(VersionSummary::of).toList(),
        current == null ? null : ModelCard.of(current, true));
  }

  record VersionSummary(
      int version, Instant createdAt, long bytes, String trainingId, String self) {

    static VersionSummary of(ModelVersion version) {
      return new VersionSummary(
          version.version(),
          version.createdAt(),
          version.bytes(),
          version.draft().provenance().trainingId(),
          ModelCard.Links.of(version).self());
    }
  }

  /// A model in a list.
  ///
  /// @param target of the current version, else of the latest
  record Summary(
      String name,
      Instant createdAt,
      @Nullable Integer currentVersion,
      int latestVersion,
      int versionCount,
      long bytes,
      TargetView target,
      String self) {

    static Summary of(Model model) {
      ModelVersion current = model.current();
      ModelVersion shown = current == null ? model.latest() : current;
      return new Summary(
          model.name(),
          model.createdAt(),
          current == null ? null : Integer.valueOf(current.version()),
          model.latest().version(),
          model.versions().size(),
          model.versions().stream().mapToLong(ModelVersion::bytes).sum(),
          TargetView.of(shown.predictor().scorer().target(), shown.draft().targetInferred()),
          ModelController.PATH + "/" + model.name());
    }
  }
}
