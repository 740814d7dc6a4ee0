package dev.backprop.platform.security;

import dev.backprop.platform.keys.ApiKey;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.web.authentication.AuthenticationConverter;

/// Reads the one key or token that a request has: `Authorization: Bearer`, `X-API-Key`, or HTTP
/// Basic with a key's id and the key. Queries are never read, since logs have them.
final class Credentials implements AuthenticationConverter {

  static final String KEY_HEADER = "X-API-Key";

  private static final Pattern BEARER = Pattern.compile("(?i)Bearer ([A-Za-z0-9._~+/-]+=*)");
  private static final Pattern BASIC = Pattern.compile("(?i)Basic ([A-Za-z0-9+/]+=*)");

  @Override
  public @Nullable Authentication convert(HttpServletRequest request) {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    String key = request.getHeader(KEY_HEADER);
    if (authorization == null && key == null) {
      return null;
    }
    requireOne(request);
    if (authorization == null) {
      return key(String.valueOf(key), request);
    }
    Matcher bearer = BEARER.matcher(authorization);
    if (bearer.matches()) {
      String token = bearer.group(1);
      return ApiKey.isMeant(token)
          ? key(token, request)
          : new BearerTokenAuthenticationToken(token);
    }
    Matcher basic = BASIC.matcher(authorization);
    if (basic.matches()) {
      return key(password(basic.group(1)), request);
    }
    throw new BadCredentialsException(
        "Authorization must be Bearer with a key or a token, or Basic with a key's id and the key");
  }

  /// Whose key it is is not known yet, only whose it says to be.
  private static KeyToken key(String key, HttpServletRequest request) {
    String id = ApiKey.idOf(key);
    if (id != null) {
      AuditedRequest.keepCaller(request, id + '?');
    }
    return new KeyToken(key);
  }

  private static void requireOne(HttpServletRequest request) {
    List<String> given = new ArrayList<>();
    for (String header : List.of(HttpHeaders.AUTHORIZATION, KEY_HEADER)) {
      Collections.list(request.getHeaders(header)).forEach(_ -> given.add(header));
    }
    if (given.size() > 1) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER,
          "a request must have one key or token, this one has %d: %s"
              .formatted(given.size(), String.join(" and ", given)));
    }
  }

  /// The key, which stands where others have a password. Its id stands where they have a name.
  private static String password(String encoded) {
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadCredentialsException("Basic must be followed by Base64", e);
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      throw new BadCredentialsException("Basic must hold a key's id, a colon and the key");
    }
    String key = pair.substring(colon + 1);
    if (!key.startsWith(ApiKey.PREFIX + pair.substring(0, colon) + '_')) {
      throw new BadCredentialsException("the name of Basic must be the id of the key");
    }
    return key;
  }
}
