package dev.backprop.platform.artifact;

import static dev.backprop.platform.artifact.ArtifactDecoder.checkGiven;
import static dev.backprop.platform.artifact.ArtifactDecoder.fault;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.plan.BaggingResult;
import dev.backprop.engine.table.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The encoders of each network of a document, checked.
///
/// @param features of the whole model; null for bare numbers
/// @param schema null for bare numbers
record ArtifactMembers(
    ModelDocument document, @Nullable FeatureEncoder features, @Nullable Schema schema) {

  /// @param target of the whole model
  List<Artifact.Encoders> decode(TargetEncoder target) {
    List<ModelDocument.Encoders> members = document.members();
    BaggingResult bagging = document.learned().bagging();
    int expected =
        bagging == null
            ? document.spec().training().servedNetworks()
            : Math.max(1, bagging.folds().size());
    int found = members == null ? 1 : members.size();
    if (found != expected) {
      throw fault("/members", "must be the %d of the folds, were %d".formatted(expected, found));
    }
    if (members == null) {
      return List.of(new Artifact.Encoders(features, target));
    }
    List<Artifact.Encoders> decoded = new ArrayList<>();
    for (int m = 0; m < members.size(); m++) {
      String pointer = "/members/" + m;
      ModelDocument.Encoders said = members.get(m);
      checkGiven(pointer + "/scales", said.scales(), !target.scales().isEmpty());
      decoded.add(
          new Artifact.Encoders(
              features(pointer, said),
              ArtifactTarget.encoder(
                  pointer + "/scales",
                  said.scales(),
                  target.target(),
                  document.spec().fit().encoding())));
    }
    return decoded;
  }

  /// As the model's, with the statistics of a member.
  private @Nullable FeatureEncoder features(String pointer, ModelDocument.Encoders said) {
    checkGiven(pointer + "/features", said.features(), features != null);
    checkGiven(pointer + "/silentInputs", said.silentInputs(), features != null);
    if (features == null || schema == null) {
      return null;
    }
    List<ModelDocument.Fitted> fitted = Objects.requireNonNull(said.features());
    if (fitted.size() != features.features().size()) {
      throw fault(
          pointer + "/features",
          "must be the %d of the model, were %d"
              .formatted(features.features().size(), fitted.size()));
    }
    List<ModelDocument.Column> columns = Objects.requireNonNull(document.input().columns());
    List<Feature> own = new ArrayList<>();
    int slots = 0;
    for (int c = 0; c < columns.size(); c++) {
      Schema.Field field = schema.fields().get(c);
      if (field.role() == Schema.Role.FEATURE) {
        slots = Math.addExact(slots, field.slots(document.spec().fit().encoding()));
        int f = own.size();
        own.add(feature(pointer + "/features/" + f, field, columns.get(c).with(fitted.get(f))));
      }
    }
    return FeatureEncoder.of(
        own,
        ArtifactDecoder.silentInputs(
            pointer + "/silentInputs", Objects.requireNonNull(said.silentInputs()), slots));
  }

  private Feature feature(String pointer, Schema.Field field, ModelDocument.Column column) {
    Schema.Field read = ArtifactColumns.field(pointer, column);
    if (!Objects.equals(read.date(), field.date())) {
      throw fault(
          pointer + "/dates",
          "must have the pattern and the zone of the model, %s, has %s"
              .formatted(field.date(), read.date()));
    }
    return ArtifactColumns.feature(pointer, field, column, document.spec().fit().encoding());
  }
}
