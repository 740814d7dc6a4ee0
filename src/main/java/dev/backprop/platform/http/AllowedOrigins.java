package dev.backprop.platform.http;

import java.util.List;

/// The origins whose pages may send requests beside those of the service's own.
///
/// @param origins such as `https://app.example.com`, without a path
public record AllowedOrigins(List<String> origins) {

  public AllowedOrigins {
    origins = List.copyOf(origins);
  }

  boolean contain(String origin) {
    return origins.stream().anyMatch(origin::equalsIgnoreCase);
  }
}
