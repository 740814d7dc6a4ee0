package dev.backprop.platform.keys;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.Paths;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A key as the API shows it, without its secret.
///
/// @param name null if it has none
/// @param requestsPerSecond as [CallerLimits] has it, as the two below
/// @param createdBy the id of the key, or the subject of the token, with which it was made; null if
///   it was made without either
/// @param previousValidUntil until when the secret before is valid; null if there was none
record KeyView(
    String id,
    @Nullable String name,
    Role role,
    List<String> modelPrefixes,
    @Nullable Integer requestsPerSecond,
    @Nullable Integer concurrentTrainings,
    @Nullable Long storedBytes,
    Instant createdAt,
    @Nullable String createdBy,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt,
    @Nullable Instant previousValidUntil,
    Links links) {

  record Links(String self) {}

  static KeyView of(KeptKey key) {
    return new KeyView(
        key.id(),
        key.name(),
        key.role(),
        key.modelPrefixes(),
        key.limits().requestsPerSecond(),
        key.limits().concurrentTrainings(),
        key.limits().storedBytes(),
        key.createdAt(),
        key.createdBy(),
        key.expiresAt(),
        key.lastUsedAt(),
        key.revokedAt(),
        key.secrets().formerUntil(),
        new Links(Paths.link(Paths.key(key.id()))));
  }

  /// A key with its secret, which is shown this once.
  ///
  /// @param key the whole text
  record WithSecret(@JsonUnwrapped KeyView resource, String key) {

    static WithSecret of(Keys.Made made) {
      return new WithSecret(KeyView.of(made.key()), made.text().text());
    }

    /// A record would tell its secret to whoever prints it.
    @Override
    public String toString() {
      return resource.toString();
    }
  }
}
