package dev.backprop.platform.limits;

import java.io.ByteArrayOutputStream;
import java.util.function.LongConsumer;

/// An answer in memory on its way to a client. Its buffer doubles, so up to as much again lies idle
/// and is counted, too.
public final class CountedBytes extends ByteArrayOutputStream {

  private static final long LEAST = 1 << 10;

  private final LongConsumer grow;
  private long held;

  /// @param uncounted bytes that are not counted: a short answer fits into the buffers of its
  ///   connection
  /// @param grow holds so many bytes more, or refuses them
  public CountedBytes(long uncounted, LongConsumer grow) {
    this.held = uncounted;
    this.grow = grow;
  }

  @Override
  public synchronized void write(byte[] b, int offset, int length) {
    if (count + length > held) {
      long more = Math.max(Math.max(LEAST, held), count + length - held);
      grow.accept(2 * more);
      held += more;
    }
    super.write(b, offset, length);
  }
}
