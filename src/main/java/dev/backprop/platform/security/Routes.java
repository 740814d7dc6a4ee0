package dev.backprop.platform.security;

import dev.backprop.platform.caller.Role;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;

/// The operations of the API as their paths are written, with variables in braces.
@Component
final class Routes {

  private final List<PathPattern> patterns;

  Routes(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping methods) {
    this.patterns =
        methods.getHandlerMethods().keySet().stream()
            .map(mapping -> Objects.requireNonNull(mapping.getPathPatternsCondition()))
            .flatMap(condition -> condition.getPatterns().stream())
            .distinct()
            .sorted()
            .toList();
  }

  /// The path of the operation that the request is for, also if it never came there.
  String of(HttpServletRequest request) {
    if (request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)
        instanceof String found) {
      return found;
    }
    PathContainer path = ServletRequestPathUtils.parse(request).pathWithinApplication();
    return patterns.stream()
        .filter(pattern -> pattern.matches(path))
        .map(PathPattern::getPatternString)
        .findFirst()
        .orElse("-");
  }

  /// Whether a request that was answered well has changed something: it has come to an operation
  /// that more than the role predict is needed for, it was not only a trial, and it is not the
  /// repetition of another.
  boolean changed(HttpServletRequest request, HttpServletResponse response) {
    return request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE)
            instanceof HandlerMethod method
        && RoleInterceptor.needed(method) != Role.PREDICT
        && !"true".equals(request.getParameter("validateOnly"));
  }
}
