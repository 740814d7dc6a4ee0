package dev.backprop.platform.parquet;

import dev.backprop.engine.table.DateFormat;
import dev.backprop.engine.table.TableBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Values as cells of a table: numbers, or seconds of dates. A number that no double equals, and
/// one that is not finite, is a text, as in CSV.
final class Cells {

  private static final double MAX_INTEGER = 1L << 53;
  private static final int MAX_POWER = 22;
  private static final long SECONDS_A_DAY = 86_400;
  private static final DateFormat LOCAL = new DateFormat("yyyy-MM-dd'T'HH:mm:ss", null);
  private static final DateFormat UTC = new DateFormat("yyyy-MM-dd'T'HH:mm:ssXXX", "Z");

  /// Julian day of 1970-01-01.
  private static final long EPOCH_DAY = 2_440_588;

  private static final long NANOS = 1_000_000_000;

  private final Meaning meaning;
  private final int scale;
  private final boolean unsigned;
  private final boolean narrow;
  private final double power;
  private final double[] one = new double[1];

  final double[] values;
  private final @Nullable String[] texts;
  private boolean hasTexts;

  /// Cells of a dictionary.
  Cells(Meaning meaning, Physical physical, int size) {
    this(meaning, physical, new double[size], new @Nullable String[size]);
  }

  /// Cells of a batch.
  Cells(Meaning meaning, Physical physical, Scratch scratch) {
    this(meaning, physical, scratch.values, scratch.texts);
    this.hasTexts = true;
    clear();
  }

  private Cells(Meaning meaning, Physical physical, double[] values, @Nullable String[] texts) {
    this.meaning = meaning;
    this.scale = meaning instanceof Meaning.Numeric number ? number.scale() : 0;
    this.unsigned = meaning instanceof Meaning.Numeric number && number.unsigned();
    this.narrow = physical == Physical.INT32;
    this.power = scale <= MAX_POWER ? Math.pow(10, scale) : Double.NaN;
    this.values = values;
    this.texts = texts;
  }

  /// The memory of so many cells.
  static long bytes(long size) {
    return 16 * size;
  }

  void clear() {
    if (hasTexts) {
      Arrays.fill(texts, null);
      hasTexts = false;
    }
  }

  private void text(int i, String text) {
    texts[i] = text;
    values[i] = Double.NaN;
    hasTexts = true;
  }

  /// Takes numbers with a fraction that stand in [#values] already.
  void doubles(int n) {
    for (int i = 0; i < n; i++) {
      double value = values[i];
      if (!(Math.abs(value) <= Double.MAX_VALUE)) {
        text(i, Double.toString(value));
      }
    }
  }

  void longs(long[] from, int n) {
    switch (meaning) {
      case Meaning.Numeric _ -> {
        for (int i = 0; i < n; i++) {
          number(i, unsigned && narrow ? from[i] & 0xffffffffL : from[i]);
        }
      }
      case Meaning.Day _ -> {
        for (int i = 0; i < n; i++) {
          values[i] = dated((double) from[i] * SECONDS_A_DAY);
        }
      }
      case Meaning.Moment(long perSecond, boolean _) -> {
        for (int i = 0; i < n; i++) {
          values[i] = seconds(from[i], perSecond);
        }
      }
      case Meaning.Truth _, Meaning.Text _, Meaning.Uuid _, Meaning.TimeOfDay _ ->
          throw new IllegalStateException(meaning.toString());
    }
  }

