package dev.backprop.platform.parquet;

import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads a Parquet file into a table, column by column.
///
/// A cell means what it means in CSV. A missing value is a missing cell. NaN and the infinities are
/// the texts `NaN`, `Infinity` and `-Infinity`. A number of 32 bits is the shortest decimal that is
/// read as it. A truth value, a time of day and a UUID are texts. Dates and moments are those of
/// ISO 8601.
///
/// A file that is not trusted takes bounded time and memory: every length is checked against the
/// bytes that there are, and every page has a limit.
public final class ParquetTableReader {

  private final FileBytes file;
  private final TableBuilder table;
  private final List<String> warnings = new ArrayList<>();
  private long held;

  private ParquetTableReader(FileBytes file, TableBuilder table) {
    this.file = file;
    this.table = table;
  }

  /// @return warnings
  /// @throws ProblemException if the file is damaged, has what is not read, or has no row
  /// @throws InvalidDataException if a cell does not fit its column
  public static List<String> read(SeekableByteChannel channel, TableBuilder table)
      throws IOException {
    ParquetTableReader reader = new ParquetTableReader(FileBytes.of(channel), table);
    try {
      reader.read();
    } finally {
      table.holds(-reader.held);
    }
    return reader.warnings;
  }

  private void holds(long delta) {
    held += delta;
    table.holds(delta);
  }

  private void read() throws IOException {
    FileMeta meta = FileMeta.read(file, this::holds);
    if (meta.rows() == 0) {
      throw Faults.unread("must have at least 1 row, has 0");
    }
    int[] places = places(meta.columns());
    ChunkBytes bytes = new ChunkBytes(file, this::holds);
    Scratch scratch = new Scratch();
    boolean[] skipped = new boolean[places.length];
    for (int c = 0; c < places.length; c++) {
      skipped[c] = skips(meta.columns().get(c), places[c]);
    }
    for (RowGroup group : meta.groups()) {
      int chunk = 0;
      for (int c = 0; c < places.length; c++) {
        FileColumn column = meta.columns().get(c);
        if (!skipped[c]) {
          read(new ColumnReader(column, bytes, scratch, table, places[c]), column, group, chunk);
        }
        chunk += column.leaves();
      }
      table.endRows((int) group.rows());
    }
  }

  private static void read(ColumnReader reader, FileColumn column, RowGroup group, int chunk)
      throws IOException {
    try {
      reader.read(group.chunks().get(chunk), group.rows());
    } catch (ProblemException e) {
      throw Faults.in(column.name(), e);
    }
  }

  /// The columns of the table, in the order of the file.
  private int[] places(List<FileColumn> columns) {
    int[] places = new int[columns.size()];
    Set<String> names = new HashSet<>();
    for (int c = 0; c < places.length; c++) {
      String name = columns.get(c).name().strip();
      if (name.isEmpty()) {
        name = "c" + (c + 1);
        warnings.add("column %d has no name and is called '%s'".formatted(c + 1, name));
      }
      if (!names.add(name)) {
        throw Faults.in(name, Faults.damaged("has several columns of this name"));
      }
      places[c] = table.column(name);
    }
    return places;
  }

  /// Whether a column is not needed. Else it must be one that is read.
  private boolean skips(FileColumn column, int to) {
    if (table.skips(to) && (column.meaning() != null || table.takesAnything(to))) {
      return true;
    }
    if (column.meaning() == null) {
      throw Faults.in(
          column.name(),
          Faults.unread(
              column.physical() == null
                  ? "has %s there, and only flat columns are read".formatted(column.kind())
                  : "has %s there, which is not read".formatted(column.kind())));
    }
    return false;
  }
}
