package dev.backprop.prediction;

import dev.backprop.model.ModelLookup;
import dev.backprop.model.Models;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Predictions of the current version, or of the one that the path names.
@RestController
@RequestMapping("/api/v1/models/{name}")
class PredictionController {

  private final ModelLookup models;
  private final SinglePredictions single;
  private final ObservedRequests observed;

  PredictionController(Models models, SinglePredictions single, ObservedRequests observed) {
    this.models = new ModelLookup(models);
    this.single = single;
    this.observed = observed;
  }

  @GetMapping(path = "/predictions", produces = MediaType.APPLICATION_JSON_VALUE)
  void get(@PathVariable String name, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    observed.answer(
        () -> models.current(name), version -> single.answer(version, request, response));
  }

  @GetMapping(path = "/versions/{version}/predictions", produces = MediaType.APPLICATION_JSON_VALUE)
  void get(
      @PathVariable String name,
      @PathVariable int version,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    observed.answer(
        () -> models.version(name, version), found -> single.answer(found, request, response));
  }
}
