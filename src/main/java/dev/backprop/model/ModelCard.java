package dev.backprop.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.nn.LayerShape;
import dev.backprop.nn.Network;
import dev.backprop.scoring.Evaluation;
import dev.backprop.training.CrossValidationResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything worth knowing about a version of a model.
///
/// @param current whether it is the model's current version
/// @param metrics by part: `validation`, `test` or `training`, each with its baseline
/// @param crossValidation left out where there was none
/// @param bestEpoch the epoch whose parameters are served, from 1
record ModelCard(
    String model,
    int version,
    boolean current,
    Instant createdAt,
    long bytes,
    TargetView target,
    InputView input,
    NetworkView network,
    SpecView spec,
    Map<String, Evaluation> metrics,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable CrossValidationResult crossValidation,
    int bestEpoch,
    boolean stoppedEarly,
    boolean stoppedByTime,
    boolean converged,
    List<EpochView> history,
    List<String> warnings,
    Provenance provenance,
    Links links) {

  static ModelCard of(ModelVersion version, boolean current) {
    ModelDraft draft = version.draft();
    Network network = draft.predictor().scorer().network();
    return new ModelCard(
        version.name(),
        version.version(),
        current,
        version.createdAt(),
        version.bytes(),
        version.head().target(),
        InputView.of(version),
        NetworkView.of(network),
        new SpecView(network.spec(), draft.training()),
        draft.evaluations(),
        draft.crossValidation(),
        draft.bestEpoch(),
        draft.stoppedEarly(),
        draft.stoppedByTime(),
        draft.converged(),
        draft.history().stream().map(EpochView::of).toList(),
        draft.warnings(),
        draft.provenance(),
        Links.of(version));
  }

  /// @param parameters weights and biases
  /// @param layers the output layer last
  record NetworkView(int inputs, int outputs, long parameters, List<LayerShape> layers) {

    static NetworkView of(Network network) {
      return new NetworkView(
          network.inputs(), network.outputs(), network.parameters().size(), network.shapes());
    }
  }

  /// @param training null where it was trained elsewhere
  record Links(
      String self,
      String predictions,
      String artifact,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String training) {

    static Links of(ModelVersion version) {
      String self = self(version.head());
      return new Links(
          self,
          self + "/predictions",
          self + "/artifact",
          version.draft().provenance().imported() == null
              ? "/api/v1/trainings/" + version.head().trainingId()
              : null);
    }

    static String self(VersionHead version) {
      return ModelController.PATH + "/" + version.name() + "/versions/" + version.version();
    }
  }
}
