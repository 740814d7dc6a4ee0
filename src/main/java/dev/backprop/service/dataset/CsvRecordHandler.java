package dev.backprop.service.dataset;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.RecordType;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.problem.Excerpt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Passes the cells of CSV lines on to a table.
final class CsvRecordHandler extends AbstractBaseCsvCallbackHandler<Boolean> {

  /// The most columns that an error names.
  private static final int MAX_SAID = 20;

  private final CsvOptions options;
  private final List<String> known;
  private final int linesBefore;
  private final TableBuilder table;
  private final List<String> firstCells = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private int[] columns = new int[0];
  private boolean first = true;
  private long line = 1;
  private long blankFrom;
  private int blank;

  /// @param known names the columns of a text without a header, in their order; if it is empty,
  ///   columns are called c1, c2, …
  /// @param linesBefore lines of the text before the first one that the parser sees
  CsvRecordHandler(CsvOptions options, List<String> known, int linesBefore, TableBuilder table) {
    this.options = options;
    this.known = known;
    this.linesBefore = linesBefore;
    this.table = table;
  }

  /// The line in which the record that is being read began.
  long line() {
    return line;
  }

  /// Whether the first line, as far as it was read, has one cell.
  boolean hasOneColumn() {
    return firstCells.size() <= 1;
  }

  List<String> warnings() {
    return warnings;
  }

  /// Called at the end of the text.
  void end() {
    if (first) {
      throw DataProblems.malformed(
          1,
          options.header() ? "must have a header and rows, is empty" : "must have rows, is empty");
    }
    if (table.rows() == 0) {
      throw DataProblems.invalid("must have at least 1 row after the header, has 0");
    }
  }

  @Override
  protected void handleBegin(long startingLineNumber) {
    line = startingLineNumber + linesBefore;
  }

  @Override
  protected void handleField(int index, char[] chars, int offset, int length, boolean quoted) {
    if (!first) {
      if (index >= columns.length) {
        throw ragged("more");
      }
      if (blank > 0) {
        blankLines();
      }
      table.text(columns[index], chars, offset, length);
    } else if (index < TableBuilder.MAX_COLUMNS) {
      firstCells.add(new String(chars, offset, length).strip());
    } else {
      throw DataProblems.malformed(
          line, "must have at most " + TableBuilder.MAX_COLUMNS + " cells, has more");
    }
  }

  @Override
  protected Boolean buildRecord() {
    if (getRecordType() == RecordType.EMPTY) {
      if (!first || !options.header()) {
        blankFrom = blank == 0 ? line : blankFrom;
        blank++;
      }
      return true;
    }
    if (first) {
      first = false;
      if (options.header()) {
        nameColumns(firstCells);
        return true;
      }
      firstRow();
    } else if (getFieldCount() < columns.length) {
      throw ragged(String.valueOf(getFieldCount()));
    }
    table.endRow();
    return true;
  }

  /// Names the columns of a text without a header, and checks the first row.
  private void firstRow() {
    int cells = firstCells.size();
    if (!known.isEmpty() && cells != known.size()) {
      throw new InvalidDataException(
          InvalidDataException.Fault.RAGGED,
          null,
          table.rows(),
          "must have %d cells without a header, %s%s, has %d"
              .formatted(
                  known.size(),
                  Excerpt.of(String.join(", ", known.subList(0, Math.min(MAX_SAID, known.size())))),
                  known.size() > MAX_SAID ? ", …" : "",
                  cells));
    }
    nameColumns(
        known.isEmpty() ? IntStream.rangeClosed(1, cells).mapToObj(i -> "c" + i).toList() : known);
    if (blank > 0) {
      blankLines();
    }
    for (int i = 0; i < cells; i++) {
      table.text(columns[i], firstCells.get(i));
    }
  }

  /// Called if a row follows blank lines. If there is a single column, each blank line is a row
  /// with an empty cell. Otherwise blank lines are ignored.
  private void blankLines() {
    long now = line;
    for (int i = 0; i < blank && columns.length == 1; i++) {
      line = blankFrom + i;
      table.text(columns[0], "");
      table.endRow();
    }
    blank = 0;
    line = now;
  }

  private void nameColumns(List<String> header) {
    if (options.header() && header.stream().allMatch(this::isNumber)) {
      throw DataProblems.malformed(
          line,
          "must be a header with the names of the columns, has only numbers; give header=false where there is none");
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

  private boolean isNumber(String name) {
    return !Double.isNaN(options.numbers().parse(name.toCharArray(), 0, name.length()));
  }

  private InvalidDataException ragged(String cells) {
    return new InvalidDataException(
        InvalidDataException.Fault.RAGGED,
        null,
        table.rows(),
        "must have %d cells as the first line, has %s".formatted(columns.length, cells));
  }
}
