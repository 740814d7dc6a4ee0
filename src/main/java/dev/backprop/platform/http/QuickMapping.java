package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;

/// Finds the method of a controller as Spring does, only sooner. Spring asks every method of the
/// service, and of the actuator before, whether it would answer a path with variables, which takes
/// longer than a prediction. Here those are asked whose path has as many parts. Whatever is not
/// clear then is left to Spring, also to tell why nobody answers.
final class QuickMapping extends RequestMappingHandlerMapping {

  /// Before the actuator's.
  private static final int ORDER = -200;

  /// The methods by the number of parts of their paths, separators among them.
  private Map<Integer, List<Candidate>> bySize = Map.of();

  private record Candidate(RequestMappingInfo mapping, HandlerMethod method) {}

  @Override
  public int getOrder() {
    return ORDER;
  }

  @Override
  public void afterPropertiesSet() {
    super.afterPropertiesSet();
    Map<Integer, List<Candidate>> candidates = new HashMap<>();
    getHandlerMethods()
        .forEach(
            (mapping, method) ->
                patterns(mapping).stream()
                    .filter(pattern -> !pattern.getPatternString().contains("*"))
                    .map(pattern -> parts(pattern.getPatternString()))
                    .distinct()
                    .forEach(
                        parts ->
                            candidates
                                .computeIfAbsent(parts, _ -> new ArrayList<>())
                                .add(new Candidate(mapping, method))));
    bySize = Map.copyOf(candidates);
  }

  private static List<PathPattern> patterns(RequestMappingInfo mapping) {
    PathPatternsRequestCondition paths = mapping.getPathPatternsCondition();
    return paths == null ? List.of() : List.copyOf(paths.getPatterns());
  }

  private static int parts(String pattern) {
    return PathContainer.parsePath(pattern).elements().size();
  }

  @Override
  protected @Nullable HandlerMethod lookupHandlerMethod(String path, HttpServletRequest request)
      throws Exception {
    int parts =
        ServletRequestPathUtils.getParsedRequestPath(request)
            .pathWithinApplication()
            .elements()
            .size();
    Candidate only = null;
    RequestMappingInfo match = null;
    for (Candidate candidate : bySize.getOrDefault(parts, List.of())) {
      RequestMappingInfo found = match(candidate.mapping(), request);
      if (found != null) {
        if (only != null) {
          return super.lookupHandlerMethod(path, request);
        }
        only = candidate;
        match = found;
      }
    }
    if (only == null || match == null) {
      return super.lookupHandlerMethod(path, request);
    }
    request.setAttribute(BEST_MATCHING_HANDLER_ATTRIBUTE, only.method());
    handleMatch(match, path, request);
    return only.method();
  }

  /// Looks at what is cheap to see first.
  private @Nullable RequestMappingInfo match(
      RequestMappingInfo mapping, HttpServletRequest request) {
    PathPatternsRequestCondition paths = mapping.getPathPatternsCondition();
    return mapping.getMethodsCondition().getMatchingCondition(request) == null
            || paths == null
            || paths.getMatchingCondition(request) == null
        ? null
        : getMatchingMapping(mapping, request);
  }
}
