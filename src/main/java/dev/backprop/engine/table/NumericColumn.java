package dev.backprop.engine.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// A column of finite numbers, each kept exactly.
public final class NumericColumn extends Column {

  /// What a column takes beside its cells, with its name. Two rows may have millions of columns.
  private static final int COLUMN_BYTES = 400;

  /// How many columns share an array. Their cells of a row then fill one or a few cache lines.
  private static final int SIDE_BY_SIDE = 32;

  /// The most memory of such an array. While it is filled, the columns' own arrays are held too.
  private static final long SIDE_BY_SIDE_BYTES = 16 << 20;

  private final Found found;

  /// The few texts in a column of numbers or of dates, with their rows.
  ///
  /// @param texts distinct
  /// @param rows ascending
  /// @param codes for each of the rows the index of its text
  @SuppressWarnings("ArrayRecordComponent") // never handed out
  record Strangers(List<String> texts, int[] rows, byte[] codes) {

    static final Strangers NONE = new Strangers(List.of(), new int[0], new byte[0]);

    /// The most distinct texts that a column of numbers may have.
    static final int MAX_TEXTS = 3;

    /// With so many cells or more, a column of numbers with a few texts stays one of numbers.
    static final int MIN_CELLS = 50;

    Strangers {
      texts = List.copyOf(texts);
    }

    /// Whether a column is one of numbers, all but a few cells.
    ///
    /// @param cells that are not missing
    static boolean areFew(int numbers, int cells, int distinctTexts) {
      return cells >= MIN_CELLS && distinctTexts <= MAX_TEXTS && 100L * numbers >= 98L * cells;
    }

    long bytes() {
      return texts.isEmpty() ? 0 : 200 + 5L * rows.length;
    }

    /// Those of some of the rows, which are counted anew.
    Strangers part(int first, int count) {
      int from = place(first);
      int to = place(first + count);
      int[] shifted = Arrays.copyOfRange(rows, from, to);
      for (int i = 0; i < shifted.length; i++) {
        shifted[i] -= first;
      }
      return new Strangers(texts, shifted, Arrays.copyOfRange(codes, from, to));
    }

    private int place(int row) {
      int found = Arrays.binarySearch(rows, row);
      return found < 0 ? -found - 1 : found;
    }

    /// The texts by their rows.
    Map<Integer, String> byRow() {
      Map<Integer, String> byRow = HashMap.newHashMap(rows.length);
      for (int i = 0; i < rows.length; i++) {
        byRow.put(rows[i], texts.get(codes[i]));
      }
      return byRow;
    }
  }

  /// What else the reader of a column of numbers, or of dates, found.
  ///
  /// @param strangers the texts that count as missing
  /// @param respelled the first text that is not the shortest of its number, or is no text of the
  ///   column's format; null if there is none
  record Found(Strangers strangers, @Nullable String respelled, List<String> notes) {

    static final Found NOTHING = new Found(Strangers.NONE, null, List.of());

    Found {
      notes = List.copyOf(notes);
    }

    /// What of it is in some of the rows.
    Found part(int first, int count) {
      return strangers.texts().isEmpty()
          ? this
          : new Found(strangers.part(first, count), respelled, notes);
    }
  }

  NumericColumn(String name, Cells cells) {
    this(name, cells, Found.NOTHING);
  }

  NumericColumn(String name, Cells cells, Found found) {
    super(name, cells);
    this.found = found;
  }

  /// A column of finite numbers.
  ///
  /// @param budget is told the memory of the column
  public static NumericColumn of(
      String name, int rows, IntToDoubleFunction numbers, ByteBudget budget) {
    Meter meter = new Meter(budget);
    meter.add(COLUMN_BYTES);
    CellsBuilder cells = new CellsBuilder(meter);
    for (int row = 0; row < rows; row++) {
      cells.add(numbers.applyAsDouble(row));
    }
    NumericColumn column = new NumericColumn(name, cells.build());
    meter.tell();
    return column;
  }

  /// A column without a single value.
  static NumericColumn missing(String name, int rows) {
    CellsBuilder cells = new CellsBuilder(new Meter(ByteBudget.unbounded()));
    cells.addMissing(rows);
    return new NumericColumn(name, cells.build());
  }

  /// Puts the cells of neighbouring columns of one kind side by side. It does so group by group, so
  /// that little is held twice.
  ///
  /// @param columns each is replaced by one that is equal
  static void putSideBySide(List<Column> columns) {
    List<Integer> group = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      if (!(columns.get(c) instanceof NumericColumn next)) {
        continue;
      }
      boolean fits =
          !group.isEmpty()
              && group.size() < SIDE_BY_SIDE
              && next.bytes() * (group.size() + 1) <= SIDE_BY_SIDE_BYTES
              && columns.get(group.getFirst()) instanceof NumericColumn first
              && first.cells().width() == next.cells().width();
      if (!fits) {
        arrange(columns, group);
        group.clear();
      }
      group.add(c);
    }
    arrange(columns, group);
  }

  private static void arrange(List<Column> columns, List<Integer> group) {
    if (group.size() < 2) {
      return;
    }
    List<Cells> cells = group.stream().map(c -> ((NumericColumn) columns.get(c)).cells()).toList();
    List<Cells> arranged = Cells.sideBySide(cells);
    for (int i = 0; i < group.size(); i++) {
      int c = group.get(i);
      NumericColumn column = (NumericColumn) columns.get(c);
      columns.set(c, new NumericColumn(column.name(), arranged.get(i), column.found));
    }
  }

  Found found() {
    return found;
  }

  /// The texts among the numbers, at most three, which stand for a missing value in this column.
  public List<String> missingTexts() {
    return found.strangers().texts();
  }

  /// The same texts by their rows.
  Map<Integer, String> strangerTexts() {
    return found.strangers().byRow();
  }

  /// The same numbers, with nothing kept of the texts among them.
  NumericColumn withoutStrangers() {
    return new NumericColumn(
        name(), cells(), new Found(Strangers.NONE, found.respelled(), found.notes()));
  }

  @Override
  Column part(int first, int count) {
    return new NumericColumn(name(), cells().part(first, count), found.part(first, count));
  }

  @Override
  public List<String> notes() {
    return found.notes();
  }

  @Override
  public ColumnType type() {
    return ColumnType.NUMERIC;
  }

  @Override
  public long bytes() {
    return cells().bytes() + found.strangers().bytes();
  }

  /// Encodes the cells of the rows `rows[from] … rows[from + n - 1]` into `x[at]`, `x[at +
  /// stride]`, …
  public void encode(
      Column.Encoder encoder, int[] rows, int from, int n, float[] x, int at, int stride) {
    cells().encode(encoder, rows, from, n, x, at, stride);
  }

  @Override
  Object json(double cell) {
    return Label.jsonNumber(cell);
  }
}
