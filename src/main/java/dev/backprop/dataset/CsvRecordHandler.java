package dev.backprop.dataset;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.RecordType;
import dev.backprop.data.InvalidDataException;
import dev.backprop.data.Numbers;
import dev.backprop.data.TableBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Passes the cells of CSV lines on to a table.
final class CsvRecordHandler extends AbstractBaseCsvCallbackHandler<Boolean> {

  private final CsvOptions options;
  private final TableBuilder table;
  private final List<String> names = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private int[] columns = new int[0];
  private boolean first = true;
  private long line = 1;

  CsvRecordHandler(CsvOptions options, TableBuilder table) {
    this.options = options;
    this.table = table;
  }

  /// The line in which the record that is being read began.
  long line() {
    return line;
  }

  List<String> warnings() {
    return warnings;
  }

  /// There is nothing more to read.
  void end() {
    if (first) {
      throw DataProblems.malformed(1, "must have a header and rows, is empty");
    }
    if (table.rows() == 0) {
      throw DataProblems.invalid("must have at least 1 row after the header, has 0");
    }
  }

  @Override
  protected void handleBegin(long startingLineNumber) {
    line = startingLineNumber;
  }

  @Override
  protected void handleField(int index, char[] chars, int offset, int length, boolean quoted) {
    int from = offset;
    int to = offset + length;
    if (!quoted) {
      while (from < to && isSpace(chars[from])) {
        from++;
      }
      while (from < to && isSpace(chars[to - 1])) {
        to--;
      }
    }
    if (!first) {
      if (index >= columns.length) {
        throw ragged("more");
      }
      table.text(columns[index], chars, from, to - from);
    } else if (index < TableBuilder.MAX_COLUMNS) {
      names.add(new String(chars, from, to - from));
    } else {
      throw DataProblems.malformed(
          line, "must have at most " + TableBuilder.MAX_COLUMNS + " cells, has more");
    }
  }

  @Override
  protected Boolean buildRecord() {
    if (getRecordType() == RecordType.EMPTY) {
      return true;
    }
    if (first) {
      first = false;
      if (options.header()) {
        nameColumns(names);
        return true;
      }
      List<String> numbered = new ArrayList<>();
      for (int i = 1; i <= names.size(); i++) {
        numbered.add("c" + i);
      }
      nameColumns(numbered);
      for (int i = 0; i < columns.length; i++) {
        table.text(columns[i], names.get(i));
      }
    } else if (getFieldCount() < columns.length) {
      throw ragged(String.valueOf(getFieldCount()));
    }
    table.endRow();
    return true;
  }

  private void nameColumns(List<String> header) {
    if (header.stream().noneMatch(name -> Double.isNaN(Numbers.parse(name)))) {
      throw DataProblems.malformed(
          line, "must be a header with the names of the columns, has only numbers");
    }
    Set<String> seen = new HashSet<>();
    columns = new int[header.size()];
    for (int i = 0; i < columns.length; i++) {
      String name = header.get(i);
      if (name.isEmpty()) {
        name = "c" + (i + 1);
        warnings.add("column %d has no name and is called '%s'".formatted(i + 1, name));
      }
      if (!seen.add(name)) {
        throw DataProblems.malformed(
            line, "the names of the columns must differ, '%s' stands there twice".formatted(name));
      }
      columns[i] = table.column(name);
    }
  }

  private InvalidDataException ragged(String cells) {
    return new InvalidDataException(
        InvalidDataException.Fault.RAGGED,
        null,
        table.rows(),
        "must have %d cells as the first line, has %s".formatted(columns.length, cells));
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
