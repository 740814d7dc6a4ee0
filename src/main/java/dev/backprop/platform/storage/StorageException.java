package dev.backprop.platform.storage;

import org.jspecify.annotations.Nullable;

/// The service cannot start, or a command cannot be run, with the storage that it was given.
public final class StorageException extends RuntimeException {

  private final String action;

  /// @param action what can be done about it
  StorageException(String message, String action, @Nullable Throwable cause) {
    super(message, cause);
    this.action = action;
  }

  /// What can be done about it.
  public String action() {
    return action;
  }
}
