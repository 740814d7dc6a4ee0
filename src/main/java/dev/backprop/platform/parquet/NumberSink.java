package dev.backprop.platform.parquet;

import dev.backprop.engine.table.TableBuilder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes numbers and dates.
final class NumberSink implements CellSink {

  private final Physical physical;
  private final int length;
  private final Meaning meaning;
  private final TableBuilder table;
  private final int column;
  private final Cells cells;
  private final long[] longs;
  private @Nullable Cells dictionary;
  private @Nullable Longs integers;
  private @Nullable Doubles fractions;
  private @Nullable Slices slices;

  NumberSink(FileColumn of, TableBuilder table, int column, Scratch scratch) {
    this.physical = Objects.requireNonNull(of.physical());
    this.length = of.length();
    this.meaning = Objects.requireNonNull(of.meaning());
    this.table = table;
    this.column = column;
    this.cells = new Cells(meaning, physical, scratch);
    this.longs = scratch.longs;
  }

  @Override
  public void dictionary(PageBytes page, int size) {
    table.holds(Cells.bytes(size));
    Cells entries = new Cells(meaning, physical, size);
    begin(Encoding.PLAIN, page);
    for (int from = 0; from < size; from += Scratch.BATCH) {
      int n = Math.min(Scratch.BATCH, size - from);
      values(n);
      entries.take(cells, from, n);
    }
    dictionary = entries;
  }

  @Override
  public int dictionarySize() {
    return Objects.requireNonNull(dictionary).values.length;
  }

  @Override
  public void begin(Encoding encoding, PageBytes page) {
    switch (physical) {
      case INT32, INT64 -> integers = Longs.of(encoding, physical, page);
      case FLOAT, DOUBLE -> fractions = Doubles.of(encoding, physical, page);
      case INT96, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> slices = Slices.of(encoding, length, page);
      case BOOLEAN -> throw new IllegalStateException("a truth value is no number");
    }
  }

  @Override
  public void values(int n) {
    cells.clear();
    if (integers != null) {
      integers.read(longs, n);
      cells.longs(longs, n);
    } else if (fractions != null) {
      fractions.read(cells.values, n);
      cells.doubles(n);
    } else {
      Slices from = Objects.requireNonNull(slices);
      for (int i = 0; i < n; i++) {
        from.next();
        cells.bytes(i, from);
      }
    }
  }

  @Override
  public void named(int[] places, int n) {
    cells.clear();
    cells.named(Objects.requireNonNull(dictionary), places, n);
  }

  @Override
  public void give(int @Nullable [] levels, int rows, int given) {
    if (levels != null) {
      cells.spread(levels, rows, given);
    }
    cells.give(table, column, rows);
  }

  @Override
  public void forget() {
    if (dictionary != null) {
      table.holds(-Cells.bytes(dictionarySize()));
      dictionary = null;
    }
  }
}
