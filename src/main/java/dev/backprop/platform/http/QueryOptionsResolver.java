package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/// Makes records of [QueryOptions] from the query, and from nothing else of the request.
final class QueryOptionsResolver implements HandlerMethodArgumentResolver {

  /// What requests without a query say, as most are: as many as there are types of options.
  private final Map<Class<?>, Object> nothing = new ConcurrentHashMap<>();

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return isOptions(parameter.getParameterType());
  }

  static boolean isOptions(Class<?> type) {
    return type.isRecord() && type.isAnnotationPresent(QueryOptions.class);
  }

  /// Whether the parameter may be given more than once.
  static boolean isRepeatable(RecordComponent component) {
    return component.getType() == List.class;
  }

  @Override
  public @Nullable Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders) {
    Class<?> type = parameter.getParameterType();
    HttpServletRequest query =
        Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class));
    return query.getQueryString() == null
        ? nothing.computeIfAbsent(type, _ -> options(type, query))
        : options(type, query);
  }

  private static Object options(Class<?> type, HttpServletRequest query) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    @Nullable Object[] values =
        Arrays.stream(components).map(component -> value(component, query)).toArray();
    try {
      return BeanUtils.instantiateClass(type.getDeclaredConstructor(types), values);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record without its constructor", e);
    }
  }

  private static @Nullable Object value(RecordComponent component, HttpServletRequest query) {
    String[] values = query.getParameterValues(component.getName());
    if (isRepeatable(component)) {
      return values == null ? List.of() : List.of(values);
    }
    return values == null ? null : values[0];
  }
}
