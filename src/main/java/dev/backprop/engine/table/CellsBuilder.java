package dev.backprop.engine.table;

import java.util.Arrays;

/// Appends cells to chunks that begin as bytes and widen as their values ask for it.
final class CellsBuilder {

  static final int SHIFT = 12;
  static final int CHUNK = 1 << SHIFT;
  private static final int MASK = CHUNK - 1;
  private static final int FIRST_CAPACITY = 16;

  private final Meter meter;
  private CellArray[] chunks = new CellArray[4];
  private CellArray current = CellArray.of(Byte.BYTES, 0);
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
    while (!current.set(filled, value)) {
      replace(2 * current.width());
    }
    if (Double.isNaN(value)) {
      missing++;
    }
    filled++;
    size++;
  }

  /// Adds many cells at once.
  void addAll(double[] values, int n) {
    int from = 0;
    while (from < n) {
      if (filled == capacity) {
        grow();
      }
      int some = Math.min(n - from, capacity - filled);
      int set = current.setAll(filled, values, from, some);
      for (int i = from; i < from + set; i++) {
        missing += Double.isNaN(values[i]) ? 1 : 0;
      }
      filled += set;
      size += set;
      from += set;
      if (set < some) {
        replace(2 * current.width());
      }
    }
  }

  void addMissing(int count) {
    for (int i = 0; i < count; i++) {
      add(Double.NaN);
    }
  }

  double get(int row) {
    return chunks[row >> SHIFT].get(row & MASK);
  }

  /// Tells the meter that this builder's memory is given up.
  void release() {
    meter.add(-bytes);
    bytes = 0;
  }

  /// The cells, in one array of the widest form that a chunk needed. The builder must not be used
  /// afterwards.
  Cells build() {
    int width = current.width();
    for (int c = 0; c < chunkCount(); c++) {
      width = Math.max(width, chunks[c].width());
    }
    CellArray all = CellArray.of(width, size);
    count(all.bytes());
    for (int c = 0, row = 0; c < chunkCount(); c++, row += CHUNK) {
      CellArray chunk = chunks[c];
      all.copy(chunk, Math.min(CHUNK, size - row), row);
      chunks[c] = all; // lets the garbage collector have the chunk
      count(-chunk.bytes());
    }
    return new Cells(all, missing);
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
      current = CellArray.of(Byte.BYTES, capacity);
      chunks[index] = current;
      count(current.bytes());
    } else {
      capacity = Math.min(CHUNK, 2 * capacity);
      replace(current.width());
    }
  }

  /// Copies the current chunk to one of this width and of the builder's capacity.
  private void replace(int width) {
    CellArray chunk = CellArray.of(width, capacity);
    chunk.copy(current, filled, 0);
    count(chunk.bytes() - current.bytes());
    current = chunk;
    chunks[size >> SHIFT] = chunk;
  }

  private void count(long delta) {
    bytes += delta;
    meter.add(delta);
  }
}
