package dev.backprop.platform.security;

import dev.backprop.platform.http.Paths;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the audit log says of a request: by whom it is, and what its path is about.
final class AuditedRequest {

  private static final String KEY = AuditedRequest.class.getName();

  /// What the parts of the API are of. `key` is who calls.
  private static final Map<String, String> KINDS =
      Map.of("models", "model", "trainings", "training", "datasets", "dataset", "keys", "of");

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private AuditedRequest() {}

  /// Keeps who the caller is, or with what key it came.
  static void keepCaller(HttpServletRequest request, String key) {
    request.setAttribute(KEY, key);
  }

  static String caller(HttpServletRequest request) {
    return request.getAttribute(KEY) instanceof String key && !key.isEmpty() ? key : "-";
  }

  /// What a path of the API is about.
  ///
  /// @param path such as that of the version 3 of a model; null for none
  static Map<String, String> of(@Nullable String path) {
    int api = path == null ? -1 : path.indexOf(Paths.API + '/');
    if (path == null || api < 0) {
      return Map.of();
    }
    String[] parts = path.substring(api + Paths.API.length() + 1).split("/", -1);
    Map<String, String> ids = new LinkedHashMap<>();
    if (parts.length > 1 && KINDS.containsKey(parts[0]) && ID.matcher(parts[1]).matches()) {
      ids.put(KINDS.get(parts[0]), parts[1]);
    }
    if (parts.length > 3 && parts[2].equals("versions") && ID.matcher(parts[3]).matches()) {
      ids.put("version", parts[3]);
    }
    return ids;
  }
}
