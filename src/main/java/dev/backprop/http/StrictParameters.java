package dev.backprop.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// Refuses query parameters that a controller's method does not declare, and those given twice: a
/// misspelt option must not be ignored.
final class StrictParameters implements HandlerInterceptor {

  private static final String CONTROLLERS = "dev.backprop.";

  /// As many as there are methods of controllers; of each parameter whether it may be repeated.
  private final Map<Method, SortedMap<String, Boolean>> declared = new ConcurrentHashMap<>();

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (request.getQueryString() != null
        && handler instanceof HandlerMethod method
        && method.getBeanType().getName().startsWith(CONTROLLERS)
        && !method.hasMethodAnnotation(FreeParameters.class)) {
      check(
          request.getParameterMap(),
          declared.computeIfAbsent(method.getMethod(), _ -> names(method)));
    }
    return true;
  }

  private static void check(Map<String, String[]> given, SortedMap<String, Boolean> known) {
    given.forEach(
        (name, values) -> {
          if (!known.containsKey(name)) {
            throw new ProblemException(
                ProblemCode.UNKNOWN_PARAMETER,
                "%s: is unknown%s".formatted(name, hint(name, known.keySet())));
          }
          if (values.length > 1 && !known.get(name)) {
            throw new ProblemException(
                ProblemCode.REPEATED_PARAMETER,
                "%s: must be given once, was given %d times".formatted(name, values.length));
          }
        });
  }

  private static String hint(String name, Set<String> known) {
    @Nullable String nearest = NearestName.of(name, known);
    if (nearest != null) {
      return "; did you mean " + nearest + "?";
    }
    return known.isEmpty() ? ", there are none here" : ", there are " + String.join(", ", known);
  }

  private static SortedMap<String, Boolean> names(HandlerMethod method) {
    SortedMap<String, Boolean> names = new TreeMap<>();
    for (MethodParameter parameter : method.getMethodParameters()) {
      RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
      if (annotation != null) {
        names.put(
            StringUtils.hasText(annotation.name())
                ? annotation.name()
                : parameter.getParameter().getName(),
            false);
      }
      if (QueryOptionsResolver.isOptions(parameter.getParameterType())) {
        for (RecordComponent component : parameter.getParameterType().getRecordComponents()) {
          names.put(component.getName(), QueryOptionsResolver.isRepeatable(component));
        }
      }
    }
    return names;
  }
}
