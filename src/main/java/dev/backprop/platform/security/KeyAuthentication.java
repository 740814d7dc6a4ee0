package dev.backprop.platform.security;

import dev.backprop.platform.keys.Keys;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;

/// Knows callers by their keys.
record KeyAuthentication(Keys keys) implements AuthenticationProvider {

  @Override
  public Authentication authenticate(Authentication authentication) {
    return new CallerToken(keys.authenticate(((KeyToken) authentication).getCredentials()));
  }

  @Override
  public boolean supports(Class<?> authentication) {
    return authentication == KeyToken.class;
  }
}
