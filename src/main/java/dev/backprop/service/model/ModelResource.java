package dev.backprop.service.model;

import dev.backprop.engine.plan.Headline;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.notes.Notes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A model as clients see it.
///
/// @param currentVersion the version that answers if none is named; null until one has been
///   activated
/// @param versions newest first
/// @param current the current version's card
record ModelResource(
    String name,
    Instant createdAt,
    @Nullable Integer currentVersion,
    List<VersionSummary> versions,
    @Nullable ModelCard current) {

  static ModelResource of(Model model, @Nullable ModelCard current) {
    return new ModelResource(
        model.name(),
        model.createdAt(),
        model.currentVersion(),
        model.versions().reversed().stream().map(VersionSummary::of).toList(),
        current);
  }

  /// Which version is to answer if none is named.
  record CurrentVersion(int version) {}

  /// @param owner as on the card
  record VersionSummary(
      int version,
      Instant createdAt,
      @Nullable String owner,
      long bytes,
      String trainingId,
      String self) {

    static VersionSummary of(VersionHead version) {
      return new VersionSummary(
          version.version(),
          version.createdAt(),
          version.owner(),
          version.bytes(),
          version.trainingId(),
          ModelCard.Links.self(version));
    }
  }

  /// A model in a list.
  ///
  /// @param description of the current version, else of the latest, as are the tags
  /// @param headline how good that version is; null if no rows judged it
  /// @param target of that version; null if it cannot be read
  record Summary(
      String name,
      Instant createdAt,
      @Nullable String description,
      List<String> tags,
      @Nullable Headline headline,
      @Nullable Integer currentVersion,
      int latestVersion,
      int versionCount,
      long bytes,
      @Nullable TargetView target,
      String self) {

    static Summary of(Model model) {
      Notes notes = model.shown().notes();
      return new Summary(
          model.name(),
          model.createdAt(),
          notes.description(),
          notes.tags(),
          model.shown().headline(),
          model.currentVersion(),
          model.latest().version(),
          model.versions().size(),
          model.versions().stream().mapToLong(VersionHead::bytes).sum(),
          model.target(),
          Paths.link(Paths.model(model.name())));
    }
  }
}
