package dev.backprop.engine.table;

import java.lang.reflect.Array;
import java.util.Arrays;

/// Appends cells to chunks that begin as bytes and widen as their values ask for it.
final class CellsBuilder {

  static final int SHIFT = 12;
  static final int CHUNK = 1 << SHIFT;
  private static final int MASK = CHUNK - 1;
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
    return Cells.read(chunks[row >> SHIFT], row & MASK);
  }

  /// The meter no longer counts what this builder holds.
  void release() {
    meter.add(-bytes);
    bytes = 0;
  }

  /// The cells, in one array of the widest form that a chunk needed; the builder must not be used
  /// after.
  Cells build() {
    Object all = widest();
    count(Cells.bytes(all));
    for (int c = 0, row = 0; c < chunkCount(); c++, row += CHUNK) {
      Object chunk = chunks[c];
      int length = Math.min(CHUNK, size - row);
      if (chunk.getClass() == all.getClass()) {
        System.arraycopy(chunk, 0, all, row, length);
      } else {
        for (int i = 0; i < length; i++) {
          Cells.write(all, row + i, Cells.read(chunk, i));
        }
      }
      chunks[c] = all; // lets go of the chunk
      count(-Cells.bytes(chunk));
    }
    return new Cells(all, missing);
  }

  private Object widest() {
    Object widest = current;
    for (int c = 0; c < chunkCount(); c++) {
      widest = Cells.width(chunks[c]) > Cells.width(widest) ? chunks[c] : widest;
    }
    return Array.newInstance(widest.getClass().getComponentType(), size);
  }

  private int chunkCount() {
    return (size + MASK) >> SHIFT;
  }

  private void grow() {
    if (filled == 0 || filled == CHUNK) {
      int index = chunkCount();
      if (index == chunks.length) {
        chunks = Arrays.copyOf(chunks, 2 * index);
      }
      filled = 0;
      capacity = index == 0 ? FIRST_CAPACITY : CHUNK;
      current = new byte[capacity];
      chunks[index] = current;
      count(Cells.bytes(current));
    } else {
      capacity = Math.min(CHUNK, 2 * capacity);
      replace(copy(current, capacity));
    }
  }

  private void replace(Object chunk) {
    count(Cells.bytes(chunk) - Cells.bytes(current));
    current = chunk;
    chunks[size >> SHIFT] = chunk;
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
}
