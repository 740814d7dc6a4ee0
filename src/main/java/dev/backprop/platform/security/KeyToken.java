package dev.backprop.platform.security;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/// A key as it was sent, of which nobody knows yet whether it is one.
final class KeyToken extends AbstractAuthenticationToken {

  private final transient String key;

  KeyToken(String key) {
    super(List.of());
    this.key = key;
  }

  @Override
  public String getPrincipal() {
    return "";
  }

  @Override
  public String getCredentials() {
    return key;
  }
}
