package dev.backprop.platform.keys;

/// The service cannot start with the admin key that it was given.
final class AdminKeyException extends RuntimeException {

  /// Another key of that id is kept.
  AdminKeyException(String id) {
    super(
        "backprop.security.admin-key has the id %s, and that key never had this secret."
            .formatted(id));
  }

  private AdminKeyException(IllegalArgumentException e) {
    super("backprop.security.admin-key is no key: %s.".formatted(e.getMessage()), e);
  }

  /// @throws AdminKeyException if the text is no key
  static ApiKey checked(String text) {
    try {
      return ApiKey.of(text);
    } catch (IllegalArgumentException e) {
      throw new AdminKeyException(e);
    }
  }
}
