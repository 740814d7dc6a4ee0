package dev.backprop.platform.security;

import dev.backprop.platform.keys.ApiKey;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;

/// Knows callers by tokens (JWT) of an issuer, if there is one.
final class TokenAuthentication implements AuthenticationProvider {

  private static final String DECODING = "An error occurred while attempting to decode the Jwt: ";

  private final @Nullable JwtAuthenticationProvider tokens;

  /// @param tokens null if there is no issuer
  TokenAuthentication(@Nullable JwtAuthenticationProvider tokens) {
    this.tokens = tokens;
  }

  /// Whether tokens of an issuer are taken.
  boolean hasIssuer() {
    return tokens != null;
  }

  @Override
  public boolean supports(Class<?> authentication) {
    return authentication == BearerTokenAuthenticationToken.class;
  }

  /// @throws BadCredentialsException with a detail for the client, if it is no token of the issuer,
  ///   or no longer valid
  /// @throws AuthenticationServiceException if the issuer cannot be asked for its keys
  @Override
  public Authentication authenticate(Authentication authentication) {
    if (tokens == null) {
      throw new BadCredentialsException(
          "the service knows no issuer of tokens; a key begins with " + ApiKey.PREFIX);
    }
    try {
      return tokens.authenticate(authentication);
    } catch (JwtDecoderInitializationException e) {
      throw new AuthenticationServiceException("the issuer does not answer", e);
    } catch (InvalidBearerTokenException e) {
      throw new BadCredentialsException("the token is not taken: " + why(e), e);
    }
  }

  private static String why(InvalidBearerTokenException e) {
    if (e.getCause() instanceof JwtValidationException invalid) {
      return invalid.getErrors().stream()
          .map(error -> Optional.ofNullable(error.getDescription()).orElse(error.getErrorCode()))
          .distinct()
          .collect(Collectors.joining("; "));
    }
    String message = String.valueOf(e.getMessage());
    return message.startsWith(DECODING) ? message.substring(DECODING.length()) : message;
  }
}
