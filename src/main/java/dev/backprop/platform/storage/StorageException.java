package dev.backprop.platform.storage;

/// The service cannot start with the storage that it was given.
final class StorageException extends RuntimeException {

  private final String action;

  /// @param action what can be done about it
  StorageException(String message, String action, Throwable cause) {
    super(message, cause);
    this.action = action;
  }

  String action() {
    return action;
  }
}
