package dev.backprop.platform.parquet;

/// How the values of a page are written. The numbers are those of `Encoding` in parquet.thrift.
enum Encoding {
  PLAIN,
  GROUP_VAR_INT,
  PLAIN_DICTIONARY,
  RLE,
  BIT_PACKED,
  DELTA_BINARY_PACKED,
  DELTA_LENGTH_BYTE_ARRAY,
  DELTA_BYTE_ARRAY,
  RLE_DICTIONARY,
  BYTE_STREAM_SPLIT;

  static Encoding of(int number) {
    if (number < 0 || number >= values().length) {
      throw Faults.unread("has a page in the encoding %d, which is not read".formatted(number));
    }
    return values()[number];
  }

  boolean isDictionary() {
    return this == PLAIN_DICTIONARY || this == RLE_DICTIONARY;
  }
}
