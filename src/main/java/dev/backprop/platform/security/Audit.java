package dev.backprop.platform.security;

import dev.backprop.platform.http.Paths;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/// What the audit log is told beside what it sees of a request, see [AuditFilter].
public final class Audit {

  private static final int SCOPE = RequestAttributes.SCOPE_REQUEST;

  /// What the parts of the API are of. `key` is who calls.
  private static final Map<String, String> KINDS =
      Map.of("models", "model", "trainings", "training", "datasets", "dataset", "keys", "of");

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private static final String IDS = Audit.class.getName() + ".ids";
  private static final String HIDDEN = Audit.class.getName() + ".hidden";
  private static final String KEY = Audit.class.getName() + ".key";

  private Audit() {}

  /// Names a thing that the current request is about. Outside of requests nothing is noted.
  ///
  /// @param kind such as `model`
  /// @param id never a text of a client's own that was not checked
  public static void note(String kind, Object id) {
    RequestAttributes request = RequestContextHolder.getRequestAttributes();
    if (request != null) {
      Map<String, String> ids = new LinkedHashMap<>(ids(request.getAttribute(IDS, SCOPE)));
      ids.put(kind, id.toString());
      request.setAttribute(IDS, ids, SCOPE);
    }
  }

  /// Tells that the current request is answered as if a thing were not there, because the caller is
  /// not to see it.
  public static void isHidden() {
    RequestAttributes request = RequestContextHolder.getRequestAttributes();
    if (request != null) {
      request.setAttribute(HIDDEN, true, SCOPE);
    }
  }

  static Map<String, String> ids(HttpServletRequest request) {
    return ids(request.getAttribute(IDS));
  }

  @SuppressWarnings("unchecked") // nobody else sets it
  private static Map<String, String> ids(@Nullable Object attribute) {
    return attribute == null ? Map.of() : (Map<String, String>) attribute;
  }

  static boolean isHidden(HttpServletRequest request) {
    return request.getAttribute(HIDDEN) != null;
  }

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
