package dev.backprop.platform.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/// The bytes of a page. Behind them are a few more, so that a few bits can be read as a long.
///
/// @param array has at least [#SPARE] bytes behind `end`
@SuppressWarnings("ArrayRecordComponent") // never compared
record PageBytes(byte[] array, int from, int end) {

  static final int SPARE = 16;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  PageBytes {
    Objects.checkFromToIndex(from, end, array.length - SPARE + 1);
  }

  /// The bytes from there to the end.
  PageBytes from(long at) {
    if (at < from || at > end) {
      throw cut();
    }
    return new PageBytes(array, (int) at, end);
  }

  /// The next bytes.
  PageBytes first(long n) {
    require(from, n);
    return new PageBytes(array, from, from + (int) n);
  }

  /// Refuses a page that has fewer bytes from there on.
  void require(long at, long n) {
    if (n < 0 || n > end - at) {
      throw cut();
    }
  }

  static RuntimeException cut() {
    return Faults.damaged("has a page that ends before its values do");
  }

  int int32(int at) {
    return (int) INTS.get(array, at);
  }

  long int64(int at) {
    return (long) LONGS.get(array, at);
  }

  /// The number of so many bits.
  ///
  /// @param bit counted from the beginning of the array
  /// @param width at most 64
  long bits(long bit, int width) {
    int at = (int) (bit >>> 3);
    int shift = (int) (bit & 7);
    long value = int64(at) >>> shift;
    if (shift + width > Long.SIZE) {
      value |= (long) array[at + Long.BYTES] << (Long.SIZE - shift);
    }
    return width == Long.SIZE ? value : value & ((1L << width) - 1);
  }
}
