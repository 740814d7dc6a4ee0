package dev.backprop.service.dataset;

import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.json.JsonProblems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/// Reads lines of JSON, each an object, into a table; see [JsonRowsReader].
public final class NdjsonTableReader {

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(100)
                  .maxStringLength(CsvTableReader.MAX_CELL)
                  .build())
          .build();

  private NdjsonTableReader() {}

  /// Reads to the end of the stream.
  ///
  /// @throws dev.backprop.platform.problem.ProblemException if there is no line, a line is no JSON
  ///   object, or a cell is nested or does not fit its column. The detail begins with the line
  /// @throws IOException if the stream does
  public static void read(InputStream in, Charset charset, TableBuilder table) throws IOException {
    long line = 1;
    boolean inRow = false;
    try (JsonParser parser =
        FACTORY.createParser(ObjectReadContext.empty(), new TextReader(in, charset))) {
      JsonRowsReader rows = JsonRowsReader.ofRows(parser, table);
      long before = 0;
      while (parser.nextToken() != null) {
        line = parser.currentTokenLocation().getLineNr();
        if (line == before || parser.currentToken() != JsonToken.START_OBJECT) {
          throw DataProblems.malformed(
              line,
              line == before
                  ? "must have one object, has more; curl sends lines with their breaks by --data-binary, and without them by -d"
                  : "must be an object, was " + JsonProblems.kind(parser.currentToken()));
        }
        inRow = true;
        rows.row();
        inRow = false;
        before = parser.currentTokenLocation().getLineNr();
        if (before != line) {
          throw DataProblems.malformed(line, "must have the whole object, has only its beginning");
        }
      }
    } catch (InvalidDataException e) {
      throw DataProblems.atLine(line, e);
    } catch (JacksonIOException e) {
      throw e.getCause();
    } catch (JacksonException e) {
      throw DataProblems.malformed(
          inRow || e.getLocation() == null ? line : e.getLocation().getLineNr(),
          JsonProblems.words(e));
    }
    if (table.rows() == 0) {
      throw DataProblems.invalid("must have at least 1 line, has 0");
    }
  }
}
