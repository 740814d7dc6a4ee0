package dev.backprop.platform.limits;

/// How many connections there may be at once: each of them may take the buffers of a request whose
/// head never ends.
///
/// @param max those beyond it wait in the system's queue
public record Connections(int max) {

  /// Beside the head's buffer: Tomcat's buffers of the socket, of the head of the answer and of
  /// both bodies, and what describes a request.
  private static final long BYTES = 96 << 10;

  private static final int MIN = 16;

  /// Tomcat's own default.
  private static final int MAX = 8192;

  /// As many as fit.
  ///
  /// @param bytes that all of them may take
  /// @param headBytes that the head of a request may have
  public static Connections within(long bytes, long headBytes) {
    return new Connections((int) Math.clamp(bytes / (BYTES + headBytes), MIN, MAX));
  }

  /// How many of them may be used for long, so that others are answered meanwhile.
  public int forLong() {
    return Math.max(1, max / 2);
  }
}
