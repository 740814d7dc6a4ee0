package dev.backprop.service.model;

import dev.backprop.engine.figures.Threshold;
import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.notes.NotesChange;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Shows trained models, and decides which of their versions answers.
@RestController
@RequestMapping(Paths.MODELS)
record ModelController(Models models, ModelLookup lookup, JsonMapper json) {

  @Allowed(Role.PREDICT)
  @GetMapping
  Page<ModelResource.Summary> list(
      @RequestParam(required = false) @Nullable String sort,
      @RequestParam(required = false) @Nullable String tag,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Caller caller) {
    return models.list(caller, Listing.of(sort, tag, cursor, limit)).map(ModelResource.Summary::of);
  }

  @Allowed(Role.PREDICT)
  @GetMapping("/{name}")
  ModelResource get(@PathVariable String name, Caller caller) {
    Model model = lookup.model(name, caller);
    Integer current = model.currentVersion();
    return ModelResource.of(
        model, current == null ? null : models.card(name, current, true).orElse(null));
  }

  @Allowed(Role.PREDICT)
  @GetMapping("/{name}/versions")
  Page<VersionResource> versions(
      @PathVariable String name,
      @RequestParam(required = false) @Nullable String sort,
      @RequestParam(required = false) @Nullable String tag,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Caller caller) {
    Model model = lookup.model(name, caller);
    return model
        .page(Listing.of(sort, tag, cursor, limit))
        .map(version -> VersionResource.of(model, version));
  }

  @Allowed(Role.PREDICT)
  @GetMapping("/{name}/versions/{version}")
  ModelCard get(@PathVariable String name, @PathVariable int version, Caller caller) {
    Integer current = lookup.model(name, caller).currentVersion();
    return models
        .card(name, version, current != null && current == version)
        .orElseThrow(() -> ModelLookup.noVersion(name, version));
  }

  @Allowed(Role.TRAIN)
  @PatchMapping(
      path = "/{name}/versions/{version}",
      consumes = {MediaType.APPLICATION_JSON_VALUE, NotesChange.MERGE_PATCH},
      produces = MediaType.APPLICATION_JSON_VALUE)
  ModelCard change(
      @PathVariable String name,
      @PathVariable int version,
      @RequestBody ObjectNode body,
      Caller caller) {
    NotesChange change = NotesChange.of(json, body);
    lookup.model(name, caller);
    if (models.note(name, version, change::of).isEmpty()) {
      throw ModelLookup.noVersion(name, version);
    }
    return get(name, version, caller);
  }

  @Allowed(Role.TRAIN)
  @PutMapping(
      path = "/{name}/versions/{version}/threshold",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ModelCard decide(
      @PathVariable String name,
      @PathVariable int version,
      @RequestBody ThresholdChange change,
      Caller caller) {
    Threshold threshold = change.of(get(name, version, caller));
    if (models.decide(name, version, threshold).isEmpty()) {
      throw ModelLookup.noVersion(name, version);
    }
    return get(name, version, caller);
  }

  /// All that may fail comes before the version is activated.
  @Allowed(Role.TRAIN)
  @PutMapping(
      path = "/{name}/current",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ModelResource activate(
      @PathVariable String name, @RequestBody ModelResource.CurrentVersion current, Caller caller) {
    lookup.model(name, caller);
    ModelCard card =
        models
            .card(name, current.version(), true)
            .orElseThrow(() -> noVersion(name, current.version()));
    Model model =
        models
            .activate(name, current.version())
            .orElseThrow(() -> noVersion(name, current.version()));
    return ModelResource.of(model, card);
  }

  private static ProblemException noVersion(String name, int version) {
    return ProblemException.at(
        ProblemCode.INVALID_SPEC,
        "/version",
        "model '%s' has no version %d".formatted(name, version));
  }

  @Allowed(Role.TRAIN)
  @DeleteMapping("/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String name, Caller caller) {
    lookup.model(name, caller);
    if (!models.delete(name, caller)) {
      throw ModelLookup.noModel(name);
    }
  }

  @Allowed(Role.TRAIN)
  @DeleteMapping("/{name}/versions/{version}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String name, @PathVariable int version, Caller caller) {
    lookup.model(name, caller);
    if (!models.delete(name, version, caller)) {
      throw ModelLookup.noVersion(name, version);
    }
  }
}
