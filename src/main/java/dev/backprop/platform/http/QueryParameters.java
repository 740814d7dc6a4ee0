package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parameters of a request whose only ones stand in its query, as the container has them. A
/// query without escapes, such as a row of numbers has, is split here: the container takes several
/// times as long.
public final class QueryParameters {

  private QueryParameters() {}

  /// @return by name, in the order in which they are first given
  public static Map<String, String[]> of(HttpServletRequest request) {
    Map<String, String[]> split = split(request.getQueryString());
    return split == null ? request.getParameterMap() : split;
  }

  /// @return null if the container must read it
  static @Nullable Map<String, String[]> split(@Nullable String query) {
    if (query == null) {
      return Map.of();
    }
    if (query.indexOf('%') >= 0 || query.indexOf('+') >= 0) {
      return null;
    }
    Map<String, String[]> parameters = new LinkedHashMap<>();
    int begin = 0;
    while (begin < query.length()) {
      int next = query.indexOf('&', begin);
      int end = next < 0 ? query.length() : next;
      if (end > begin) {
        int equals = query.indexOf('=', begin, end);
        int name = equals < 0 ? end : equals;
        if (name == begin || parameters.containsKey(query.substring(begin, name))) {
          return null;
        }
        parameters.put(
            query.substring(begin, name),
            new String[] {equals < 0 ? "" : query.substring(equals + 1, end)});
      }
      begin = end + 1;
    }
    return parameters;
  }
}
