package dev.backprop.platform.security;

import dev.backprop.platform.caller.Role;
import dev.backprop.platform.caller.SecurityProperties;
import dev.backprop.platform.keys.Keys;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What requests without a key may do.
final class AnonymousRole {

  private final SecurityProperties.@Nullable Anonymous said;
  private final boolean hasIssuer;
  private final Keys keys;

  /// @param said by the operator; null to protect the service until there is a key or an issuer
  /// @param hasIssuer whether the service knows an issuer of tokens
  AnonymousRole(SecurityProperties.@Nullable Anonymous said, boolean hasIssuer, Keys keys) {
    this.said = said;
    this.hasIssuer = hasIssuer;
    this.keys = keys;
  }

  /// Whether nobody has said yet who may call. Then requests of this very machine may everything,
  /// and others nothing.
  boolean isProtected() {
    return said == null && !hasIssuer && !keys.wereMade();
  }

  /// Empty if they may do nothing. Of no meaning in protected mode.
  Optional<Role> given() {
    return said == null ? Optional.empty() : said.role();
  }
}
