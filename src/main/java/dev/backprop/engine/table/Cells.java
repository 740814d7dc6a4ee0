package dev.backprop.engine.table;

import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Numbers in the narrowest of `byte[]`, `short[]`, `float[]` and `double[]` that holds them all
/// exactly; the smallest value of a byte or short and NaN stand for a missing cell. Category codes
/// are stored the same way. Several columns may share an array, row by row.
final class Cells {

  private final Object values;
  private final int offset;
  private final int stride;
  private final int size;
  private final int missing;

  /// @param values one of the four arrays, as long as there are cells
  Cells(Object values, int missing) {
    this(values, 0, 1, Array.getLength(values), missing);
  }

  /// The cell of a row is element `offset + row * stride` of the array.
  private Cells(Object values, int offset, int stride, int size, int missing) {
    this.values = values;
    this.offset = offset;
    this.stride = stride;
    this.size = size;
    this.missing = missing;
  }

  /// So many that are nowhere and read as missing.
  ///
  /// @param missing how many of them were missing before
  static Cells gone(int size, int missing) {
    return new Cells(new byte[] {Byte.MIN_VALUE}, 0, 0, size, missing);
  }

  /// Of all cells of an array, some of which may be missing.
  static Cells of(Object values) {
    int missing = 0;
    for (int i = 0; i < Array.getLength(values); i++) {
      missing += Double.isNaN(read(values, i)) ? 1 : 0;
    }
    return new Cells(values, missing);
  }

  /// An array for cells of so many bytes.
  static Object array(int width, int size) throws IOException {
    return switch (width) {
      case Byte.BYTES -> new byte[size];
      case Short.BYTES -> new short[size];
      case Float.BYTES -> new float[size];
      case Double.BYTES -> new double[size];
      default -> throw new IOException("no table: there are no cells of %d bytes".formatted(width));
    };
  }

  /// Fills `into[at] … into[at + n - 1]` with what [#put] wrote.
  static void take(ByteBuffer from, Object into, int at, int n) {
    switch (into) {
      case byte[] bytes -> from.get(bytes, at, n);
      case short[] shorts -> from.asShortBuffer().get(shorts, at, n);
      case float[] floats -> from.asFloatBuffer().get(floats, at, n);
      default -> from.asDoubleBuffer().get((double[]) into, at, n);
    }
  }

  /// Appends the cells of the rows `from … until - 1` as they are.
  void put(ByteBuffer into, int from, int until) {
    switch (values) {
      case byte[] bytes -> {
        for (int row = from; row < until; row++) {
          into.put(bytes[offset + row * stride]);
        }
      }
      case short[] shorts -> {
        for (int row = from; row < until; row++) {
          into.putShort(shorts[offset + row * stride]);
        }
      }
      case float[] floats -> {
        for (int row = from; row < until; row++) {
          into.putFloat(floats[offset + row * stride]);
        }
      }
      default -> {
        double[] doubles = (double[]) values;
        for (int row = from; row < until; row++) {
          into.putDouble(doubles[offset + row * stride]);
        }
      }
    }
  }

  /// The same columns in one array, the cells of a row side by side: whoever reads all of them of
  /// rows that lie far apart finds them in one place.
  ///
  /// @param columns of the same size, in arrays of their own of the same kind
  static List<Cells> sideBySide(List<Cells> columns) {
    int stride = columns.size();
    int size = columns.getFirst().size;
    Class<?> kind = columns.getFirst().values.getClass().getComponentType();
    Object all = Array.newInstance(kind, Math.multiplyExact(size, stride));
    List<Cells> result = new ArrayList<>();
    for (int c = 0; c < stride; c++) {
      Cells column = columns.get(c);
      for (int row = 0, to = c; row < size; row++, to += stride) {
        write(all, to, read(column.values, row));
      }
      result.add(new Cells(all, c, stride, size, column.missing));
    }
    return result;
  }

  /// Whether the arrays are of the same kind.
  boolean isLike(Cells other) {
    return values.getClass() == other.values.getClass();
  }

  int size() {
    return size;
  }

  int missing() {
    return missing;
  }

  long bytes() {
    return 16 + (long) width(values) * size;
  }

  static long bytes(Object values) {
    return 16 + (long) width(values) * Array.getLength(values);
  }

  /// Bytes of a cell.
  int width() {
    return width(values);
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
    return read(values, offset + row * stride);
  }

  void gather(int[] rows, int from, int n, double[] into, int at, int step) {
    for (int i = 0; i < n; i++) {
      into[at + i * step] = get(rows[from + i]);
    }
  }

  /// Encodes the cells of the rows `rows[from] … rows[from + n - 1]` as numbers, into `x[at]`,
  /// `x[at + step]`, …, which are zero. A loop for each kind of array, whose rows lie far apart:
  /// without a branch between them the processor fetches many at once.
  void encode(CellEncoder encoder, int[] rows, int from, int n, float[] x, int at, int step) {
    switch (values) {
      case byte[] bytes -> {
        for (int i = 0; i < n; i++) {
          encoder.encode(number(bytes[offset + rows[from + i] * stride]), x, at + i * step);
        }
      }
      case short[] shorts -> {
        for (int i = 0; i < n; i++) {
          encoder.encode(number(shorts[offset + rows[from + i] * stride]), x, at + i * step);
        }
      }
      case float[] floats -> {
        for (int i = 0; i < n; i++) {
          encoder.encode(floats[offset + rows[from + i] * stride], x, at + i * step);
        }
      }
      default -> {
        double[] doubles = (double[]) values;
        for (int i = 0; i < n; i++) {
          encoder.encode(doubles[offset + rows[from + i] * stride], x, at + i * step);
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
