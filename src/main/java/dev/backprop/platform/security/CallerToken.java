package dev.backprop.platform.security;

import dev.backprop.platform.caller.Caller;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;

/// A caller as Spring Security carries it through a request.
final class CallerToken extends AbstractAuthenticationToken {

  private final transient Caller caller;

  CallerToken(Caller caller) {
    super(List.of(new SimpleGrantedAuthority("ROLE_" + caller.role().json())));
    this.caller = caller;
    setAuthenticated(true);
  }

  /// Who sends the request that the calling thread answers.
  static Caller caller() {
    if (SecurityContextHolder.getContext().getAuthentication() instanceof CallerToken token) {
      return token.caller;
    }
    throw new IllegalStateException("no request is being answered");
  }

  @Override
  public Caller getPrincipal() {
    return caller;
  }

  @Override
  public @Nullable Object getCredentials() {
    return null;
  }
}
