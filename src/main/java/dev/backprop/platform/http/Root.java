package dev.backprop.platform.http;

/// Where everything of the service is.
record Root(Links links) {

  private static final String ACTUATOR = "/actuator";

  static Root here() {
    return new Root(
        new Links(
            Paths.link(Paths.TRAININGS),
            Paths.link(Paths.DATASETS),
            Paths.link(Paths.MODELS),
            Paths.link(Paths.KEYS),
            Paths.link("/v3/api-docs"),
            Paths.link("/swagger-ui.html"),
            Paths.link(ACTUATOR + "/health"),
            Paths.link(ACTUATOR + "/info"),
            Paths.link(ACTUATOR + "/metrics"),
            Paths.link(ACTUATOR + "/prometheus")));
  }

  /// @param openapi the description of the API
  /// @param swagger its pages
  record Links(
      String trainings,
      String datasets,
      String models,
      String keys,
      String openapi,
      String swagger,
      String health,
      String info,
      String metrics,
      String prometheus) {}
}
