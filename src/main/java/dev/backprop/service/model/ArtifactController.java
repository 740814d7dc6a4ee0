package dev.backprop.service.model;

import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.ArtifactZip;
import dev.backprop.platform.artifact.ModelName;
import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Quotas;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.Idempotent;
import dev.backprop.platform.http.IdempotentAnswer;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.storage.UnitOfWork;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Carries versions of models from one instance to another.
@RestController
@RequestMapping(Paths.MODEL + "/versions")
record ArtifactController(
    ModelLookup lookup,
    ArtifactCodec codec,
    ModelImport imports,
    ComputeSlots slots,
    Budget inFlight,
    Quotas quotas,
    UnitOfWork unit) {

  private static final String ZIP = "application/zip";

  /// Writes on the request's own thread, which is a virtual one.
  @Allowed(Role.TRAIN)
  @GetMapping(path = "/{version}/artifact", produces = ZIP)
  void download(
      @PathVariable String name,
      @PathVariable int version,
      Caller caller,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    ModelVersion found = lookup.version(name, version, caller);
    String tag = EntityTag.of(found, null);
    String named = EntityTag.named(request.getHeaders(HttpHeaders.IF_NONE_MATCH), tag);
    response.setHeader(HttpHeaders.ETAG, named == null ? tag : named);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    if (named != null) {
      response.setStatus(HttpStatus.NOT_MODIFIED.value());
      return;
    }
    try (Budget.Claim claim = inFlight.claim()) {
      ArtifactZip.File file;
      try (ComputeSlots.Slot _ = slots.acquire(request)) {
        file = new ArtifactZip.File(codec, found.draft(), found.head().origin());
      }
      claim.grow(file.heldBytes());
      write(file, name, version, response);
    }
  }

  private static void write(
      ArtifactZip.File file, String name, int version, HttpServletResponse response)
      throws IOException {
    response.setContentType(ZIP);
    response.setHeader(
        HttpHeaders.CONTENT_DISPOSITION,
        "attachment; filename=\"%s-%d.zip\"".formatted(name, version));
    if (file.length() >= 0) {
      response.setContentLengthLong(file.length());
    }
    file.writeTo(response.getOutputStream());
  }

  /// @param activate whether it becomes the current version
  /// @param description what its maker says of it
  /// @param tags separated by commas
  @Idempotent
  @Allowed(Role.TRAIN)
  @PostMapping(consumes = ZIP, produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<ModelCard> upload(
      @PathVariable String name,
      @RequestParam(defaultValue = "true") boolean activate,
      @RequestParam(required = false) @Nullable String description,
      @RequestParam(required = false) @Nullable String tags,
      Caller caller,
      HttpServletRequest request)
      throws IOException {
    if (!ModelName.isValid(name)) {
      throw ModelLookup.noModel(name);
    }
    caller.requireMayMake(name);
    Models.Made made = new Models.Made(name, caller.id(), Notes.ofQuery(description, tags));
    quotas.requireSomeRoom(caller);
    try (ComputeSlots.Slot _ = slots.acquire(request);
        ModelImport.Incoming incoming = imports.read(request.getInputStream());
        Models.Addition addition = incoming.write(made)) {
      IdempotentAnswer answer = IdempotentAnswer.of(request);
      return unit.perform(
          () -> {
            quotas.requireRoom(caller, incoming.room().bytes());
            ResponseEntity<ModelCard> created = created(addition.add(activate), activate);
            answer.remember(created);
            return created;
          });
    }
  }

  private static ResponseEntity<ModelCard> created(ModelVersion version, boolean activate) {
    return ResponseEntity.created(URI.create(ModelCard.Links.self(version.head())))
        .body(ModelCard.of(version.head(), version, activate));
  }
}
