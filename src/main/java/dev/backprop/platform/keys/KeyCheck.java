package dev.backprop.platform.keys;

import dev.backprop.platform.caller.Caller;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.BadCredentialsException;

/// Whether a text is a key that is valid now. What is known here is enough for yes. Before a no,
/// the store is asked: another process may have made the key, or given it another secret, just now.
record KeyCheck(KnownKeys known, InstantSource clock) {

  /// As [Keys#authenticate].
  Caller authenticate(String key) {
    ApiKey given;
    try {
      given = ApiKey.of(key);
    } catch (IllegalArgumentException e) {
      throw new BadCredentialsException(String.valueOf(e.getMessage()), e);
    }
    String hash = given.hash();
    KnownKeys.Entry entry = known.find(given.id());
    if (entry == null || !entry.key().secrets().isCurrent(hash)) {
      entry = former(entry, hash).orElseGet(() -> asked(given, hash));
    }
    Instant now = clock.instant();
    requireValid(entry.key(), now);
    entry.use(now);
    return entry.caller();
  }

  /// The entry if the hash is that of its former secret, which is valid.
  private Optional<KnownKeys.Entry> former(KnownKeys.@Nullable Entry entry, String hash) {
    return Optional.ofNullable(entry)
        .filter(
            found ->
                found.key().secrets().isFormer(hash)
                    && clock.instant().isBefore(formerUntil(found.key())));
  }

  private static Instant formerUntil(KeptKey key) {
    return Objects.requireNonNull(key.secrets().formerUntil());
  }

  /// The entry after the store was asked.
  private KnownKeys.Entry asked(ApiKey given, String hash) {
    known.takeOverFromNow();
    KnownKeys.Entry entry = known.find(given.id());
    if (entry == null) {
      throw new BadCredentialsException("there is no key with the id " + given.id());
    }
    if (entry.key().secrets().isCurrent(hash)) {
      return entry;
    }
    return former(entry, hash)
        .orElseThrow(
            () ->
                new BadCredentialsException(
                    entry.key().secrets().isFormer(hash)
                        ? "the key %s was rotated, this secret was valid until %s"
                            .formatted(given.id(), formerUntil(entry.key()))
                        : "the key %s has another secret".formatted(given.id())));
  }

  private static void requireValid(KeptKey key, Instant now) {
    if (key.revokedAt() != null) {
      throw new BadCredentialsException(
          "the key %s was revoked at %s".formatted(key.id(), key.revokedAt()));
    }
    if (key.isExpired(now)) {
      throw new BadCredentialsException(
          "the key %s has expired at %s".formatted(key.id(), key.expiresAt()));
    }
  }
}
