package dev.backprop.platform.parquet;

import java.util.Arrays;

/// Gives the values of a page that are bytes, one after another: those of `array[start … start +
/// length - 1]`, until the next.
abstract class Slices {

  /// The longest value, as of a cell in CSV.
  static final int MAX_BYTES = 1 << 20;

  /// What the values of a page with common beginnings may hold together.
  private static final long MAX_PAGE = 1L << 28;

  byte[] array;
  int start;
  int length;

  private Slices(byte[] array) {
    this.array = array;
  }

  /// Goes to the next value.
  ///
  /// @throws dev.backprop.platform.problem.ProblemException if there is none
  abstract void next();

  /// @param width of each value, 0 if each says its own
  static Slices of(Encoding encoding, int width, PageBytes bytes) {
    return switch (encoding) {
      case PLAIN -> width > 0 ? new Fixed(bytes, width) : new Plain(bytes);
      case DELTA_LENGTH_BYTE_ARRAY -> new Lengths(bytes);
      case DELTA_BYTE_ARRAY -> new Beginnings(bytes);
      case BYTE_STREAM_SPLIT -> new Split(bytes, width);
      case GROUP_VAR_INT, PLAIN_DICTIONARY, RLE, BIT_PACKED, DELTA_BINARY_PACKED, RLE_DICTIONARY ->
          throw Faults.damaged("has texts in the encoding %s".formatted(encoding));
    };
  }

  /// The place behind the value, which must lie within the bytes.
  final int behind(PageBytes bytes) {
    if (length < 0 || length > MAX_BYTES) {
      throw Faults.unread(
          "must have values of at most %d bytes, has one of %d"
              .formatted(MAX_BYTES, length & 0xffffffffL));
    }
    bytes.require(start, length);
    return start + length;
  }

  private static final class Plain extends Slices {
    private final PageBytes bytes;
    private int at;

    Plain(PageBytes bytes) {
      super(bytes.array());
      this.bytes = bytes;
      this.at = bytes.from();
    }

    @Override
    void next() {
      bytes.require(at, Integer.BYTES);
      length = bytes.int32(at);
      start = at + Integer.BYTES;
      at = behind(bytes);
    }
  }

  private static final class Fixed extends Slices {
    private final PageBytes bytes;

    Fixed(PageBytes bytes, int width) {
      super(bytes.array());
      this.bytes = bytes;
      this.length = width;
      this.start = bytes.from() - width;
    }

    @Override
    void next() {
      start += length;
      int _ = behind(bytes);
    }
  }

  /// First the lengths of all, then all bytes.
  private static final class Lengths extends Slices {
    private final PageBytes texts;
    private final Deltas lengths;
    private final long[] one = new long[1];

    Lengths(PageBytes bytes) {
      super(bytes.array());
      long[] sum = new long[1];
      this.texts = bytes.from(new Deltas(bytes).end(sum));
      texts.require(texts.from(), sum[0]);
      this.lengths = new Deltas(bytes);
      this.start = texts.from();
    }

    @Override
    void next() {
      start += length;
      lengths.read(one, 1);
      length = Math.toIntExact(one[0]);
      int _ = behind(texts);
    }
  }

  /// First how many bytes each has in common with the one before, then what follows them.
  private static final class Beginnings extends Slices {
    private final Deltas commons;
    private final Lengths rests;
    private final long[] one = new long[1];
    private long all;

    Beginnings(PageBytes bytes) {
      super(new byte[64]);
      this.commons = new Deltas(bytes);
      this.rests = new Lengths(bytes.from(new Deltas(bytes).end(new long[1])));
    }

    @Override
    void next() {
      commons.read(one, 1);
      rests.next();
      if (one[0] > length) {
        throw Faults.damaged(
            "has a text with %d bytes of the one before, which has %d".formatted(one[0], length));
      }
      int common = (int) one[0];
      length = common + rests.length;
      all += length;
      if (length > MAX_BYTES || all > MAX_PAGE) {
        throw Faults.unread(
            "must have values of at most %d bytes, and %d a page, has more"
                .formatted(MAX_BYTES, MAX_PAGE));
      }
      if (array.length < length) {
        array = Arrays.copyOf(array, Math.max(length, 2 * array.length));
      }
      System.arraycopy(rests.array, rests.start, array, common, rests.length);
    }
  }

  private static final class Split extends Slices {
    private final PageBytes bytes;
    private final int count;
    private int at;

    Split(PageBytes bytes, int width) {
      super(new byte[width]);
      if (width == 0) {
        throw Faults.damaged("has texts in the encoding BYTE_STREAM_SPLIT");
      }
      this.bytes = bytes;
      this.length = width;
      this.count = (bytes.end() - bytes.from()) / width;
    }

    @Override
    void next() {
      if (at == count) {
        throw PageBytes.cut();
      }
      for (int b = 0; b < length; b++) {
        array[b] = bytes.array()[bytes.from() + b * count + at];
      }
      at++;
    }
  }
}