  private void number(int i, long value) {
    if (Math.abs(value) <= MAX_INTEGER && value != Long.MIN_VALUE && scale <= MAX_POWER) {
      // Both operands are exact, so that one rounding gives the nearest double.
      values[i] = scale == 0 ? value : value / power;
      if (value >= 0 || !unsigned) {
        return;
      }
    }
    text(i, unscaled(unsigned ? unsigned(value) : BigInteger.valueOf(value)));
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  private String unscaled(BigInteger value) {
    BigDecimal decimal = new BigDecimal(value, scale);
    return scale == 0 ? decimal.toPlainString() : plain(decimal.stripTrailingZeros());
  }

  private static String plain(BigDecimal decimal) {
    return decimal.signum() == 0 ? "0" : decimal.toPlainString();
  }

  /// Takes a value that is bytes, of a decimal or a moment.
  void bytes(int i, Slices from) {
    if (meaning instanceof Meaning.Moment) {
      long nanos = little(from.array, from.start, Long.BYTES);
      long day = little(from.array, from.start + Long.BYTES, Integer.BYTES);
      values[i] = dated(dayAndTime((int) day - EPOCH_DAY, nanos, NANOS));
      return;
    }
    if (from.length == 0) {
      throw Faults.damaged("has a decimal of 0 bytes");
    }
    BigInteger value = new BigInteger(from.array, from.start, from.length);
    if (value.bitLength() < Long.SIZE) {
      number(i, value.longValue());
    } else {
      text(i, unscaled(value));
    }
  }

  private static long little(byte[] bytes, int from, int n) {
    long value = 0;
    for (int b = n - 1; b >= 0; b--) {
      value = value << 8 | (bytes[from + b] & 0xff);
    }
    return value;
  }

  private static double seconds(long value, long perSecond) {
    long perDay = perSecond * SECONDS_A_DAY;
    return dated(dayAndTime(Math.floorDiv(value, perDay), Math.floorMod(value, perDay), perSecond));
  }

  /// The sum is made as that of a text is, to the same bits.
  private static double dayAndTime(long day, long parts, long perSecond) {
    long second = Math.floorDiv(parts, perSecond);
    long part = Math.floorMod(parts, perSecond);
    double ofMinute = Math.floorMod(second, 60) + (part == 0 ? 0 : (double) part / perSecond);
    return day * (double) SECONDS_A_DAY + (second - Math.floorMod(second, 60) + ofMinute);
  }

  private static double dated(double seconds) {
    if (!DateFormat.hasText(seconds)) {
      throw Faults.unread(
          "must have dates of the years 1 to 9999, has one %.0f seconds from 1970-01-01"
              .formatted(seconds));
    }
    return seconds;
  }

  /// Takes the first cells of others.
  void take(Cells others, int at, int n) {
    System.arraycopy(others.values, 0, values, at, n);
    if (others.hasTexts) {
      System.arraycopy(others.texts, 0, texts, at, n);
      hasTexts = true;
    }
  }

  /// Takes the cells that others name by their places.
  void named(Cells others, int[] places, int n) {
    double[] from = others.values;
    for (int i = 0; i < n; i++) {
      values[i] = from[places[i]];
    }
    if (others.hasTexts) {
      for (int i = 0; i < n; i++) {
        texts[i] = others.texts[places[i]];
      }
      hasTexts = true;
    }
  }

  /// Moves the first cells to the rows that have one; the others are missing.
  ///
  /// @param levels 1 for each row that has one
  /// @param present how many have one
  void spread(int[] levels, int rows, int present) {
    int from = present;
    for (int row = rows - 1; row >= 0; row--) {
      boolean has = levels[row] == 1;
      from -= has ? 1 : 0;
      values[row] = has ? values[from] : Double.NaN;
      if (hasTexts) {
        texts[row] = has ? texts[from] : null;
      }
    }
  }

  /// Gives the first cells to a table.
  void give(TableBuilder table, int column, int n) {
    if (!hasTexts) {
      give(table, column, values, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      String text = texts[i];
      if (text == null) {
        one[0] = values[i];
        give(table, column, one, 1);
      } else {
        table.next(column, text.toCharArray(), 0, text.length());
      }
    }
  }

  private void give(TableBuilder table, int column, double[] some, int n) {
    switch (meaning) {
      case Meaning.Day _ -> table.dates(column, some, n, DateFormat.DAY);
      case Meaning.Moment(long _, boolean utc) -> table.dates(column, some, n, utc ? UTC : LOCAL);
      case Meaning.Numeric _,
          Meaning.Truth _,
          Meaning.Text _,
          Meaning.Uuid _,
          Meaning.TimeOfDay _ ->
          table.numbers(column, some, n);
    }
  }
}
