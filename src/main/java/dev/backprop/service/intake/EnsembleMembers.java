package dev.backprop.service.intake;

import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.platform.json.JsonProblems;
import dev.backprop.platform.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Completes the members of an ensemble: what a member leaves out it takes from the request, field
/// by field.
///
/// @param json the service's
record EnsembleMembers(JsonMapper json) {

  /// Has the name of the request's field, which faults point to.
  private record Request(EnsembleSpec ensemble) {}

  /// @param asked as it was sent
  /// @param request what the request says beside it
  /// @throws ProblemException with a pointer below `/ensemble`: 400 if a value has a wrong type,
  ///   422 if a spec is impossible
  EnsembleSpec of(ObjectNode asked, FitSpec request) {
    ObjectNode ensemble = asked.deepCopy();
    if (ensemble.get("members") instanceof ArrayNode members) {
      for (JsonNode member : members) {
        if (member instanceof ObjectNode said) {
          complete(said, "encoding", request.encoding());
          complete(said, "network", request.network());
          complete(said, "training", request.training());
        }
      }
    }
    try {
      return json.treeToValue(json.createObjectNode().set("ensemble", ensemble), Request.class)
          .ensemble();
    } catch (JacksonException e) {
      throw JsonProblems.of(e);
    }
  }

  /// Refuses fields that there are not, before anything is said of those that are absent.
  ///
  /// @param asked as it was sent, null if there is none
  void checkNames(@Nullable ObjectNode asked) {
    if (asked == null) {
      return;
    }
    try {
      json.treeToValue(json.createObjectNode().set("ensemble", asked), Request.class);
    } catch (UnrecognizedPropertyException e) {
      throw JsonProblems.of(e);
    } catch (JacksonException _) {
      // What it lacks the request may have.
    }
  }

  private void complete(ObjectNode member, String name, Record request) {
    ObjectNode completed = json.valueToTree(request);
    JsonNode given = member.get(name);
    if (given instanceof ObjectNode said) {
      completed.setAll(said);
    }
    if (given == null || given.isNull() || given.isObject()) {
      member.set(name, completed);
    }
  }
}
