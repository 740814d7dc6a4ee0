package dev.backprop.platform.parquet;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads structures of Thrift's compact protocol. Every length is checked against what is left.
final class Thrift {

  static final int TRUE = 1;
  static final int FALSE = 2;
  static final int BYTE = 3;
  static final int I16 = 4;
  static final int I32 = 5;
  static final int I64 = 6;
  static final int DOUBLE = 7;
  static final int BINARY = 8;
  static final int LIST = 9;
  static final int SET = 10;
  static final int MAP = 11;
  static final int STRUCT = 12;
  static final int UUID = 13;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_VARINT = 10;

  private final byte[] bytes;
  private int at;
  private final int end;
  private int depth;

  /// What a structure ends in before its end.
  static final class CutException extends RuntimeException {
    CutException() {
      super("cut", null, false, false);
    }
  }

  /// Takes a field of a structure: reads its value, or skips it.
  interface Fields {
    void field(int id, int type);
  }

  /// Takes an element of a list.
  interface Elements {
    void element(int type);
  }

  Thrift(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /// The place of the next byte.
  int at() {
    return at;
  }

  private int next() {
    if (at >= end) {
      throw new CutException();
    }
    return bytes[at++] & 0xff;
  }

  private long varint() {
    long value = 0;
    for (int i = 0; i < MAX_VARINT; i++) {
      int b = next();
      value |= (long) (b & 0x7f) << (7 * i);
      if (b < 0x80) {
        return value;
      }
    }
    throw Faults.damaged("has a number of more than 64 bits in its metadata");
  }

  private long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  /// Reads the fields of a structure.
  void struct(Fields fields) {
    deeper();
    int id = 0;
    for (int head = next(); head != 0; head = next()) {
      int delta = head >>> 4;
      id = delta == 0 ? (int) zigzag() : id + delta;
      fields.field(id, head & 0xf);
    }
    depth--;
  }

  /// Reads a structure that stands in a field or a list.
  void struct(int type, Fields fields) {
    expect(type, STRUCT);
    struct(fields);
  }

  /// Reads the elements of a list.
  void list(int type, Elements elements) {
    expect(type, LIST);
    deeper();
    int head = next();
    int size = size(head >>> 4 == 0xf ? varint() : head >>> 4);
    for (int i = 0; i < size; i++) {
      elements.element(head & 0xf);
    }
    depth--;
  }

  private int size(long size) {
    if (size < 0 || size > end - at) { // every element has a byte at least
      throw new CutException();
    }
    return (int) size;
  }

  long i64(int type) {
    if (type != I64 && type != I32 && type != I16) {
      expect(type, I64);
    }
    return zigzag();
  }

  int i32(int type) {
    long value = type == BYTE ? (byte) next() : i64(type);
    if (value != (int) value) {
      throw Faults.damaged("has %d in its metadata for a number of 32 bits".formatted(value));
    }
    return (int) value;
  }

  boolean bool(int type) {
    if (type != FALSE) {
      expect(type, TRUE);
    }
    return type == TRUE;
  }

  String text(int type) {
    expect(type, BINARY);
    int length = size(varint());
    ByteBuffer text = ByteBuffer.wrap(bytes, at, length);
    at += length;
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw Faults.damaged("has a name that is not UTF-8");
    }
  }

  void skip(int type) {
    switch (type) {
      case TRUE, FALSE -> {}
      case BYTE -> forward(1);
      case I16, I32, I64 -> varint();
      case DOUBLE -> forward(8);
      case BINARY -> forward(size(varint()));
      case LIST, SET -> skipList();
      case MAP -> skipMap();
      case STRUCT -> struct((_, of) -> skip(of));
      case UUID -> forward(16);
      default -> throw Faults.damaged("has an unknown type %d in its metadata".formatted(type));
    }
  }

  private void skipList() {
    deeper();
    int head = next();
    int size = size(head >>> 4 == 0xf ? varint() : head >>> 4);
    for (int i = 0; i < size; i++) {
      skipElement(head & 0xf);
    }
    depth--;
  }

  private void skipMap() {
    deeper();
    int size = size(varint());
    int types = size == 0 ? 0 : next();
    for (int i = 0; i < size; i++) {
      skipElement(types >>> 4);
      skipElement(types & 0xf);
    }
    depth--;
  }

  /// A truth value takes a byte in a list, and none in a structure.
  private void skipElement(int type) {
    if (type == TRUE || type == FALSE) {
      forward(1);
    } else {
      skip(type);
    }
  }

  private void forward(int n) {
    if (n > end - at) {
      throw new CutException();
    }
    at += n;
  }

  private void deeper() {
    if (++depth > MAX_DEPTH) {
      throw Faults.damaged("has metadata nested more than %d deep".formatted(MAX_DEPTH));
    }
  }

  private static void expect(int type, int expected) {
    if (type != expected) {
      throw Faults.damaged(
          "has type %d in its metadata where %d must be".formatted(type, expected));
    }
  }
}
