package dev.backprop.platform.http;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Tells whoever begins at the root what there is.
@RestController
final class RootController {

  private static final String ACTUATOR = "/actuator";

  @GetMapping(
      path = {"/", Paths.API},
      produces = MediaType.APPLICATION_JSON_VALUE)
  Root root() {
    return new Root(ServiceLinks.here());
  }

  record Root(ServiceLinks links) {}

  /// @param openapi the description of the API
  /// @param swagger its pages
  record ServiceLinks(
      String trainings,
      String datasets,
      String models,
      String openapi,
      String swagger,
      String health,
      String info,
      String metrics,
      String prometheus) {

    static ServiceLinks here() {
      return new ServiceLinks(
          Paths.link(Paths.TRAININGS),
          Paths.link(Paths.DATASETS),
          Paths.link(Paths.MODELS),
          Paths.link("/v3/api-docs"),
          Paths.link("/swagger-ui.html"),
          Paths.link(ACTUATOR + "/health"),
          Paths.link(ACTUATOR + "/info"),
          Paths.link(ACTUATOR + "/metrics"),
          Paths.link(ACTUATOR + "/prometheus"));
    }
  }
}
