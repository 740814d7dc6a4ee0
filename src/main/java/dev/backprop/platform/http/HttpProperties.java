package dev.backprop.platform.http;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/// What requests may take.
///
/// @param maxBody how long a body may be, decoded
/// @param inFlightBytes what the rows of all prediction and evaluation requests that are being
///   answered, and the answers that are on their way, may take together; 10 % of the heap unless
///   given
@ConfigurationProperties("backprop.http")
record HttpProperties(@DefaultValue MaxBody maxBody, @Nullable DataSize inFlightBytes) {

  HttpProperties {
    Assert.isTrue(
        inFlightBytes == null || inFlightBytes.toBytes() >= 1,
        () -> "backprop.http.in-flight-bytes must be at least 1 byte, was " + inFlightBytes);
  }

  /// @param json of JSON requests, at least 1 byte
  /// @param upload of data sets in any form, and of CSV and NDJSON, at least 1 byte
  record MaxBody(@DefaultValue("256MB") DataSize json, @DefaultValue("1GB") DataSize upload) {

    MaxBody {
      Assert.isTrue(json.toBytes() >= 1, () -> atLeastOne("json", json));
      Assert.isTrue(upload.toBytes() >= 1, () -> atLeastOne("upload", upload));
    }

    private static String atLeastOne(String property, DataSize value) {
      return "backprop.http.max-body.%s must be at least 1 byte, was %s".formatted(property, value);
    }
  }
}
