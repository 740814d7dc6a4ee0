package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Draws;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.UnkeptColumn;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Rows told apart by the values of one column: rows of the same value have the same key. Keys are
/// 0, 1, 2, …, in the order in which a [SplitSpec] has the values come.
///
/// @param rows ascending
/// @param keyOf of each of them
/// @param sizes how many rows each key has, at least one
/// @param ordered whether the values themselves have an order; else it was drawn
@SuppressWarnings("ArrayRecordComponent") // an index of millions of rows; held, never compared
public record RowKeys(int[] rows, int[] keyOf, int[] sizes, boolean ordered) {

  /// The draw of a group depends only on the seed and on the group's text, for a number the
  /// shortest one, and for a date that of its column. It depends neither on the place of the rows
  /// nor on other groups.
  ///
  /// @param column the one that the spec names, with its cells kept
  /// @param rows ascending; each has a value in the column
  public static RowKeys of(SplitSpec spec, Column column, int[] rows, long seed) {
    return switch (spec) {
      case SplitSpec.Group _ -> drawn(column, rows, seed);
      case SplitSpec.Order _ -> ordered(column, rows);
    };
  }

  /// Numbers by value, dates by time, all else by the code points of its text.
  private static RowKeys ordered(Column column, int[] rows) {
    RowKeys keys = of(column, rows);
    if (!(column instanceof CategoricalColumn)) {
      return new RowKeys(rows, keys.keyOf, keys.sizes, true);
    }
    int[] row = keys.firstRows();
    int[] sorted =
        IntStream.range(0, row.length)
            .boxed()
            .sorted(
                Comparator.comparing(key -> text(column, row[key]), RowKeys::comparedByCodePoint))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] place = new int[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      place[sorted[i]] = i;
    }
    return keys.placed(place, sorted.length, true);
  }

  private static RowKeys drawn(Column column, int[] rows, long seed) {
    RowKeys keys = of(column, rows);
    int[] row = keys.firstRows();
    long[] draws = new long[row.length];
    for (int key = 0; key < row.length; key++) {
      draws[key] = draw(seed, text(column, row[key]));
    }
    long[] sorted = draws.clone();
    Arrays.sort(sorted);
    int count = 0;
    for (long draw : sorted) {
      if (count == 0 || draw != sorted[count - 1]) {
        sorted[count++] = draw;
      }
    }
    // Values of one draw share a key; chance hardly ever makes any.
    int[] place = new int[draws.length];
    for (int key = 0; key < place.length; key++) {
      place[key] = Arrays.binarySearch(sorted, 0, count, draws[key]);
    }
    return keys.placed(place, count, false);
  }

  private static long draw(long seed, String text) {
    long hash = 0xCBF29CE484222325L; // FNV-1a (Fowler, Noll and Vo), which the draw mixes
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
    }
    return Draws.bits(seed, Draws.Purpose.SPLIT, 2, hash);
  }

  /// Keys of numbers and dates by value, of categories by code.
  private static RowKeys of(Column column, int[] rows) {
    return switch (column) {
      case CategoricalColumn categorical -> byCode(categorical, rows);
      case NumericColumn _, DateColumn _ -> byValue(column, rows);
      case UnkeptColumn _ ->
          throw new IllegalArgumentException("the cells of '" + column.name() + "' are gone");
    };
  }

  private static RowKeys byCode(CategoricalColumn column, int[] rows) {
    int[] keyOfCode = new int[column.categories().size()];
    int[] keyOf = new int[rows.length];
    int count = 0;
    for (int i = 0; i < rows.length; i++) {
      int code = (int) column.cell(rows[i]);
      if (keyOfCode[code] == 0) {
        keyOfCode[code] = ++count;
      }
      keyOf[i] = keyOfCode[code] - 1;
    }
    return counted(rows, keyOf, count, false);
  }

  private static RowKeys byValue(Column column, int[] rows) {
    double[] values = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      values[i] = column.cell(rows[i]) + 0.0; // there is one zero
    }
    Arrays.sort(values);
    int count = 0;
    for (double value : values) {
      if (count == 0 || value != values[count - 1]) {
        values[count++] = value;
      }
    }
    int[] keyOf = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      keyOf[i] = Arrays.binarySearch(values, 0, count, column.cell(rows[i]) + 0.0);
    }
    return counted(rows, keyOf, count, false);
  }

  private static RowKeys counted(int[] rows, int[] keyOf, int count, boolean ordered) {
    int[] sizes = new int[count];
    for (int key : keyOf) {
      sizes[key]++;
    }
    return new RowKeys(rows, keyOf, sizes, ordered);
  }

  /// How many there are.
  public int count() {
    return sizes.length;
  }

  /// A row of each key.
  private int[] firstRows() {
    int[] first = new int[sizes.length];
    for (int i = rows.length - 1; i >= 0; i--) {
      first[keyOf[i]] = rows[i];
    }
    return first;
  }

  private static String text(Column column, int row) {
    double cell = column.cell(row);
    return switch (column) {
      case CategoricalColumn categorical -> categorical.categories().get((int) cell).text();
      case DateColumn dates -> dates.format().text(cell);
      case NumericColumn _, UnkeptColumn _ -> Label.canonical(cell);
    };
  }

  /// The same rows with other keys.
  private RowKeys placed(int[] place, int count, boolean inOrder) {
    int[] placed = new int[keyOf.length];
    for (int i = 0; i < placed.length; i++) {
      placed[i] = place[keyOf[i]];
    }
    return counted(rows, placed, count, inOrder);
  }

  /// As UTF-8 and UTF-32 are sorted; UTF-16 has code points above 0xffff before some that are
  /// below.
  public static int comparedByCodePoint(String a, String b) {
    int i = 0;
    while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    return i == a.length() || i == b.length()
        ? Integer.compare(a.length(), b.length())
        : Integer.compare(a.codePointAt(i), b.codePointAt(i));
  }
}
