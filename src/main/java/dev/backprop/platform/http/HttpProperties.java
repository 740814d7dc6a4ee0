package dev.backprop.platform.http;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
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
/// @param allowedHosts to which requests without a key may be sent, beside localhost, addresses and
///   names without a dot
/// @param allowedOrigins whose pages may send requests, such as `https://app.example.com`
/// @param trustedProxies addresses and blocks of addresses of proxies whose headers are believed,
///   nobody's if there are none; the machine itself and private networks unless given
@Validated
@ConfigurationProperties("backprop.http")
record HttpProperties(
    @Valid @DefaultValue MaxBody maxBody,
    @Min(1) @Nullable DataSize inFlightBytes,
    @Valid @DefaultValue Idempotency idempotency,
    @DefaultValue List<String> allowedHosts,
    @DefaultValue List<String> allowedOrigins,
    @DefaultValue({
          "127.0.0.0/8",
          "::1",
          "10.0.0.0/8",
          "172.16.0.0/12",
          "192.168.0.0/16",
          "169.254.0.0/16",
          "fc00::/7",
          "fe80::/10"
        })
        List<String> trustedProxies) {

  /// @throws IllegalArgumentException if a trusted proxy is no address and no block of addresses,
  ///   or an allowed host or origin is none
  HttpProperties {
    trustedProxies = trustedProxies.stream().map(String::strip).toList();
    allowedHosts = allowedHosts.stream().map(String::strip).toList();
    allowedOrigins = allowedOrigins.stream().map(String::strip).toList();
    blocks(trustedProxies);
    AllowedHosts.check(allowedHosts);
    AllowedOrigins.check(allowedOrigins);
  }

  List<AddressBlock> trustedBlocks() {
    return blocks(trustedProxies);
  }

  private static List<AddressBlock> blocks(List<String> texts) {
    try {
      return texts.stream().map(AddressBlock::of).toList();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("backprop.http.trusted-proxies: " + e.getMessage());
    }
  }

  /// @param json of JSON requests
  /// @param upload of data sets in any form, and of CSV, NDJSON and Parquet
  record MaxBody(
      @Min(1) @DefaultValue("256MB") DataSize json, @Min(1) @DefaultValue("1GB") DataSize upload) {}

  /// @param kept after that a key is free again
  /// @param maxKeys of a caller; beyond that its oldest are forgotten before, and beyond ten times
  ///   as many of all callers the oldest of all
  record Idempotency(
      @DurationMin(nanos = 1) @DefaultValue("24h") Duration kept,
      @Min(1) @DefaultValue("10000") int maxKeys) {}
}
