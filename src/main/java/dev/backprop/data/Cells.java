package dev.backprop.data;

import java.lang.reflect.Array;

/// Numbers in the narrowest of `byte[]`, `short[]`, `float[]` and `double[]` that holds them all
/// exactly; the smallest value of a byte or short and NaN stand for a missing cell. Category codes
/// are stored the same way.
final class Cells {

  private final Object values;
  private final int missing;

  /// @param values one of the four arrays, as long as there are cells
  Cells(Object values, int missing) {
    this.values = values;
    this.missing = missing;
  }

  int size() {
    return Array.getLength(values);
  }

  int missing() {
    return missing;
  }

  long bytes() {
    return bytes(values);
  }

  static long bytes(Object values) {
    return 16 + (long) width(values) * Array.getLength(values);
  }

  /// Bytes of a cell.
  static int width(Object values) {
    return switch (values) {
      case byte[] _ -> Byte.BYTES;
      case short[] _ -> Short.BYTES;
      case float[] _ -> Float.BYTES;
      default -> Double.BYTES;
    };
  }

  double get(int row) {
    return read(values, row);
  }

  void gather(int[] rows, int from, int n, double[] into, int offset, int stride) {
    for (int i = 0, at = offset; i < n; i++, at += stride) {
      into[at] = get(rows[from + i]);
    }
  }

  /// Encodes the cells of the rows `rows[from] … rows[from + n - 1]` as numbers, into `x[at]`,
  /// `x[at + stride]`, …, which are zero. A loop for each kind of array, whose rows lie far apart:
  /// without a branch between them the processor fetches many at once.
  void encode(Feature.Numeric f, int[] rows, int from, int n, float[] x, int at, int stride) {
    switch (values) {
      case byte[] bytes -> {
        for (int i = 0; i < n; i++) {
          FeatureEncoder.encode(f, number(bytes[rows[from + i]]), x, at + i * stride);
        }
      }
      case short[] shorts -> {
        for (int i = 0; i < n; i++) {
          FeatureEncoder.encode(f, number(shorts[rows[from + i]]), x, at + i * stride);
        }
      }
      case float[] floats -> {
        for (int i = 0; i < n; i++) {
          FeatureEncoder.encode(f, floats[rows[from + i]], x, at + i * stride);
        }
      }
      default -> {
        double[] doubles = (double[]) values;
        for (int i = 0; i < n; i++) {
          FeatureEncoder.encode(f, doubles[rows[from + i]], x, at + i * stride);
        }
      }
    }
  }

  private static double number(byte value) {
    return value == Byte.MIN_VALUE ? Double.NaN : value;
  }

  private static double number(short value) {
    return value == Short.MIN_VALUE ? Double.NaN : value;
  }

  static double read(Object values, int i) {
    return switch (values) {
      case byte[] bytes -> number(bytes[i]);
      case short[] shorts -> number(shorts[i]);
      case float[] floats -> floats[i];
      default -> ((double[]) values)[i];
    };
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
