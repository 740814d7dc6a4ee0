package dev.backprop.platform.security;

import dev.backprop.platform.caller.Role;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Objects;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;

/// What Spring Security refuses, as problems.
final class Refusals {

  private static final Duration ISSUER = Duration.ofSeconds(5);

  private Refusals() {}

  /// Of a key or a token that is none.
  static ProblemException unknown(HttpServletResponse response, AuthenticationException fault) {
    if (fault instanceof AuthenticationServiceException) {
      return new ProblemException(
              ProblemCode.ISSUER_UNAVAILABLE,
              "the issuer of the token cannot be asked for its keys")
          .withRetryAfter(ISSUER);
    }
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
    return new ProblemException(
        ProblemCode.UNAUTHORIZED, Objects.requireNonNull(fault.getMessage()));
  }

  /// Of a request that has neither a key nor a token.
  static ProblemException absent(HttpServletResponse response) {
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    return new ProblemException(
        ProblemCode.UNAUTHORIZED,
        "a key or a token is needed, as Authorization: Bearer, or a key as X-API-Key");
  }

  /// Of a role that does not allow an operation.
  static ProblemException role(Role needed, Role had) {
    return new ProblemException(
        ProblemCode.FORBIDDEN,
        "this needs the role %s, the caller has %s".formatted(needed.json(), had.json()));
  }

  /// Of a path or a header that Spring Security's firewall does not let through.
  static ProblemException malformed() {
    return new ProblemException(
        ProblemCode.BAD_REQUEST, "the path or a header has characters that are not taken");
  }
}
