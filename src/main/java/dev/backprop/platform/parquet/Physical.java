package dev.backprop.platform.parquet;

/// How a value is stored. The numbers are those of `Type` in parquet.thrift.
enum Physical {
  BOOLEAN(0),
  INT32(4),
  INT64(8),
  INT96(12),
  FLOAT(4),
  DOUBLE(8),
  BYTE_ARRAY(0),
  FIXED_LEN_BYTE_ARRAY(0);

  private final int bytes;

  Physical(int bytes) {
    this.bytes = bytes;
  }

  /// Bytes of a value, 0 if they differ.
  int bytes() {
    return bytes;
  }

  static Physical of(int number) {
    if (number < 0 || number >= values().length) {
      throw Faults.damaged("has an unknown physical type %d".formatted(number));
    }
    return values()[number];
  }
}
