package dev.backprop.platform.security;

/// The text of a key: `bp_<id>_<secret><check>`.
final class ApiKey {

  static final String PREFIX = "bp_";

  private ApiKey() {}

  /// @return null if the text is no key
  static @org.jspecify.annotations.Nullable String idOf(String key) {
    return key.matches("bp_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}") ? key.substring(3, 11) : null;
  }

  /// Whether a text of a header is meant as a key. It may be none all the same.
  static boolean isMeant(String text) {
    return text.startsWith(PREFIX);
  }
}
