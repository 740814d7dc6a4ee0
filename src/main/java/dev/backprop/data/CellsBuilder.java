package dev.backprop.data;

import java.util.Arrays;

/// Appends cells to chunks that begin as bytes and widen as their values ask for it.
final class CellsBuilder {

  private static final int FIRST_CAPACITY = 16;

  private final Meter meter;
  private Object[] chunks = new Object[4];
  private Object current = new byte[0];
  private int capacity;
  private int filled;
  private int size;
  private int missing;
  private long bytes;

  CellsBuilder(Meter meter) {
    this.meter = meter;
  }

  int size() {
    return size;
  }

  int missing() {
    return missing;
  }

  /// @param value finite, or NaN for a missing cell
  void add(double value) {
    if (filled == capacity) {
      grow();
    }
    while (!Cells.write(current, filled, value)) {
      replace(widened(current, capacity));
    }
    if (Double.isNaN(value)) {
      missing++;
    }
    filled++;
    size++;
  }

  void addMissing(int count) {
    for (int i = 0; i < count; i++) {
      add(Double.NaN);
    }
  }

  double get(int row) {
    return Cells.read(chunks[row >> Cells.SHIFT], row & Cells.MASK);
  }

  /// The meter no longer counts what this builder holds.
  void release() {
    meter.add(-bytes);
    bytes = 0;
  }

  /// The cells; the builder must not be used after.
  Cells build() {
    if (filled < capacity) {
      replace(copy(current, filled));
    }
    return new Cells(Arrays.copyOf(chunks, chunkCount()), size, missing, bytes);
  }

  private int chunkCount() {
    return (size + Cells.MASK) >> Cells.SHIFT;
  }

  private void grow() {
    if (filled == 0 || filled == Cells.CHUNK) {
      int index = chunkCount();
      if (index == chunks.length) {
        chunks = Arrays.copyOf(chunks, 2 * index);
      }
      filled = 0;
      capacity = index == 0 ? FIRST_CAPACITY : Cells.CHUNK;
      current = new byte[capacity];
      chunks[index] = current;
      count(bytesOf(current));
    } else {
      capacity = Math.min(Cells.CHUNK, 2 * capacity);
      replace(copy(current, capacity));
    }
  }

  private void replace(Object chunk) {
    count(bytesOf(chunk) - bytesOf(current));
    current = chunk;
    chunks[size >> Cells.SHIFT] = chunk;
  }

  private void count(long delta) {
    bytes += delta;
    meter.add(delta);
  }

  /// The next wider form, with the same cells.
  private Object widened(Object chunk, int length) {
    Object wider =
        chunk instanceof byte[]
            ? new short[length]
            : chunk instanceof short[] ? new float[length] : new double[length];
    for (int i = 0; i < filled; i++) {
      Cells.write(wider, i, Cells.read(chunk, i));
    }
    return wider;
  }

  private static Object copy(Object chunk, int length) {
    if (chunk instanceof byte[] values) {
      return Arrays.copyOf(values, length);
    }
    if (chunk instanceof short[] values) {
      return Arrays.copyOf(values, length);
    }
    if (chunk instanceof float[] values) {
      return Arrays.copyOf(values, length);
    }
    return Arrays.copyOf((double[]) chunk, length);
  }

  private static long bytesOf(Object chunk) {
    if (chunk instanceof byte[] values) {
      return 16L + values.length;
    }
    if (chunk instanceof short[] values) {
      return 16L + 2L * values.length;
    }
    if (chunk instanceof float[] values) {
      return 16L + 4L * values.length;
    }
    return 16L + 8L * ((double[]) chunk).length;
  }
}
