package dev.backprop.service.dashboard;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/// What browsers may do with the page: run and load its own files, call its own service, and make
/// no script of a text.
final class DashboardHeaders implements HandlerInterceptor {

  static final String POLICY = "Content-Security-Policy";
  static final String REFERRER = "Referrer-Policy";
  static final String NO_REFERRER = "no-referrer";

  static final String OF_PAGE =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self';"
          + " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    response.setHeader(POLICY, OF_PAGE);
    response.setHeader(REFERRER, NO_REFERRER);
    return true;
  }
}
