package dev.backprop.platform.caller;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/// What the audit log is told beside what it sees of a request.
public final class Audit {

  private static final int SCOPE = RequestAttributes.SCOPE_REQUEST;

  private static final String IDS = Audit.class.getName() + ".ids";
  private static final String HIDDEN = Audit.class.getName() + ".hidden";

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

  /// What was noted of a request.
  public static Map<String, String> ids(HttpServletRequest request) {
    return ids(request.getAttribute(IDS));
  }

  @SuppressWarnings("unchecked") // nobody else sets it
  private static Map<String, String> ids(@Nullable Object attribute) {
    return attribute == null ? Map.of() : (Map<String, String>) attribute;
  }

  /// Whether [#isHidden] was told of a request.
  public static boolean isHidden(HttpServletRequest request) {
    return request.getAttribute(HIDDEN) != null;
  }
}
