package dev.backprop.platform.keys;

import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.CallerLimits;
import dev.backprop.platform.caller.Role;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is kept of a key: all but its secrets.
///
/// @param age the change that made it, for the order of lists
/// @param name for people; null if it has none
/// @param modelPrefixes as [Caller] has them
/// @param createdBy the id of the key, or the subject of the token, with which it was made; null if
///   it was made without either
/// @param expiresAt null if it does not expire
/// @param revokedAt null if it is not
/// @param secrets by which it is known
/// @param lastUsedAt to within a minute or so; null if it never was
record KeptKey(
    String id,
    long age,
    @Nullable String name,
    Role role,
    List<String> modelPrefixes,
    CallerLimits limits,
    Instant createdAt,
    @Nullable String createdBy,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    Secrets secrets,
    @Nullable Instant lastUsedAt) {

  KeptKey {
    modelPrefixes = List.copyOf(modelPrefixes);
  }

  /// The hashes of the secrets that are valid at most.
  ///
  /// @param former the hash of the secret before; null if the key was not rotated
  /// @param formerUntil until when that one is valid beside the other
  record Secrets(String hash, @Nullable String former, @Nullable Instant formerUntil) {

    static Secrets of(ApiKey key) {
      return new Secrets(key.hash(), null, null);
    }

    /// After another secret: of those before only the last one is valid on.
    Secrets rotated(ApiKey key, Instant until) {
      return new Secrets(key.hash(), hash, until);
    }

    boolean isCurrent(String other) {
      return ApiKey.isSame(hash, other);
    }

    boolean isFormer(String other) {
      return former != null && ApiKey.isSame(former, other);
    }
  }

  Caller caller() {
    return new Caller(id, role, modelPrefixes, limits);
  }

  boolean isExpired(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }

  KeptKey revoked(Instant at) {
    return new KeptKey(
        id,
        age,
        name,
        role,
        modelPrefixes,
        limits,
        createdAt,
        createdBy,
        expiresAt,
        at,
        secrets,
        lastUsedAt);
  }

  KeptKey with(Secrets others) {
    return new KeptKey(
        id,
        age,
        name,
        role,
        modelPrefixes,
        limits,
        createdAt,
        createdBy,
        expiresAt,
        revokedAt,
        others,
        lastUsedAt);
  }

  KeptKey used(Instant at) {
    return new KeptKey(
        id,
        age,
        name,
        role,
        modelPrefixes,
        limits,
        createdAt,
        createdBy,
        expiresAt,
        revokedAt,
        secrets,
        at);
  }
}
