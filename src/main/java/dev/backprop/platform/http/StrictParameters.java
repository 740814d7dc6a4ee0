package dev.backprop.platform.http;

import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.NearestName;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ValueConstants;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Refuses query parameters that a controller's method does not declare, those given twice, and
/// those whose text is not what they must be: a misspelt option must not be ignored. Numbers and
/// truth values, also those of the path, are read as JSON writes them. Spring would also take
/// `0x10`, ` 5 `, `+5`, `yes` and `on`, and an empty text for what was left out.
final class StrictParameters implements HandlerInterceptor {

  private static final String CONTROLLERS = "dev.backprop.";

  /// As many as there are methods of controllers.
  private final Map<Method, Declared> declared = new ConcurrentHashMap<>();

  /// What a method declares.
  ///
  /// @param query its parameters by name
  /// @param path its variables that are no text, by name
  private record Declared(Map<String, Kind> query, Map<String, Kind> path) {}

  /// What the text of a parameter must be.
  private enum Kind {
    TEXT(".*", ""),
    /// One that may be given again and again.
    TEXTS(".*", ""),
    /// One that would count as left out if it were empty.
    TEXT_OR_DEFAULT(".+", "must not be empty"),
    WHOLE_NUMBER("-?(0|[1-9][0-9]*)", "must be a whole number"),
    TRUTH_VALUE("true|false", "must be true or false");

    @SuppressWarnings("ImmutableEnumChecker") // a Pattern is immutable, only not annotated so
    private final Pattern pattern;

    private final String rule;

    Kind(String pattern, String rule) {
      this.pattern = Pattern.compile(pattern, Pattern.DOTALL);
      this.rule = rule;
    }

    static Kind of(Class<?> type, boolean hasDefault) {
      if (type == boolean.class || type == Boolean.class) {
        return TRUTH_VALUE;
      }
      if (ClassUtils.isPrimitiveOrWrapper(type)) {
        return WHOLE_NUMBER;
      }
      return hasDefault ? TEXT_OR_DEFAULT : TEXT;
    }

    void check(String name, String text) {
      if (this != TEXT && this != TEXTS && !pattern.matcher(text).matches()) {
        throw new ProblemException(
            ProblemCode.INVALID_PARAMETER,
            "%s: %s, was '%s'".formatted(name, rule, Excerpt.of(text)));
      }
    }
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (handler instanceof HandlerMethod method
        && method.getBeanType().getName().startsWith(CONTROLLERS)) {
      Declared known =
          declared.computeIfAbsent(method.getMethod(), _ -> StrictParameters.declared(method));
      checkPath(request, known.path());
      if (request.getQueryString() != null && !method.hasMethodAnnotation(FreeParameters.class)) {
        checkQuery(request.getParameterMap(), known.query());
      }
    }
    return true;
  }

  private static void checkPath(HttpServletRequest request, Map<String, Kind> known) {
    if (!known.isEmpty()
        && request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
            instanceof Map<?, ?> given) {
      known.forEach(
          (name, kind) -> {
            if (given.get(name) instanceof String text) {
              kind.check(name, text);
            }
          });
    }
  }

  private static void checkQuery(Map<String, String[]> given, Map<String, Kind> known) {
    given.forEach(
        (name, values) -> {
          Kind kind = known.get(name);
          if (kind == null) {
            throw new ProblemException(
                ProblemCode.UNKNOWN_PARAMETER,
                "%s: is unknown%s".formatted(Excerpt.of(name), hint(name, known.keySet())));
          }
          if (values.length > 1 && kind != Kind.TEXTS) {
            throw new ProblemException(
                ProblemCode.REPEATED_PARAMETER,
                "%s: must be given once, was given %d times".formatted(name, values.length));
          }
          kind.check(name, values[0]);
        });
  }

  private static String hint(String name, Set<String> known) {
    @Nullable String nearest = NearestName.of(name, known);
    if (nearest != null) {
      return "; did you mean " + nearest + "?";
    }
    return known.isEmpty() ? ", there are none here" : ", there are " + String.join(", ", known);
  }

  /// The names of the query parameters that a method declares.
  static Set<String> queryOf(HandlerMethod method) {
    return declared(method).query().keySet();
  }

  private static Declared declared(HandlerMethod method) {
    Declared declared = new Declared(new TreeMap<>(), new TreeMap<>());
    for (MethodParameter parameter : method.getMethodParameters()) {
      String name = String.valueOf(parameter.getParameter().getName());
      Class<?> type = parameter.getParameterType();
      RequestParam query = parameter.getParameterAnnotation(RequestParam.class);
      if (query != null) {
        boolean hasDefault = !query.defaultValue().equals(ValueConstants.DEFAULT_NONE);
        declared
            .query()
            .put(
                StringUtils.hasText(query.name()) ? query.name() : name, Kind.of(type, hasDefault));
      }
      PathVariable path = parameter.getParameterAnnotation(PathVariable.class);
      if (path != null && Kind.of(type, false) != Kind.TEXT) {
        declared
            .path()
            .put(StringUtils.hasText(path.name()) ? path.name() : name, Kind.of(type, false));
      }
      if (QueryOptionsResolver.isOptions(type)) {
        for (RecordComponent component : type.getRecordComponents()) {
          declared
              .query()
              .put(
                  component.getName(),
                  QueryOptionsResolver.isRepeatable(component)
                      ? Kind.TEXTS
                      : Kind.of(component.getType(), false));
        }
      }
    }
    return declared;
  }
}
