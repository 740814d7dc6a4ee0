package dev.backprop.service.intake;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.Model;
import dev.backprop.service.model.ModelVersion;
import dev.backprop.service.model.Models;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The version of a model that a training goes on from.
///
/// It is found when the training is accepted and held until its end, so that it may be deleted
/// meanwhile. What it takes then is no more than the room that is reserved for the version to come,
/// which has as many parameters.
///
/// @param version immutable
public record WarmStart(ModelVersion version) {

  /// @return null if nothing is asked for
  /// @throws ProblemException 422 if the caller sees no such model, or it has no such version
  static @Nullable WarmStart find(
      TrainingRequest.@Nullable Start asked, Models models, Caller caller) {
    if (asked == null) {
      return null;
    }
    String name = asked.model();
    if (name == null) {
      throw invalid("/warmStart/model", "is required");
    }
    Model model =
        (caller.seesModel(name) ? models.find(name) : Optional.<Model>empty())
            .orElseThrow(
                () ->
                    invalid(
                        "/warmStart/model",
                        "must be the name of a model, '%s' is none".formatted(Excerpt.of(name))));
    int latest = model.latest().version();
    int number = Objects.requireNonNullElse(asked.version(), latest);
    return models
        .live(name, number)
        .map(WarmStart::new)
        .orElseThrow(
            () ->
                invalid(
                    "/warmStart/version",
                    "must be a version of model '%s', whose latest is %d, was %d"
                        .formatted(name, latest, number)));
  }

  ModelReference reference() {
    return version.head().reference();
  }

  NetworkSpec network() {
    return version.draft().spec().network();
  }

  EncodingSpec encoding() {
    return version.draft().spec().fit().encoding();
  }

  /// Reads a table as the model's own.
  ///
  /// @throws ProblemException 422 if it is of another schema
  InferredSchema read(Table table, SchemaRequest request, String rowsPointer) {
    Schema schema = version.draft().schema();
    if (schema == null) {
      throw invalid(
          rowsPointer, "must be inputs with targets, as in %s, were rows".formatted(reference()));
    }
    return new KnownSchema(
            schema, reference().toString(), version.draft().targetInferred(), request, "/data")
        .read(table, rowsPointer);
  }

  /// @throws ProblemException 422 if the model takes other numbers
  void check(BareExamples examples) {
    if (version.draft().schema() != null) {
      throw invalid("/data/inputs", "must be rows, as in %s, were numbers".formatted(reference()));
    }
    Network network = version.predictor().scorer().network();
    checkWidth("/data/inputs", network.inputs(), examples.inputs());
    checkWidth("/data/targets", network.outputs(), examples.outputs());
  }

  private void checkWidth(String pointer, int known, int given) {
    if (given != known) {
      throw invalid(
          pointer,
          "must be %d numbers a row, as in %s, were %d".formatted(known, reference(), given));
    }
  }

  /// The plan from here on.
  ///
  /// @param plan whose data this has [#read] or checked
  /// @throws ProblemException 422 if the networks or the encodings differ
  TrainingPlan begin(TrainingPlan plan) {
    int networks = version.predictor().members().size();
    if (networks > 1) {
      throw invalid(
          "/warmStart/model",
          "must have one network to go on from, %s has %d".formatted(reference(), networks));
    }
    if (version.draft().spec().ensemble() != null) {
      throw invalid(
          "/warmStart/model",
          "must have been trained without ensemble to go on from, %s was trained with it"
              .formatted(reference()));
    }
    checkSame("/network", network(), plan.spec().network());
    checkSame("/encoding", encoding(), plan.spec().encoding());
    return plan.startingFrom(version.predictor());
  }

  private void checkSame(String pointer, Record known, Record given) {
    SpecDifference.between(known, given)
        .ifPresent(
            difference -> {
              throw invalid(
                  pointer + difference.pointer(),
                  "must be %s, as in %s, was %s"
                      .formatted(difference.known(), reference(), difference.given()));
            });
  }

  private static ProblemException invalid(String pointer, String detail) {
    return ProblemException.at(ProblemCode.INVALID_SPEC, pointer, detail);
  }
}
