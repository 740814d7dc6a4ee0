package dev.backprop.platform.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/// The bytes of a file, read where they are asked for.
record FileBytes(SeekableByteChannel channel, long size) {

  static FileBytes of(SeekableByteChannel channel) throws IOException {
    return new FileBytes(channel, channel.size());
  }

  byte[] read(long at, int length) throws IOException {
    byte[] bytes = new byte[length];
    read(at, bytes, 0, length);
    return bytes;
  }

  void read(long at, byte[] into, int offset, int length) throws IOException {
    channel.position(at);
    ByteBuffer buffer = ByteBuffer.wrap(into, offset, length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the file became shorter");
      }
    }
  }
}
