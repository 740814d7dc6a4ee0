package dev.backprop.platform.artifact;

import static dev.backprop.platform.artifact.ArtifactDecoder.checkGiven;
import static dev.backprop.platform.artifact.ArtifactDecoder.fault;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.nn.InputLayout;
import dev.backprop.engine.plan.BaggingResult;
import dev.backprop.engine.plan.Encodings;
import dev.backprop.engine.plan.EnsembleResult;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.table.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The networks of a document with their encoders, checked.
///
/// @param features of the whole model; null for bare numbers
/// @param inputs of the spec's own network
/// @param schema of the data, without what networks embed; null for bare numbers
record ArtifactMembers(
    ModelDocument document,
    @Nullable FeatureEncoder features,
    InputLayout inputs,
    @Nullable Schema schema) {

  /// @param target of the whole model
  List<Artifact.Encoders> decode(TargetEncoder target) {
    List<Served> served = served();
    List<ModelDocument.Encoders> members = document.members();
    if (members == null) {
      return List.of(
          new Artifact.Encoders(network(document.spec().fit()), inputs, features, target, 1));
    }
    List<Artifact.Encoders> decoded = new ArrayList<>();
    for (int m = 0; m < members.size(); m++) {
      decoded.add(decode("/members/" + m, members.get(m), served.get(m), target));
    }
    return decoded;
  }

  /// What the spec and the result say of a network.
  ///
  /// @param member of the ensemble, from 1; null if there is none
  private record Served(FitSpec spec, @Nullable Integer member, int weight) {}

  /// Of each network.
  private List<Served> served() {
    EnsembleResult result = document.learned().ensemble();
    BaggingResult bagging = document.learned().bagging();
    FitSpec spec = document.spec().fit();
    List<Served> served = new ArrayList<>();
    if (result == null) {
      int networks = bagging == null ? 1 : bagging.folds().size();
      served.addAll(Collections.nCopies(networks, new Served(spec, null, 1)));
    } else {
      for (EnsembleResult.MemberResult member : result.members()) {
        if (member.weight() > 0) {
          served.addAll(
              Collections.nCopies(
                  member.folds().size(),
                  new Served(
                      spec.members().get(member.member() - 1), member.member(), member.weight())));
        }
      }
    }
    checkGiven("/members", document.members(), bagging != null || result != null);
    int found = document.members() == null ? 1 : document.members().size();
    if (found != served.size()) {
      throw fault(
          "/members", "must be the %d of the folds, were %d".formatted(served.size(), found));
    }
    return served;
  }

  private Artifact.Encoders decode(
      String pointer, ModelDocument.Encoders said, Served served, TargetEncoder target) {
    checkGiven(pointer + "/scales", said.scales(), !target.scales().isEmpty());
    if (!Objects.equals(said.member(), served.member)) {
      throw fault(
          pointer + "/member",
          "must be that of the ensemble, %s, was %s".formatted(served.member, said.member()));
    }
    checkGiven(pointer + "/weight", said.weight(), served.member != null);
    if (said.weight() != null && said.weight() != served.weight) {
      throw fault(
          pointer + "/weight",
          "must be that of the ensemble, %d, was %d".formatted(served.weight, said.weight()));
    }
    NetworkSpec network = network(served.spec);
    Schema entering = schema == null ? null : schema.embedding(network.embeddings().keySet());
    InputLayout layout =
        entering == null ? inputs : Encodings.layout(entering, served.spec.encoding());
    String ofNetwork =
        served.member == null ? "/spec" : "/spec/ensemble/members/%d".formatted(served.member - 1);
    ArtifactDecoder.checkShapes(ofNetwork, network, layout, target.target().outputs());
    return new Artifact.Encoders(
        network,
        layout,
        features(pointer, said, entering, served.spec),
        ArtifactTarget.encoder(
            pointer + "/scales", said.scales(), target.target(), served.spec.encoding()),
        served.weight);
  }

  /// The network that answers.
  private NetworkSpec network(FitSpec spec) {
    return schema == null ? spec.network() : Encodings.network(spec, schema);
  }

  /// As the model's, with the statistics of a member.
  ///
  /// @param entering what enters the member's network
  private @Nullable FeatureEncoder features(
      String pointer, ModelDocument.Encoders said, @Nullable Schema entering, FitSpec spec) {
    checkGiven(pointer + "/features", said.features(), features != null);
    checkGiven(pointer + "/silentInputs", said.silentInputs(), features != null);
    if (features == null || entering == null) {
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
      Schema.Field field = entering.fields().get(c);
      if (field.role() == Schema.Role.FEATURE) {
        slots = Math.addExact(slots, field.slots(spec.encoding()));
        int f = own.size();
        own.add(
            feature(pointer + "/features/" + f, field, columns.get(c).with(fitted.get(f)), spec));
      }
    }
    return FeatureEncoder.of(
        own,
        ArtifactDecoder.silentInputs(
            pointer + "/silentInputs", Objects.requireNonNull(said.silentInputs()), slots));
  }

  private static Feature feature(
      String pointer, Schema.Field field, ModelDocument.Column column, FitSpec spec) {
    Schema.Field read = ArtifactColumns.field(pointer, column);
    if (!Objects.equals(read.date(), field.date())) {
      throw fault(
          pointer + "/dates",
          "must have the pattern and the zone of the model, %s, has %s"
              .formatted(field.date(), read.date()));
    }
    return ArtifactColumns.feature(pointer, field, column, spec.encoding());
  }
}
