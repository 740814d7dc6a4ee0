package dev.backprop.engine.linalg;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// A dense row-major matrix of floats: a view of a part of an array, of which the first [#rows()]
/// of [#capacity()] rows are in use.
///
/// Element (i, j) is `values()[offset() + i * columns() + j]`. Rows follow each other without a
/// gap, so that the rows in use are one run of floats. How many are in use may change from batch to
/// batch without allocating; a matrix therefore belongs to one thread.
public final class Matrix {

  private final float[] values;
  private final int offset;
  private final int capacity;
  private final int columns;
  private final MemorySegment segment;
  private final MemorySegment lastColumn;
  private final MemorySegment lastButOne;
  private int rows;

  /// A view of `capacity` x `columns` floats from `offset` on, all rows in use.
  ///
  /// @throws IndexOutOfBoundsException if the array is too short
  public Matrix(float[] values, int offset, int capacity, int columns) {
    if (capacity < 0 || columns < 0) {
      throw new IllegalArgumentException(
          "a matrix of %d x %d elements".formatted(capacity, columns));
    }
    Objects.checkFromIndexSize((long) offset, (long) capacity * columns, (long) values.length);
    this.values = values;
    this.offset = offset;
    this.capacity = capacity;
    this.columns = columns;
    this.segment = MemorySegment.ofArray(values).asSlice((long) offset * Float.BYTES);
    int last = capacity == 0 ? 0 : Math.max(0, columns - 1);
    this.lastColumn = segment.asSlice((long) last * Float.BYTES);
    this.lastButOne = segment.asSlice((long) Math.max(0, last - 1) * Float.BYTES);
    this.rows = capacity;
  }

  /// A matrix of zeros on an array of its own, all rows in use.
  public static Matrix allocate(int capacity, int columns) {
    return new Matrix(new float[Math.multiplyExact(capacity, columns)], 0, capacity, columns);
  }

  public float[] values() {
    return values;
  }

  public int offset() {
    return offset;
  }

  /// The array from the first element on, for native functions. Made once: what makes a segment is
  /// a dozen calls deep. If the just-in-time compiler did not inline all of them, every call would
  /// allocate.
  MemorySegment segment() {
    return segment;
  }

  /// The same from the last column of the first row on.
  MemorySegment lastColumn() {
    return lastColumn;
  }

  /// The same from the column before that on; from the only column if there is but one.
  MemorySegment lastButOne() {
    return lastButOne;
  }

  /// Rows in use, 0 … capacity.
  public int rows() {
    return rows;
  }

  public int capacity() {
    return capacity;
  }

  public int columns() {
    return columns;
  }

  /// Elements in use.
  public int size() {
    return rows * columns;
  }

  /// Sets the number of rows in use.
  ///
  /// @return this matrix
  public Matrix rows(int n) {
    if (n < 0 || n > capacity) {
      throw new IllegalArgumentException("rows must be from 0 to " + capacity + ", was " + n);
    }
    rows = n;
    return this;
  }

  /// The matrix of `count` rows from `firstRow` on, in the same array.
  public Matrix view(int firstRow, int count) {
    Objects.checkFromIndexSize(firstRow, count, capacity);
    return new Matrix(values, offset + firstRow * columns, count, columns);
  }
}
