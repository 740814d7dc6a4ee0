package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where everything of the service is.
///
/// @param role of whoever asks: predict, train or admin; null if that takes a key
record Root(Links links, @Nullable String role) {

  private static final String ACTUATOR = "/actuator";

  private static final List<String> ROLES = List.of("predict", "train", "admin");

  static Root here(HttpServletRequest asked) {
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
            Paths.link(ACTUATOR + "/prometheus")),
        ROLES.stream().filter(asked::isUserInRole).findFirst().orElse(null));
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
