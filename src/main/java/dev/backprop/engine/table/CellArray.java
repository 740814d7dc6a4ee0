package dev.backprop.engine.table;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;

/// Numbers in one of four forms, the narrowest that holds them all exactly. A missing one is NaN,
/// or in a byte or short the smallest value.
@SuppressWarnings("ArrayRecordComponent") // never compared
sealed interface CellArray {

  record Bytes(byte[] cells) implements CellArray {}

  record Shorts(short[] cells) implements CellArray {}

  record Floats(float[] cells) implements CellArray {}

  record Doubles(double[] cells) implements CellArray {}

  /// @param width bytes of a cell: 1, 2, 4 or 8
  static CellArray of(int width, int length) {
    return switch (width) {
      case Byte.BYTES -> new Bytes(new byte[length]);
      case Short.BYTES -> new Shorts(new short[length]);
      case Float.BYTES -> new Floats(new float[length]);
      case Double.BYTES -> new Doubles(new double[length]);
      default -> throw new IllegalArgumentException("no cells have " + width + " bytes");
    };
  }

  /// The array with the cells.
  default Object values() {
    return switch (this) {
      case Bytes bytes -> bytes.cells;
      case Shorts shorts -> shorts.cells;
      case Floats floats -> floats.cells;
      case Doubles doubles -> doubles.cells;
    };
  }

  /// How many bytes a cell has.
  default int width() {
    return switch (this) {
      case Bytes _ -> Byte.BYTES;
      case Shorts _ -> Short.BYTES;
      case Floats _ -> Float.BYTES;
      case Doubles _ -> Double.BYTES;
    };
  }

  default int length() {
    return Array.getLength(values());
  }

  /// The memory that it holds.
  default long bytes() {
    return 16 + (long) width() * length();
  }

  default double get(int i) {
    return switch (this) {
      case Bytes bytes -> number(bytes.cells[i]);
      case Shorts shorts -> number(shorts.cells[i]);
      case Floats floats -> floats.cells[i];
      case Doubles doubles -> doubles.cells[i];
    };
  }

  static double number(byte value) {
    return value == Byte.MIN_VALUE ? Double.NaN : value;
  }

  static double number(short value) {
    return value == Short.MIN_VALUE ? Double.NaN : value;
  }

  /// Stores the value if this form holds it exactly.
  default boolean set(int i, double value) {
    if (this instanceof Bytes bytes) {
      byte narrow = Double.isNaN(value) ? Byte.MIN_VALUE : (byte) value;
      bytes.cells[i] = narrow;
      return Double.isNaN(value) || (narrow == value && narrow != Byte.MIN_VALUE);
    }
    if (this instanceof Shorts shorts) {
      short narrow = Double.isNaN(value) ? Short.MIN_VALUE : (short) value;
      shorts.cells[i] = narrow;
      return Double.isNaN(value) || (narrow == value && narrow != Short.MIN_VALUE);
    }
    if (this instanceof Floats floats) {
      floats.cells[i] = (float) value;
      return Double.isNaN(value) || floats.cells[i] == value;
    }
    ((Doubles) this).cells[i] = value;
    return true;
  }

  /// Stores the values `from … from + n - 1` at `at` and behind, as far as this form holds them
  /// exactly.
  ///
  /// @return how many were stored
  default int setAll(int at, double[] values, int from, int n) {
    int i = 0;
    switch (this) {
      case Bytes bytes -> {
        for (; i < n; i++) {
          double value = values[from + i];
          byte narrow = (byte) value;
          if (narrow != value || narrow == Byte.MIN_VALUE) {
            if (!Double.isNaN(value)) {
              return i;
            }
            narrow = Byte.MIN_VALUE;
          }
          bytes.cells[at + i] = narrow;
        }
      }
      case Shorts shorts -> {
        for (; i < n; i++) {
          double value = values[from + i];
          short narrow = (short) value;
          if (narrow != value || narrow == Short.MIN_VALUE) {
            if (!Double.isNaN(value)) {
              return i;
            }
            narrow = Short.MIN_VALUE;
          }
          shorts.cells[at + i] = narrow;
        }
      }
      case Floats floats -> {
        for (; i < n; i++) {
          double value = values[from + i];
          float narrow = (float) value;
          if (narrow != value && !Double.isNaN(value)) {
            return i;
          }
          floats.cells[at + i] = narrow;
        }
      }
      case Doubles doubles -> {
        System.arraycopy(values, from, doubles.cells, at, n);
        i = n;
      }
    }
    return i;
  }

  /// Sets the cells `at … at + count - 1` to the first cells of another array. This form must be
  /// able to hold them.
  default void copy(CellArray from, int count, int at) {
    if (from.width() == width()) {
      System.arraycopy(from.values(), 0, values(), at, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      set(at + i, from.get(i));
    }
  }

  /// Appends a cell as it is.
  default void put(ByteBuffer into, int i) {
    switch (this) {
      case Bytes bytes -> into.put(bytes.cells[i]);
      case Shorts shorts -> into.putShort(shorts.cells[i]);
      case Floats floats -> into.putFloat(floats.cells[i]);
      case Doubles doubles -> into.putDouble(doubles.cells[i]);
    }
  }

  /// Sets the cells `at … at + n - 1` to what [#put] wrote.
  default void take(ByteBuffer from, int at, int n) {
    switch (this) {
      case Bytes bytes -> from.get(bytes.cells, at, n);
      case Shorts shorts -> from.asShortBuffer().get(shorts.cells, at, n);
      case Floats floats -> from.asFloatBuffer().get(floats.cells, at, n);
      case Doubles doubles -> from.asDoubleBuffer().get(doubles.cells, at, n);
    }
  }
}
