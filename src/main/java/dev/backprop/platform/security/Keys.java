package dev.backprop.platform.security;

import org.springframework.security.authentication.BadCredentialsException;

/// The keys of the API: who holds one, and what it allows.
class Keys {

  /// @param key as it was sent
  /// @throws BadCredentialsException with a detail for the client, if it is no key, or no longer
  Caller authenticate(String key) {
    throw new BadCredentialsException("there is no such key");
  }

  /// Whether a key was ever made. From then on requests without one are not trusted for coming from
  /// this machine.
  boolean wereMade() {
    return false;
  }
}
