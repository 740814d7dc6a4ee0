package dev.backprop.platform.http;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/// How long the answers to requests with an `Idempotency-Key` are remembered.
///
/// @param kept after that a key is free again
/// @param maxKeys beyond that the oldest are forgotten before
@ConfigurationProperties("backprop.http.idempotency")
public record IdempotencyProperties(
    @DefaultValue("24h") Duration kept, @DefaultValue("10000") int maxKeys) {

  public IdempotencyProperties {
    Assert.isTrue(
        kept.isPositive(),
        () -> "backprop.http.idempotency.kept must be longer than 0, was " + kept);
    Assert.isTrue(
        maxKeys >= 1,
        () -> "backprop.http.idempotency.max-keys must be at least 1, was " + maxKeys);
  }
}
