package dev.backprop.prediction;

import dev.backprop.http.ComputeSlots;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
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
  private final ByteArrayOutputStream chunk = new ByteArrayOutputStream();
  private boolean started;

  /// @param slot null where none is held
  ChunkedBody(HttpServletResponse response, String contentType, ComputeSlots.@Nullable Slot slot) {
    this.response = response;
    this.contentType = contentType;
    this.slot = slot;
  }

  /// Where the answer is written to.
  OutputStream chunk() {
    return chunk;
  }

  /// @throws UncheckedIOException where the client has gone
  void sendIfFull() {
    if (chunk.size() < CHUNK_BYTES) {
      return;
    }
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
