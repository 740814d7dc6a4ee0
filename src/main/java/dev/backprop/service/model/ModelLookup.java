package dev.backprop.service.model;

import dev.backprop.platform.artifact.ModelName;
import dev.backprop.platform.caller.Audit;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Finds what a path names, or says why there is no such thing. To a caller that does not see a
/// model it is as if there were none.
@Component
public final class ModelLookup {

  private final Models models;

  public ModelLookup(Models models) {
    this.models = models;
  }

  /// @throws ProblemException 404; 400 if no model can have such a name
  public Model model(String name, Caller caller) {
    if (!caller.seesModel(name)) {
      Audit.isHidden();
      throw noModel(name);
    }
    return models.find(name).orElseThrow(() -> noModel(name));
  }

  /// The version that answers if none is named.
  ///
  /// @throws ProblemException as [#model]; 409 if no version has been activated
  public ModelVersion current(String name, Caller caller) {
    while (true) {
      Model model = model(name, caller);
      Integer current = model.currentVersion();
      if (current == null) {
        throw new ProblemException(
            ProblemCode.CONFLICT,
            "model '%s' has no current version; name one in the path, such as /versions/%d, or choose one by PUT %s/current"
                .formatted(name, model.latest().version(), Paths.link(Paths.model(name))));
      }
      Optional<ModelVersion> live = models.live(name, current);
      if (live.isPresent()) {
        return live.get();
      }
      // It has been deleted since, so another one is current.
    }
  }

  /// @param version null for the one that answers if none is named
  /// @throws ProblemException as [#current]; 404 if the model has no such version
  public ModelVersion version(String name, @Nullable Integer version, Caller caller) {
    if (version == null) {
      return current(name, caller);
    }
    model(name, caller);
    return models.live(name, version).orElseThrow(() -> noVersion(name, version));
  }

  static ProblemException noModel(String name) {
    if (!ModelName.isValid(name)) {
      return new ProblemException(
          ProblemCode.INVALID_PARAMETER, "the model's name must be " + ModelName.RULE);
    }
    return new ProblemException(ProblemCode.NOT_FOUND, "there is no model '%s'".formatted(name));
  }

  static ProblemException noVersion(String name, int version) {
    return new ProblemException(
        ProblemCode.NOT_FOUND, "model '%s' has no version %d".formatted(name, version));
  }
}
