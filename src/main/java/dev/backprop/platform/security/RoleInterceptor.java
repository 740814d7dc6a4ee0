package dev.backprop.platform.security;

import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Role;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// Refuses operations that the caller's role does not allow, see [Allowed].
final class RoleInterceptor implements HandlerInterceptor {

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    Role needed = needed(handler);
    Role role = CallerToken.caller().role();
    if (!role.covers(needed)) {
      throw Refusals.role(needed, role);
    }
    return true;
  }

  /// Which role a method of a controller needs.
  static Role needed(Object handler) {
    Allowed allowed =
        handler instanceof HandlerMethod method ? method.getMethodAnnotation(Allowed.class) : null;
    return allowed == null ? Role.ADMIN : allowed.value();
  }
}
