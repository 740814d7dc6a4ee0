package dev.backprop.engine.table;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Numbers, or the codes of categories, row by row. Several columns may share an array.
final class Cells {

  private final CellArray array;
  private final int offset;
  private final int stride;
  private final int size;
  private final int missing;

  /// All cells of an array.
  Cells(CellArray array, int missing) {
    this(array, 0, 1, array.length(), missing);
  }

  /// The cell of a row is element `offset + row * stride` of the array.
  private Cells(CellArray array, int offset, int stride, int size, int missing) {
    this.array = array;
    this.offset = offset;
    this.stride = stride;
    this.size = size;
    this.missing = missing;
  }

  /// Cells that are not kept, and that read as missing.
  ///
  /// @param missing how many of them were missing in the data
  static Cells gone(int size, int missing) {
    return new Cells(new CellArray.Bytes(new byte[] {Byte.MIN_VALUE}), 0, 0, size, missing);
  }

  /// All cells of an array, some of which may be missing.
  static Cells of(CellArray array) {
    int missing = 0;
    for (int i = 0; i < array.length(); i++) {
      missing += Double.isNaN(array.get(i)) ? 1 : 0;
    }
    return new Cells(array, missing);
  }

  /// Appends the cells of the rows `from … until - 1` as they are.
  void put(ByteBuffer into, int from, int until) {
    for (int row = from; row < until; row++) {
      array.put(into, offset + row * stride);
    }
  }

  /// The same columns in one array, with the cells of a row side by side. Whoever reads whole rows
  /// in random order then finds a row in one place.
  ///
  /// @param columns of the same size, in arrays of their own of the same kind
  static List<Cells> sideBySide(List<Cells> columns) {
    int stride = columns.size();
    int size = columns.getFirst().size;
    CellArray all =
        CellArray.of(columns.getFirst().array.width(), Math.multiplyExact(size, stride));
    List<Cells> result = new ArrayList<>();
    for (int c = 0; c < stride; c++) {
      Cells column = columns.get(c);
      for (int row = 0, to = c; row < size; row++, to += stride) {
        all.set(to, column.array.get(row));
      }
      result.add(new Cells(all, c, stride, size, column.missing));
    }
    return result;
  }

  /// The cells of some of the rows, in the same array.
  Cells part(int first, int count) {
    int gone = 0;
    for (int row = first; row < first + count; row++) {
      gone += Double.isNaN(get(row)) ? 1 : 0;
    }
    return new Cells(array, offset + first * stride, stride, count, gone);
  }

  int size() {
    return size;
  }

  int missing() {
    return missing;
  }

  long bytes() {
    return 16 + (long) width() * size;
  }

  /// How many bytes a cell has.
  int width() {
    return array.width();
  }

  double get(int row) {
    return array.get(offset + row * stride);
  }

  void gather(int[] rows, int from, int n, double[] into, int at, int step) {
    for (int i = 0; i < n; i++) {
      into[at + i * step] = get(rows[from + i]);
    }
  }

  /// Encodes the cells of the rows `rows[from] … rows[from + n - 1]` into `x[at]`, `x[at + step]`,
  /// …, which are zero. Each kind of array has a loop of its own. The rows lie far apart, and
  /// without a branch between them the processor fetches many at once.
  void encode(Column.Encoder encoder, int[] rows, int from, int n, float[] x, int at, int step) {
    switch (array) {
      case CellArray.Bytes bytes -> {
        for (int i = 0; i < n; i++) {
          encoder.encode(
              CellArray.number(bytes.cells()[offset + rows[from + i] * stride]), x, at + i * step);
        }
      }
      case CellArray.Shorts shorts -> {
        for (int i = 0; i < n; i++) {
          encoder.encode(
              CellArray.number(shorts.cells()[offset + rows[from + i] * stride]), x, at + i * step);
        }
      }
      case CellArray.Floats floats -> {
        for (int i = 0; i < n; i++) {
          encoder.encode(floats.cells()[offset + rows[from + i] * stride], x, at + i * step);
        }
      }
      case CellArray.Doubles doubles -> {
        for (int i = 0; i < n; i++) {
          encoder.encode(doubles.cells()[offset + rows[from + i] * stride], x, at + i * step);
        }
      }
    }
  }
}
