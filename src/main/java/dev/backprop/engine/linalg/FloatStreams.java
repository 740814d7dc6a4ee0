package dev.backprop.engine.linalg;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/// Floats as bytes: IEEE 754, four bytes each, the lowest first, as safetensors has them.
public final class FloatStreams {

  /// Bytes that are turned at once.
  private static final int BLOCK = 1 << 16;

  private FloatStreams() {}

  /// Writes the elements `from … to - 1`.
  public static void write(float[] values, int from, int to, OutputStream out) throws IOException {
    byte[] block = block(to - from);
    FloatBuffer floats = floats(block);
    for (int i = from; i < to; ) {
      int n = Math.min(to - i, floats.capacity());
      floats.clear().put(values, i, n);
      out.write(block, 0, n * Float.BYTES);
      i += n;
    }
  }

  /// Reads the elements `from … to - 1`, whatever they are.
  ///
  /// @throws EOFException if the stream ends before; says how many bytes it had
  public static void read(InputStream in, float[] values, int from, int to) throws IOException {
    byte[] block = block(to - from);
    FloatBuffer floats = floats(block);
    for (int i = from; i < to; ) {
      int n = Math.min(to - i, floats.capacity());
      int bytes = in.readNBytes(block, 0, n * Float.BYTES);
      if (bytes < n * Float.BYTES) {
        throw new EOFException(
            "ends after %,d of %,d bytes"
                .formatted(
                    (long) (i - from) * Float.BYTES + bytes, (long) (to - from) * Float.BYTES));
      }
      floats.clear().get(values, i, n);
      i += n;
    }
  }

  private static byte[] block(int floats) {
    return new byte[(int) Math.min(BLOCK, (long) floats * Float.BYTES)];
  }

  private static FloatBuffer floats(byte[] block) {
    return ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
