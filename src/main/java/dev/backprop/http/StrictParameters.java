package dev.backprop.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

  /// As many as there are methods of controllers.
  private final Map<Method, Set<String>> declared = new ConcurrentHashMap<>();

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

  private static void check(Map<String, String[]> given, Set<String> known) {
    given.forEach(
        (name, values) -> {
          if (!known.contains(name)) {
            throw new ProblemException(
                ProblemCode.UNKNOWN_PARAMETER,
                "%s: is unknown%s".formatted(name, hint(name, known)));
          }
          if (values.length > 1) {
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

  private static Set<String> names(HandlerMethod method) {
    Set<String> names = new TreeSet<>();
    for (MethodParameter parameter : method.getMethodParameters()) {
      RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
      if (annotation != null) {
        names.add(
            StringUtils.hasText(annotation.name())
                ? annotation.name()
                : parameter.getParameter().getName());
      }
      if (QueryOptionsResolver.isOptions(parameter.getParameterType())) {
        for (RecordComponent component : parameter.getParameterType().getRecordComponents()) {
          names.add(component.getName());
        }
      }
    }
    return names;
  }
}
