package dev.backprop.service.monitoring;

import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.Paths;
import dev.backprop.service.model.ModelLookup;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Shows whether a version is asked the rows that it was trained for.
@RestController
@RequestMapping(Paths.MODEL)
record DriftController(ModelLookup models, Drifts drifts) {

  @Allowed(Role.PREDICT)
  @GetMapping("/versions/{version}/drift")
  DriftView get(
      @PathVariable String name,
      @PathVariable int version,
      @RequestParam(defaultValue = "false") boolean histograms,
      Caller caller) {
    return drifts.of(models.version(name, version, caller), histograms);
  }
}
