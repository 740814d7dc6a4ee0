package dev.backprop.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses requests that a browser sends from a page of another origin: nobody is authenticated
/// here, so any page that someone on this machine opens could otherwise train, read and delete.
final class OriginFilter extends OncePerRequestFilter {

  private final ProblemWriter problems;

  OriginFilter(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null || isOwn(origin, request.getHeader(HttpHeaders.HOST))) {
      chain.doFilter(request, response);
    } else {
      problems.write(
          new ProblemException(
              ProblemCode.FOREIGN_ORIGIN,
              "requests from pages of another origin are refused, the Origin was " + origin),
          request,
          response);
    }
  }

  /// The scheme does not count: behind a proxy that ends TLS it differs.
  private static boolean isOwn(String origin, @Nullable String host) {
    try {
      URI uri = URI.create(origin);
      return host != null
          && uri.getAuthority() != null
          && authority(uri.getAuthority()).equals(authority(host));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static String authority(String text) {
    return text.toLowerCase(Locale.ROOT).replaceFirst(":(80|443)$", "");
  }
}
