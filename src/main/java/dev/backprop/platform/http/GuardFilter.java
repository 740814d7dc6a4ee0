package dev.backprop.platform.http;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses requests that pages of other origins make a browser send, and all new ones from the
/// moment in which the service begins to stop.
@Component
@Order(HttpConfiguration.OUTERMOST + 1)
final class GuardFilter extends OncePerRequestFilter
    implements ApplicationListener<ContextClosedEvent> {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
  private static final String HEALTH = "/actuator/health";

  private volatile boolean stopping;

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    stopping = true;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (stopping && !PlainPath.of(request).startsWith(HEALTH)) {
      response.setHeader(HttpHeaders.CONNECTION, "close");
      throw new ProblemException(ProblemCode.SERVICE_STOPPING, "the service is stopping")
          .withRetryAfter(RETRY_AFTER);
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null && !isOwn(origin, request)) {
      throw new ProblemException(
          ProblemCode.FOREIGN_ORIGIN, "pages of another origin may not send requests");
    }
    chain.doFilter(request, response);
  }

  /// Whether the page came from the host that the request goes to. Behind a proxy that ends TLS,
  /// the scheme may differ.
  private static boolean isOwn(String origin, HttpServletRequest request) {
    @Nullable String authority;
    try {
      authority = URI.create(origin).getRawAuthority();
    } catch (IllegalArgumentException _) {
      return false;
    }
    return authority != null && authority.equalsIgnoreCase(request.getHeader(HttpHeaders.HOST));
  }
}
