package dev.backprop.dataset;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.backprop.data.InvalidDataException;
import dev.backprop.data.TableBuilder;
import dev.backprop.http.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;

/// Reads CSV (RFC 4180) into a table, cell by cell: UTF-8 with or without a byte order mark, any
/// line break, quoted cells with line breaks in them. Spaces around a cell that is not quoted are
/// dropped, empty lines are read over. Whether a cell was quoted says nothing about its type.
public final class CsvTableReader {

  /// Characters that a cell may have.
  static final int MAX_CELL = 1 << 20;

  private CsvTableReader() {}

  /// Reads to the end of the stream, which stays open.
  ///
  /// @return warnings
  /// @throws ProblemException where the text is not UTF-8, ragged, without a header, without a row,
  ///   or has an open quote, the same name twice or a cell that cannot be what it has to be; its
  ///   detail begins with the line
  /// @throws IOException where the stream does
  public static List<String> read(InputStream in, CsvOptions options, TableBuilder table)
      throws IOException {
    Utf8Reader text = new Utf8Reader(in);
    QuoteWatch quotes = new QuoteWatch(text, options.delimiter());
    CsvRecordHandler handler = new CsvRecordHandler(options, table);
    Iterator<Boolean> records =
        CsvReader.builder()
            .fieldSeparator(options.delimiter())
            .allowExtraFields(true)
            .allowMissingFields(true)
            .maxBufferSize(MAX_CELL)
            .build(handler, quotes)
            .iterator();
    try {
      while (records.hasNext()) {
        records.next();
      }
    } catch (CsvParseException e) {
      throw unwrapped(e, quotes, handler);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (quotes.openAtEnd() > 0) {
      throw openQuote(quotes);
    }
    handler.end();
    return handler.warnings();
  }

  /// The parser wraps whatever is thrown below it.
  private static RuntimeException unwrapped(
      CsvParseException e, QuoteWatch quotes, CsvRecordHandler handler) {
    if (quotes.openAtEnd() > 0) {
      return openQuote(quotes);
    }
    return switch (e.getCause()) {
      case null -> tooLong(handler);
      case InvalidDataException invalid -> DataProblems.atLine(handler.line(), invalid);
      case CsvParseException inner ->
          String.valueOf(inner.getMessage()).contains("closing quote")
              ? DataProblems.malformed(
                  handler.line(), "a cell must end at its closing quote, goes on")
              : tooLong(handler);
      case RuntimeException other -> other;
      default -> e;
    };
  }

  private static ProblemException openQuote(QuoteWatch quotes) {
    return DataProblems.malformed(quotes.openAtEnd(), "the quote that opens here must be closed");
  }

  private static ProblemException tooLong(CsvRecordHandler handler) {
    return DataProblems.malformed(
        handler.line(), "a cell must have at most " + MAX_CELL + " characters, has more");
  }
}
