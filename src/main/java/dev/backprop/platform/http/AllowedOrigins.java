package dev.backprop.platform.http;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The origins whose pages may send requests, beside those that the service itself has answered.
///
/// @param origins such as `https://app.example.com`, in lower case
record AllowedOrigins(List<String> origins) {

  private static final Pattern ORIGIN = Pattern.compile("https?://[^/:?#@*\\s]+(:[0-9]{1,5})?");

  AllowedOrigins {
    origins = origins.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).toList();
  }

  /// @throws IllegalArgumentException if one is no origin; all of them cannot be allowed at once
  static void check(List<String> origins) {
    for (String origin : origins) {
      if (!ORIGIN.matcher(origin).matches()) {
        throw new IllegalArgumentException(
            "backprop.http.allowed-origins: must be origins such as https://app.example.com,"
                + " separated by commas, had '%s'".formatted(origin));
      }
    }
  }

  boolean contain(String origin) {
    return origins.contains(origin.toLowerCase(Locale.ROOT));
  }
}
