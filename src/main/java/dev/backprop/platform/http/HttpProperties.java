package dev.backprop.platform.http;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// What requests may take.
///
/// @param maxBody how long a body may be, decoded
/// @param inFlightBytes what rows of predictions and evaluations that are being answered, and
///   answers on their way, may take together; 10 % of the heap unless given
/// @param idempotency how long the answers to requests with an `Idempotency-Key` are remembered
@Validated
@ConfigurationProperties("backprop.http")
record HttpProperties(
    @Valid @DefaultValue MaxBody maxBody,
    @Min(1) @Nullable DataSize inFlightBytes,
    @Valid @DefaultValue Idempotency idempotency) {

  /// @param json of JSON requests
  /// @param upload of data sets in any form, and of CSV and NDJSON
  record MaxBody(
      @Min(1) @DefaultValue("256MB") DataSize json, @Min(1) @DefaultValue("1GB") DataSize upload) {}

  /// @param kept after that a key is free again
  /// @param maxKeys beyond that the oldest are forgotten before
  record Idempotency(
      @DurationMin(nanos = 1) @DefaultValue("24h") Duration kept,
      @Min(1) @DefaultValue("10000") int maxKeys) {}
}
