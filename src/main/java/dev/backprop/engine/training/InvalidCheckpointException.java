package dev.backprop.engine.training;

/// Bytes that are no checkpoint, or not one of the training that was to go on from it. The training
/// can always begin anew.
public final class InvalidCheckpointException extends RuntimeException {

  /// @param detail what must hold and what was found
  public InvalidCheckpointException(String detail) {
    super("the checkpoint " + detail);
  }

  public InvalidCheckpointException(String detail, Throwable cause) {
    super("the checkpoint " + detail, cause);
  }
}
