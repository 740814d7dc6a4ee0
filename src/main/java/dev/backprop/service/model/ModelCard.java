package dev.backprop.service.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.backprop.engine.figures.Calibration;
import dev.backprop.engine.figures.Threshold;
import dev.backprop.engine.nn.LayerShape;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.plan.Headline;
import dev.backprop.engine.plan.Learned;
import dev.backprop.engine.scoring.Certainty;
import dev.backprop.engine.table.Label;
import dev.backprop.platform.artifact.Artifact;
import dev.backprop.platform.artifact.ModelDocument;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.Provenance;
import dev.backprop.platform.artifact.SpecView;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.http.Paths;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Everything worth knowing about a version of a model.
///
/// @param cost of answering a row
/// @param owner the id of the key that made it, or the subject of the token; null if there was
///   neither
/// @param description null if there is none, see [dev.backprop.platform.notes.Notes]
/// @param current whether it is the model's current version
/// @param headline the figure that tells most; null if there is none
/// @param calibration of the probabilities; null if they are answered as the networks say them
/// @param threshold from which probability on the positive one of two classes is answered; null
///   unless there are two
/// @param positive that class
/// @param insights stands among the fields of the card, as `learned` does
/// @param learned stands among the fields of the card, as [dev.backprop.platform.json.StrictJson]
///   has it
record ModelCard(
    String model,
    int version,
    boolean current,
    Instant createdAt,
    @Nullable String owner,
    @Nullable String description,
    List<String> tags,
    long bytes,
    TargetView target,
    InputView input,
    NetworkView network,
    Cost cost,
    SpecView spec,
    @Nullable Headline headline,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Calibration calibration,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double threshold,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Label positive,
    @JsonUnwrapped InsightsView insights,
    @JsonUnwrapped Learned learned,
    Provenance provenance,
    Links links) {

  /// What a card shows that follows from the parts of a version.
  private record Shown(
      TargetView target, InputView input, NetworkView network, Cost cost, InsightsView insights) {}

  /// What a row costs.
  ///
  /// @param networks that answer it, those that share weights counting one each
  /// @param parameters of all of them
  /// @param multiplyAddsPerRow of their products. How long these take depends on the machine: where
  ///   it was trained the `provenance` has `microsecondsPerRow`
  record Cost(int networks, long parameters, long multiplyAddsPerRow) {

    static Cost of(List<Network> networks) {
      return new Cost(
          networks.stream().mapToInt(Network::members).sum(),
          networks.stream().mapToLong(network -> network.parameters().size()).sum(),
          networks.stream().mapToLong(Network::multiplyAdds).sum());
    }

    static Cost of(List<Artifact.Encoders> members, int outputs) {
      return new Cost(
          members.stream().mapToInt(member -> member.network().networks()).sum(),
          members.stream()
              .mapToLong(
                  member -> Network.parameterCount(member.network(), member.inputs(), outputs))
              .sum(),
          members.stream()
              .mapToLong(member -> Network.multiplyAdds(member.network(), member.inputs(), outputs))
              .sum());
    }
  }

  /// @param head as it is now; the version has it as it was when it was brought back
  static ModelCard of(VersionHead head, ModelVersion version, boolean current) {
    ModelDraft draft = version.draft();
    return of(
        head,
        current,
        draft.document(head.origin()),
        new Shown(
            TargetView.of(draft),
            InputView.of(draft),
            NetworkView.of(draft.predictor().scorer().network()),
            Cost.of(
                draft.predictor().members().stream()
                    .map(member -> member.scorer().network())
                    .toList()),
            InsightsView.of(draft.learned().insights(), draft.predictor().features())));
  }

  /// Of a version whose parameters are not loaded.
  static ModelCard of(VersionHead version, Artifact artifact, boolean current) {
    ModelDocument document = artifact.document();
    return of(
        version,
        current,
        document,
        new Shown(
            TargetView.of(artifact.targetEncoder().target(), document.target().inferred()),
            InputView.of(artifact),
            NetworkView.of(artifact),
            Cost.of(artifact.members(), artifact.targetEncoder().target().outputs()),
            InsightsView.of(artifact.insights(), artifact.features())));
  }

  private static ModelCard of(
      VersionHead version, boolean current, ModelDocument document, Shown shown) {
    Certainty certainty = document.certainty() == null ? Certainty.NONE : document.certainty();
    List<Label> both = document.target().classes();
    boolean two = "classes".equals(document.target().type()) && both != null && both.size() == 2;
    Threshold deciding =
        version.threshold() == null ? certainty.decidingThreshold() : version.threshold();
    return new ModelCard(
        version.name(),
        version.version(),
        current,
        version.createdAt(),
        version.owner(),
        version.notes().description(),
        version.notes().tags(),
        version.bytes(),
        shown.target(),
        shown.input(),
        shown.network(),
        shown.cost(),
        document.spec(),
        Headline.of(document.learned()),
        certainty.calibration(),
        two ? Double.valueOf(deciding.threshold()) : null,
        two ? Objects.requireNonNull(both).get(deciding.positive()) : null,
        shown.insights(),
        document.learned(),
        document.provenance(),
        Links.of(version, document.provenance()));
  }

  /// Of the network; of the first one if several are served.
  ///
  /// @param parameters weights and biases
  /// @param layers the output layer last
  record NetworkView(int inputs, int outputs, long parameters, List<LayerShape> layers) {

    static NetworkView of(Network network) {
      return new NetworkView(
          network.inputs(), network.outputs(), network.parameters().size(), network.shapes());
    }

    static NetworkView of(Artifact artifact) {
      Artifact.Encoders first = artifact.members().getFirst();
      int outputs = artifact.targetEncoder().target().outputs();
      return new NetworkView(
          first.inputs().width(),
          outputs,
          Network.parameterCount(first.network(), first.inputs(), outputs),
          Network.shapes(first.network(), first.inputs(), outputs));
    }
  }

  /// @param training null if it was trained elsewhere
  record Links(
      String self,
      String predictions,
      String artifact,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String training) {

    static Links of(VersionHead version, Provenance provenance) {
      String self = self(version);
      return new Links(
          self,
          self + "/predictions",
          self + "/artifact",
          provenance.imported() == null ? Paths.link(Paths.training(version.trainingId())) : null);
    }

    static String self(VersionHead version) {
      return Paths.link(Paths.version(version.name(), version.version()));
    }
  }
}
