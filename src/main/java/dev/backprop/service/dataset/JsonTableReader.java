package dev.backprop.service.dataset;

import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.json.JsonProblems;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.JacksonIOException;

/// Reads a document `{"rows": […]}` into a table; see [JsonRowsReader].
final class JsonTableReader {

  private JsonTableReader() {}

  /// @throws ProblemException if the document is malformed (with line and column), or has other
  ///   fields or rows that do not fit
  /// @throws IOException if the stream does
  static void read(InputStream in, Charset charset, TableBuilder table) throws IOException {
    try (JsonParser parser =
        NdjsonTableReader.FACTORY.createParser(
            ObjectReadContext.empty(), new TextReader(in, charset))) {
      document(parser, table);
    } catch (JacksonIOException e) {
      throw e.getCause();
    } catch (JacksonException e) {
      throw JsonProblems.of(e);
    }
  }

  private static void document(JsonParser parser, TableBuilder table) {
    JsonToken first = parser.nextToken();
    if (first != JsonToken.START_OBJECT) {
      throw DataProblems.wrongType(
          "",
          "must be an object with rows, was "
              + (first == null ? "empty" : JsonProblems.kind(first)));
    }
    boolean read = false;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      String pointer = "/" + Problem.Field.part(name);
      if (!name.equals("rows")) {
        throw ProblemException.at(
            ProblemCode.UNKNOWN_FIELD, pointer, "there is no such field, there is rows");
      }
      if (read) {
        throw ProblemException.at(ProblemCode.DUPLICATE_FIELD, pointer, "must be given once");
      }
      parser.nextToken();
      JsonRowsReader.read(parser, table, pointer);
      read = true;
    }
    if (!read) {
      throw DataProblems.invalid("/rows", "must be there, is missing");
    }
    if (parser.nextToken() != null) {
      throw new ProblemException(
          ProblemCode.MALFORMED_JSON,
          "line %d: the body must end after the object"
              .formatted(parser.currentTokenLocation().getLineNr()));
    }
  }
}
