package dev.backprop.platform.security;

import dev.backprop.platform.http.Paths;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/// What answers without a key.
final class OpenPaths {

  private static final String METRICS = "/actuator/prometheus";

  private static final RequestMatcher HEALTH =
      matcher(
          List.of("/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness"));

  private final RequestMatcher open;

  /// @param metrics whether metrics do
  OpenPaths(boolean metrics) {
    List<String> patterns =
        List.of(
            "/",
            Paths.API,
            "/v3/api-docs/**",
            "/v3/api-docs.yaml",
            "/swagger-ui.html",
            "/swagger-ui/**",
            "/page/**");
    this.open =
        new OrRequestMatcher(
            HEALTH,
            matcher(
                metrics
                    ? Stream.concat(patterns.stream(), Stream.of(METRICS)).toList()
                    : patterns));
  }

  private static RequestMatcher matcher(List<String> patterns) {
    return new OrRequestMatcher(
        patterns.stream()
            .flatMap(
                pattern ->
                    Stream.of(HttpMethod.GET, HttpMethod.HEAD)
                        .map(
                            method ->
                                PathPatternRequestMatcher.withDefaults().matcher(method, pattern)))
            .toArray(RequestMatcher[]::new));
  }

  /// Whether a platform asks whether the service lives.
  static boolean isHealth(HttpServletRequest request) {
    return request.getRequestURI().contains("/actuator/health") && HEALTH.matches(request);
  }

  /// Whether the path is surely one below the root of the API, as it stands. The firewall lets no
  /// path through that leads elsewhere than it says.
  static boolean isOfApi(HttpServletRequest request) {
    return request.getRequestURI().startsWith(request.getContextPath() + Paths.API + '/');
  }

  boolean contain(HttpServletRequest request) {
    return open.matches(request);
  }
}
