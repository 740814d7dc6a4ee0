package dev.backprop.platform.http;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses requests that pages of other origins make a browser send, and all new ones from the
/// moment in which the service begins to stop.
@Component
@Order(FilterOrder.GUARD)
final class GuardFilter extends OncePerRequestFilter
    implements ApplicationListener<ContextClosedEvent> {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
  private static final String HEALTH = "/actuator/health";
  private static final Pattern ORIGIN =
      Pattern.compile("(?i)(https?)://([^/:?#@]+|\\[[^/?#@]*])(?::([0-9]{1,5}))?");

  private final AllowedOrigins allowed;
  private volatile boolean stopping;

  GuardFilter(AllowedOrigins allowed) {
    this.allowed = allowed;
  }

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
    if (origin != null && !isOwn(origin, request) && !allowed.contain(origin)) {
      throw new ProblemException(
          ProblemCode.FOREIGN_ORIGIN, "pages of another origin may not send requests");
    }
    chain.doFilter(request, response);
  }

  /// Whether the page came from the host that the client sent the request to. Behind a proxy that
  /// ends TLS and does not say so, the scheme may differ.
  private static boolean isOwn(String origin, HttpServletRequest request) {
    Matcher parts = ORIGIN.matcher(origin);
    if (!parts.matches() || !parts.group(2).equalsIgnoreCase(request.getServerName())) {
      return false;
    }
    String port = parts.group(3) == null ? "" : parts.group(3);
    return port(parts.group(1), port)
        .equals(port(request.getScheme(), Integer.toString(request.getServerPort())));
  }

  /// Empty for the one that the scheme has if none is named.
  private static String port(String scheme, String port) {
    boolean isUsual = port.equals(scheme.equalsIgnoreCase("https") ? "443" : "80");
    return isUsual ? "" : port;
  }
}
