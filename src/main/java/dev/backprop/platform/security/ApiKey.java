package dev.backprop.platform.security;

/// The text of a key: `bp_<id>_<secret><check>`.
final class ApiKey {

  static final String PREFIX = "bp_";

  private ApiKey() {}

  /// Whether a text of a header is meant as a key. It may be none all the same.
  static boolean isMeant(String text) {
    return text.startsWith(PREFIX);
  }
}
