package dev.backprop.platform.http;

import org.springframework.core.Ordered;

/// In which order a request passes the filters, from the outside in.
public final class FilterOrder {

  /// Who is at the other end, and what proxies tell.
  static final int PROXY = Ordered.HIGHEST_PRECEDENCE;

  /// Sees every answer as the client gets it. Spring's measuring of requests comes before.
  public static final int AUDIT = PROXY + 100;

  static final int HEADERS = AUDIT + 1;
  static final int PROBLEMS = AUDIT + 2;
  static final int GUARD = AUDIT + 3;
  static final int ORIGINS = AUDIT + 4;

  /// Of Spring Security, as `spring.security.filter.order` says it.
  public static final int SECURITY = AUDIT + 5;

  static final int BODY = AUDIT + 6;
  static final int IDEMPOTENCY = AUDIT + 7;

  private FilterOrder() {}
}
