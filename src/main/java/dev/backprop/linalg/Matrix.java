package dev.backprop.linalg;

/// A row-major dense matrix, a view of a `float[]`: as many rows as are in use, up to the capacity. Element (i, j) is
/// `values()[offset() + i * columns() + j]`.
public final class Matrix {

  private final float[] values;
  private final int offset;
  private final int capacity;
  private final int columns;
  private int rows;

  /// @param values holds at least `offset + capacity * columns` elements
  public Matrix(float[] values, int offset, int capacity, int columns) {
    if (offset < 0
        || capacity < 0
        || columns < 0
        || offset + (long) capacity * columns > values.length) {
      throw new IllegalArgumentException(
          "%d x %d from %d does not fit into %d values"
              .formatted(capacity, columns, offset, values.length));
    }
    this.values = values;
    this.offset = offset;
    this.capacity = capacity;
    this.columns = columns;
    this.rows = capacity;
  }

  /// A matrix of zeros.
  public static Matrix allocate(int capacity, int columns) {
    return new Matrix(new float[Math.multiplyExact(capacity, columns)], 0, capacity, columns);
  }

  public float[] values() {
    return values;
  }

  public int offset() {
    return offset;
  }

  /// Rows in use.
  public int rows() {
    return rows;
  }

  public int capacity() {
    return capacity;
  }

  public int columns() {
    return columns;
  }

  /// Takes the first `rows` rows into use; what they hold stays.
  ///
  /// @param rows at most the capacity
  public Matrix rows(int rows) {
    if (rows < 0 || rows > capacity) {
      throw new IllegalArgumentException(rows + " rows of " + capacity);
    }
    this.rows = rows;
    return this;
  }

  /// A view of some rows, sharing the values.
  public Matrix view(int firstRow, int rows) {
    return new Matrix(values, offset + firstRow * columns, rows, columns);
  }
}
