package dev.backprop.service.prediction;

import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.limits.CountedBytes;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// The body of an answer, collected in memory and sent whenever there is enough of it; a compute
/// slot is not held while the client takes it.
final class ChunkedBody {

  private static final int CHUNK_BYTES = 1 << 17;

  private final HttpServletResponse response;
  private final ComputeSlots.@Nullable Slot slot;
  private final String contentType;
  private final CountedBytes chunk;
  private boolean started;

  /// @param claim counts what is collected
  /// @param slot null if none is held
  ChunkedBody(
      HttpServletResponse response,
      String contentType,
      Budget.Claim claim,
      ComputeSlots.@Nullable Slot slot) {
    this.response = response;
    this.contentType = contentType;
    this.chunk = new CountedBytes(0, claim::grow);
    this.slot = slot;
  }

  /// Takes the answer.
  OutputStream chunk() {
    return chunk;
  }

  /// Whether there is enough to be sent.
  boolean isFull() {
    return chunk.size() >= CHUNK_BYTES;
  }

  /// Sends what there is.
  ///
  /// @throws UncheckedIOException if the client has gone
  void sendChunk() {
    try {
      send();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends the rest. A short answer tells its length.
  void end() throws IOException {
    if (!started) {
      response.setContentLength(chunk.size());
    }
    send();
  }

  private void send() throws IOException {
    if (!started) {
      started = true;
      response.setContentType(contentType);
    }
    if (slot != null) {
      slot.pause();
    }
    try {
      chunk.writeTo(response.getOutputStream());
    } finally {
      if (slot != null) {
        slot.resume();
      }
    }
    chunk.reset();
  }
}
