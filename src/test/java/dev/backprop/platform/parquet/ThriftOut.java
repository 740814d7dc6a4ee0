package dev.backprop.platform.parquet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes Thrift's compact protocol, for files that no writer would make.
final class ThriftOut {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private ThriftOut head(int id, int type) {
    out.write(type);
    varint(2L * id);
    return this;
  }

  ThriftOut number(int id, long value) {
    head(id, Thrift.I64);
    varint((value << 1) ^ (value >> 63));
    return this;
  }

  ThriftOut text(int id, String text) {
    head(id, Thrift.BINARY);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    varint(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  ThriftOut struct(int id, ThriftOut struct) {
    head(id, Thrift.STRUCT);
    out.writeBytes(struct.end());
    return this;
  }

  ThriftOut list(int id, ThriftOut... structs) {
    head(id, Thrift.LIST);
    out.write(0xf0 | Thrift.STRUCT);
    varint(structs.length);
    for (ThriftOut struct : structs) {
      out.writeBytes(struct.end());
    }
    return this;
  }

  byte[] end() {
    byte[] bytes = out.toByteArray();
    byte[] ended = new byte[bytes.length + 1];
    System.arraycopy(bytes, 0, ended, 0, bytes.length);
    return ended;
  }
}
