package dev.backprop.service.prediction;

import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.BodyType;
import dev.backprop.service.dataset.CsvOptions;
import dev.backprop.service.dataset.CsvTableReader;
import dev.backprop.service.dataset.JsonNumbersReader;
import dev.backprop.service.dataset.JsonRowsReader;
import dev.backprop.service.dataset.NdjsonTableReader;
import dev.backprop.service.dataset.ParquetBodies;
import dev.backprop.service.dataset.TextReader;
import dev.backprop.service.model.ModelInputs;
import dev.backprop.service.model.ModelVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/// Reads the rows in one body into typed columns or bare numbers, as the model declares them. Every
/// fault is told before the first answer.
final class RowsReader {

  private final ModelVersion version;
  private final boolean labelled;
  private final RowOptions options;
  private final MissingTokens missing;
  private final ByteBudget budget;

  private @Nullable TableBuilder table;
  private DenseRows.@Nullable Builder inputs;
  private DenseRows.@Nullable Builder targets;
  private @Nullable String dataset;

  /// @param labelled whether the rows bring their targets
  /// @param options none if they do
  /// @param missing tokens beside those of the model
  RowsReader(
      ModelVersion version,
      boolean labelled,
      RowOptions options,
      MissingTokens missing,
      ByteBudget budget) {
    this.version = version;
    this.labelled = labelled;
    this.options = options;
    this.missing = missing;
    this.budget = budget;
  }

  /// Makes rows of an uploaded data set, by its id or its name, for a model that takes columns.
  interface Uploads {
    GivenRows rows(String named, ModelInputs.Columns columns);
  }

  /// Reads CSV, NDJSON or Parquet.
  ///
  /// @throws ProblemException if the rows are not such as the model takes, with a line or a row
  PredictionRows text(InputStream body, BodyType type, CsvOptions csv, ParquetBodies parquet)
      throws IOException {
    if (!(version.inputs() instanceof ModelInputs.Columns columns)) {
      throw new ProblemException(
          ProblemCode.UNSUPPORTED_MEDIA_TYPE,
          "the model takes bare numbers, as application/json {\"inputs\": [[…]]}");
    }
    TableBuilder rows = builder(columns);
    switch (type.form()) {
      case CSV -> CsvTableReader.read(body, csv, inOrder(columns.schema()), rows);
      case NDJSON -> NdjsonTableReader.read(body, type.charset(), rows);
      case PARQUET -> parquet.read(body, rows);
      case JSON -> throw new IllegalStateException("JSON is one object");
    }
    return rows(columns, rows, "");
  }

  /// The columns of a text that does not name them: the features as the training data had them,
  /// then what labelled rows bring beside these.
  private List<String> inOrder(Schema schema) {
    List<String> names =
        schema.features().stream()
            .map(Schema.Field::name)
            .collect(Collectors.toCollection(ArrayList::new));
    if (labelled) {
      String weight = schema.weight();
      if (weight != null) {
        names.add(weight);
      }
      names.addAll(schema.target().names());
    }
    return names;
  }

  private TableBuilder builder(ModelInputs.Columns columns) {
    TableBuilder builder =
        TableBuilder.declared(columns.schema(), labelled, missing, budget)
            .passing(options.names().candidates());
    return options.ignoring() ? builder.ignoringUnknown() : builder;
  }

  private PredictionRows rows(ModelInputs.Columns columns, TableBuilder rows, String pointer) {
    if (labelled) {
      return PredictionRows.labelled(version, columns, rows.build(), pointer);
    }
    List<String> passed = options.names().of(rows::isGiven);
    return PredictionRows.of(version, columns, rows.build())
        .passing(passed, passed.stream().map(rows::texts).toList());
  }

