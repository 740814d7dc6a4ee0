package dev.backprop.data;

/// Numbers in chunks, each in the narrowest of `byte[]`, `short[]`, `float[]` and `double[]` that
/// holds its cells exactly; the smallest value of a byte or short and NaN stand for a missing cell.
/// Category codes are stored the same way.
final class Cells {

  static final int SHIFT = 12;
  static final int CHUNK = 1 << SHIFT;
  static final int MASK = CHUNK - 1;

  private final Object[] chunks;
  private final int size;
  private final int missing;
  private final long bytes;

  Cells(Object[] chunks, int size, int missing, long bytes) {
    this.chunks = chunks;
    this.size = size;
    this.missing = missing;
    this.bytes = bytes;
  }

  int size() {
    return size;
  }

  int missing() {
    return missing;
  }

  long bytes() {
    return bytes;
  }

  double get(int row) {
    return read(chunks[row >> SHIFT], row & MASK);
  }

  void gather(int[] rows, int from, int n, double[] into, int offset, int stride) {
    for (int i = 0, at = offset; i < n; i++, at += stride) {
      into[at] = get(rows[from + i]);
    }
  }

  static double read(Object chunk, int i) {
    if (chunk instanceof byte[] bytes) {
      byte value = bytes[i];
      return value == Byte.MIN_VALUE ? Double.NaN : value;
    }
    if (chunk instanceof short[] shorts) {
      short value = shorts[i];
      return value == Short.MIN_VALUE ? Double.NaN : value;
    }
    if (chunk instanceof float[] floats) {
      return floats[i];
    }
    return ((double[]) chunk)[i];
  }

  /// Stores the value if the chunk's form holds it exactly.
  static boolean write(Object chunk, int i, double value) {
    if (chunk instanceof byte[] bytes) {
      byte narrow = Double.isNaN(value) ? Byte.MIN_VALUE : (byte) value;
      bytes[i] = narrow;
      return Double.isNaN(value) || (narrow == value && narrow != Byte.MIN_VALUE);
    }
    if (chunk instanceof short[] shorts) {
      short narrow = Double.isNaN(value) ? Short.MIN_VALUE : (short) value;
      shorts[i] = narrow;
      return Double.isNaN(value) || (narrow == value && narrow != Short.MIN_VALUE);
    }
    if (chunk instanceof float[] floats) {
      floats[i] = (float) value;
      return Double.isNaN(value) || floats[i] == value;
    }
    ((double[]) chunk)[i] = value;
    return true;
  }
}
