package dev.backprop.service.prediction;

import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
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
  private final Chunk chunk;
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
    this.chunk = new Chunk(claim);
    this.slot = slot;
  }

  /// Its buffer doubles, and is kept.
  private static final class Chunk extends ByteArrayOutputStream {

    private static final long LEAST = 1 << 10;

    private final Budget.Claim claim;
    private long held;

    Chunk(Budget.Claim claim) {
      this.claim = claim;
    }

    @Override
    public synchronized void write(byte[] b, int offset, int length) {
      if (count + length > held) {
        long more = Math.max(Math.max(LEAST, held), count + length - held);
        claim.grow(2 * more);
        held += more;
      }
      super.write(b, offset, length);
    }

    boolean isFull() {
      return count >= CHUNK_BYTES;
    }
  }

  /// Takes the answer.
  OutputStream chunk() {
    return chunk;
  }

  /// Whether there is enough to be sent.
  boolean isFull() {
    return chunk.isFull();
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
