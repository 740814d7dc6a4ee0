package dev.backprop.service.dataset;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads CSV (RFC 4180) into a table, cell by cell. The text may have a byte order mark, any line
/// breaks, and line breaks in quoted cells. Blanks around a cell are dropped, also within its
/// quotes; quotes do not change what a cell means. Empty lines are ignored. But if there is one
/// column and a row follows, an empty line is a row with an empty cell.
public final class CsvTableReader {

  /// The most characters that a cell may have.
  static final int MAX_CELL = 1 << 20;

  private static final String LINES =
      "; curl sends a file with its line breaks by --data-binary @file and -H 'Content-Type: text/csv', and without them by -d";

  private final boolean header;
  private final CsvText text;
  private final CsvRecordHandler handler;

  private CsvTableReader(InputStream in, CsvOptions options, List<String> known, TableBuilder table)
      throws IOException {
    this.text = new CsvText(new TextReader(in, options.charset()), options.delimiter());
    this.header = options.header();
    this.handler = new CsvRecordHandler(options, known, text.linesBefore(), table);
  }

  /// As [#read(InputStream, CsvOptions, List, TableBuilder)], with the columns c1, c2, … for a text
  /// without a header
  public static List<String> read(InputStream in, CsvOptions options, TableBuilder table)
      throws IOException {
    return read(in, options, List.of(), table);
  }

  /// Reads to the end of the stream, which stays open.
  ///
  /// @param known the columns of a text without a header, in their order
  /// @return warnings
  /// @throws ProblemException if the text is not in its charset, is ragged, or has no header or no
  ///   row. Also if a quote is open, a name comes twice, or a cell does not fit its column. The
  ///   detail begins with the line
  /// @throws IOException if the stream does
  public static List<String> read(
      InputStream in, CsvOptions options, List<String> known, TableBuilder table)
      throws IOException {
    table.numbersWritten(options.numbers());
    return new CsvTableReader(in, options, known, table).read();
  }

  private List<String> read() throws IOException {
    Iterator<Boolean> records =
        CsvReader.builder()
            .fieldSeparator(text.delimiter())
            .allowExtraFields(true)
            .allowMissingFields(true)
            .maxBufferSize(MAX_CELL)
            .build(handler, text)
            .iterator();
    try {
      while (records.hasNext()) {
        records.next();
      }
    } catch (CsvParseException e) {
      RuntimeException fault = unwrapped(e);
      throw header && text.hasOneLine() && fault instanceof ProblemException problem
          ? problem.advised("; the text is one line" + LINES)
          : fault;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (text.openAtEnd() > 0) {
      throw openQuote();
    }
    boolean oneLine = text.hasOneLine() && !text.head().isEmpty();
    if (header && oneLine) {
      throw oneLine();
    }
    handler.end();
    if (oneLine) {
      handler.warnings().add("the text is one line" + LINES);
    }
    @Nullable String advice = advice();
    if (advice != null) {
      handler
          .warnings()
          .add(
              "with the delimiter %s the text has one column, %s"
                  .formatted(Delimiter.quoted(text.delimiter()), advice));
    }
    return handler.warnings();
  }

  /// The parser wraps exceptions that its handler throws.
  private RuntimeException unwrapped(CsvParseException e) {
    if (text.openAtEnd() > 0) {
      return openQuote();
    }
    return switch (e.getCause()) {
      case null -> tooLong();
      case InvalidDataException invalid -> DataProblems.atLine(handler.line(), advised(invalid));
      case CsvParseException inner ->
          String.valueOf(inner.getMessage()).contains("closing quote")
              ? DataProblems.malformed(
                  handler.line(), advised("a cell must end at its closing quote, goes on"))
              : tooLong();
      case RuntimeException other -> other;
      default -> e;
    };
  }

  /// Adds advice to try another delimiter if the text was read as one column.
  private InvalidDataException advised(InvalidDataException e) {
    boolean joined = e.fault() == InvalidDataException.Fault.RAGGED && text.hasOneLine();
    return new InvalidDataException(
        e.fault(), e.column(), e.row(), advised(e.detail()) + (joined ? LINES : ""));
  }

  private String advised(String detail) {
    @Nullable String advice = advice();
    return advice == null
        ? detail
        : "%s; the first line has one cell, %s".formatted(detail, advice);
  }

  private @Nullable String advice() {
    return handler.hasOneColumn()
        ? Delimiter.advice(text.head(), text.isLonger(), text.delimiter())
        : null;
  }

  /// A program that sends a text without its line breaks leaves nothing that could be read.
  private static ProblemException oneLine() {
    return DataProblems.malformed(
        1, "must name the columns, and rows must follow, but the text is one line" + LINES);
  }

  private ProblemException openQuote() {
    return DataProblems.malformed(text.openAtEnd(), "the quote that opens here must be closed");
  }

  private ProblemException tooLong() {
    return DataProblems.malformed(
        handler.line(), "a cell must have at most " + MAX_CELL + " characters, has more");
  }
}