  /// Reads one JSON object with `rows` or `dataset`, or with `inputs` and, if labelled, `targets`.
  ///
  /// @throws ProblemException if the rows are not such as the model takes, with a pointer
  GivenRows json(InputStream body, Charset charset, JsonMapper json, Uploads uploads)
      throws IOException {
    try (JsonParser parser =
        charset.equals(StandardCharsets.UTF_8)
            ? json.createParser(body)
            : json.createParser(new TextReader(body, charset))) {
      object(parser);
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
    return rows(uploads);
  }

  private void object(JsonParser parser) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw ProblemException.at(ProblemCode.WRONG_TYPE, "", "must be an object with " + expected());
    }
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      property(name, parser);
    }
    if (dataset != null && table != null) {
      throw ProblemException.at(ProblemCode.INVALID_DATA, "/dataset", "must not stand beside rows");
    }
    if (parser.nextToken() != null) {
      throw new ProblemException(
          ProblemCode.MALFORMED_JSON,
          "line %d, column %d: the body must end after its object, goes on"
              .formatted(
                  parser.currentTokenLocation().getLineNr(),
                  parser.currentTokenLocation().getColumnNr()));
    }
  }

  private void property(String name, JsonParser parser) {
    switch (version.inputs()) {
      case ModelInputs.Columns columns when name.equals("rows") -> {
        table = builder(columns);
        JsonRowsReader.read(parser, table, "/rows");
      }
      case ModelInputs.Columns _ when name.equals("dataset") -> {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
          throw ProblemException.at(
              ProblemCode.WRONG_TYPE, "/dataset", "must be the id or the name of a data set");
        }
        dataset = parser.getString();
      }
      case ModelInputs.Numbers _ when name.equals("inputs") -> inputs = numbers(parser, "/inputs");
      case ModelInputs.Numbers _ when name.equals("dataset") ->
          throw ProblemException.at(
              ProblemCode.INVALID_DATA,
              "/dataset",
              "must not be given to this model, which takes bare numbers: " + expected());
      case ModelInputs.Numbers _ when name.equals("targets") && labelled ->
          targets = numbers(parser, "/targets");
      case ModelInputs.Columns _, ModelInputs.Numbers _ ->
          throw ProblemException.at(
              ProblemCode.UNKNOWN_FIELD,
              "/" + name,
              "is unknown here, this model takes " + expected());
    }
  }

  private DenseRows.Builder numbers(JsonParser parser, String pointer) {
    DenseRows.Builder rows = new DenseRows.Builder(budget);
    JsonNumbersReader.read(parser, rows, pointer);
    return rows;
  }

  private GivenRows rows(Uploads uploads) {
    return switch (version.inputs()) {
      case ModelInputs.Columns columns when dataset != null -> uploads.rows(dataset, columns);
      case ModelInputs.Columns columns -> rows(columns, required(table, "/rows"), "/rows");
      case ModelInputs.Numbers(int width) -> {
        List<String> _ = options.names().of(_ -> false);
        DenseRows given = checked(required(inputs, "/inputs"), "/inputs", width);
        yield labelled
            ? PredictionRows.labelled(version, given, targets(given.rows()))
            : PredictionRows.of(version, given);
      }
    };
  }

  private DenseRows targets(int rows) {
    int width = version.predictor().scorer().network().outputs();
    DenseRows given = checked(required(targets, "/targets"), "/targets", width);
    if (given.rows() != rows) {
      throw ProblemException.at(
          ProblemCode.INVALID_DATA,
          "/targets",
          "must have %d rows as the inputs, had %d".formatted(rows, given.rows()));
    }
    return given;
  }

  private static DenseRows checked(DenseRows.Builder builder, String pointer, int width) {
    DenseRows rows = builder.build();
    if (rows.width() != width) {
      throw ProblemException.at(
          ProblemCode.INVALID_DATA,
          pointer + "/0",
          "must be %d numbers, had %d".formatted(width, rows.width()));
    }
    return rows;
  }

  private <T> T required(@Nullable T part, String pointer) {
    if (part == null) {
      throw ProblemException.at(
          ProblemCode.INVALID_DATA, pointer, "is missing, this model takes " + expected());
    }
    return part;
  }

  private String expected() {
    return switch (version.inputs()) {
      case ModelInputs.Columns _ -> "{\"rows\": [{…}]} or {\"dataset\": \"…\"}";
      case ModelInputs.Numbers _ when labelled -> "{\"inputs\": [[…]], \"targets\": [[…]]}";
      case ModelInputs.Numbers _ -> "{\"inputs\": [[…]]}";
    };
  }
}
