package dev.backprop.service.prediction;

import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.Paths;
import dev.backprop.service.model.ModelLookup;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// How answers of the current version, or of the one that the path names, depend on columns.
@RestController
@RequestMapping(Paths.MODEL)
record DependenceController(ModelLookup models, Dependences dependences) {

  private static final String VERSION = "/versions/{version}";

  @Allowed(Role.PREDICT)
  @PostMapping(
      path = {"/partial-dependence", VERSION + "/partial-dependence"},
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  DependenceAnswer partial(
      @PathVariable String name,
      @PathVariable(required = false) @Nullable Integer version,
      @RequestBody DependenceRequest asked,
      Caller caller,
      HttpServletRequest request) {
    return dependences.partial(models.version(name, version, caller), asked, caller, request);
  }

  @Allowed(Role.PREDICT)
  @PostMapping(
      path = {"/surface", VERSION + "/surface"},
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  DependenceAnswer surface(
      @PathVariable String name,
      @PathVariable(required = false) @Nullable Integer version,
      @RequestBody SurfaceRequest asked,
      Caller caller,
      HttpServletRequest request) {
    return dependences.surface(models.version(name, version, caller), asked, request);
  }
}
