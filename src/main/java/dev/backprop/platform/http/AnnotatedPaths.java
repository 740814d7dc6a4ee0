package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Objects;
import org.springframework.http.server.PathContainer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;

/// The paths of the methods that have an annotation, for filters, which come before Spring finds
/// the method. They match a request as Spring matches it: decoded, and without parameters of
/// segments.
final class AnnotatedPaths {

  private final List<PathPattern> patterns;

  AnnotatedPaths(RequestMappingHandlerMapping methods, Class<? extends Annotation> annotation) {
    this.patterns =
        methods.getHandlerMethods().entrySet().stream()
            .filter(entry -> entry.getValue().hasMethodAnnotation(annotation))
            .map(entry -> Objects.requireNonNull(entry.getKey().getPathPatternsCondition()))
            .flatMap(condition -> condition.getPatterns().stream())
            .toList();
  }

  boolean match(HttpServletRequest request) {
    PathContainer path = ServletRequestPathUtils.parse(request).pathWithinApplication();
    return patterns.stream().anyMatch(pattern -> pattern.matches(path));
  }
}
