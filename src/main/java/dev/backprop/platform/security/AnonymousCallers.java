package dev.backprop.platform.security;

import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.AllowedHosts;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.http.Peer;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.filter.OncePerRequestFilter;

/// Says who a request without a key is. A page of another site can make a browser send such a
/// request to a host of the page's own name that has this machine's address: so the name counts.
final class AnonymousCallers extends OncePerRequestFilter {

  private static final Set<String> PROXIES = Set.of("via", "x-real-ip");
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

  private final AnonymousRole role;
  private final AllowedHosts hosts;

  AnonymousCallers(AnonymousRole role, AllowedHosts hosts) {
    this.role = role;
    this.hosts = hosts;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (SecurityContextHolder.getContext().getAuthentication() == null) {
      caller(request)
          .map(CallerToken::new)
          .ifPresent(token -> SecurityContextHolder.setContext(new SecurityContextImpl(token)));
    }
    chain.doFilter(request, response);
  }

  /// Platforms may ask from anywhere whether the service lives.
  private Optional<Caller> caller(HttpServletRequest request) {
    try {
      return role(request).map(Caller::withoutKey);
    } catch (ProblemException e) {
      if (OpenPaths.isHealth(request)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// @throws ProblemException 403 if the request must not be answered at all
  private Optional<Role> role(HttpServletRequest request) {
    if (role.isProtected()) {
      requireLocal(request);
      return Optional.of(Role.ADMIN);
    }
    if (!hosts.allow(request)) {
      throw new ProblemException(
          ProblemCode.FOREIGN_HOST,
          ("a request without a key needs a Host that is localhost, an IP address, a name without a"
                  + " dot, or in backprop.http.allowed-hosts, this one's was '%s'")
              .formatted(Excerpt.of(String.valueOf(request.getHeader(HttpHeaders.HOST)))));
    }
    return role.given();
  }

  private static void requireLocal(HttpServletRequest request) {
    Peer peer = Peer.of(request);
    if (!peer.isLoopback()
        || peer.forwarded()
        || isProxied(request)
        || request.getHeader(HttpHeaders.HOST) == null
        || request.getProtocol().equals("HTTP/1.0")
        || !LOCAL.contains(AllowedHosts.name(request))) {
      throw new ProblemException(
          ProblemCode.PROTECTED_MODE,
          "nobody has said yet who may call, so that only requests of this machine itself are"
              + " answered, which no proxy has forwarded. Make a key here, by POST "
              + Paths.KEYS
              + " or the command keys create; or configure an issuer of tokens by"
              + " spring.security.oauth2.resourceserver.jwt.issuer-uri; or let requests without a"
              + " key in by backprop.security.anonymous");
    }
  }

  /// Whether there are headers of proxies that nobody here believes or removes.
  private static boolean isProxied(HttpServletRequest request) {
    return Collections.list(request.getHeaderNames()).stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .anyMatch(name -> name.startsWith("x-forwarded-") || PROXIES.contains(name));
  }
}
