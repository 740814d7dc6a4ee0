package dev.backprop.service.job;

import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.json.JsonProblems;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.JsonNumbersReader;
import dev.backprop.service.dataset.JsonRowsReader;
import dev.backprop.service.dataset.SchemaRequest.ColumnUse;
import dev.backprop.service.dataset.SchemaRequest.TargetTask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// Reads the body of a training request in one pass and in any order of its keys: rows go straight
/// into typed columns, bare numbers straight into blocks of floats. A key whose value is null
/// counts as left out.
final class TrainingBodyReader {

  private static final TypeReference<NetworkSpec> NETWORK = new TypeReference<>() {};
  private static final TypeReference<TrainingSpec> TRAINING = new TypeReference<>() {};
  private static final TypeReference<Integer> INTEGER = new TypeReference<>() {};
  private static final TypeReference<TargetTask> TARGET_TASK = new TypeReference<>() {};
  private static final TypeReference<ColumnUse.Type> COLUMN_TYPE = new TypeReference<>() {};

  private final JsonParser json;
  private final ObjectReader specs;
  private final CountedParts parts;
  private final Supplier<ByteBudget> budgets;
  private final MissingTokens defaultTokens;

  private @Nullable String model;
  private @Nullable Boolean activate;
  private TrainingBody.@Nullable Data data;
  private TrainingBody.@Nullable Validation validation;
  private TrainingBody.@Nullable WarmStart warmStart;
  private @Nullable NetworkSpec network;
  private @Nullable TrainingSpec training;

  private TrainingBodyReader(
      JsonMapper mapper,
      JsonParser json,
      CountedParts parts,
      Supplier<ByteBudget> budgets,
      MissingTokens defaultTokens) {
    this.json = json;
    // Specs stand in the middle of the document.
    this.specs = mapper.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    this.parts = parts;
    this.budgets = budgets;
    this.defaultTokens = defaultTokens;
  }

  /// @param json before its first token; afterwards at its end
  /// @param parts what the parser reads from
  /// @param budgets gives one for each array of rows or numbers, and for each part of another kind
  /// @param defaultTokens what stands for a missing cell in rows unless the body says it
  /// @throws ProblemException 400 if something is of another type than it must be or is not known
  /// @throws JacksonException if it is no JSON, or a spec is not understood or impossible
  static TrainingBody read(
      JsonMapper mapper,
      JsonParser json,
      CountedParts parts,
      Supplier<ByteBudget> budgets,
      MissingTokens defaultTokens) {
    return new TrainingBodyReader(mapper, json, parts, budgets, defaultTokens).read();
  }

  private TrainingBody read() {
    json.nextToken();
    object("", this::field);
    if (json.nextToken() != null) {
      throw new ProblemException(
          ProblemCode.MALFORMED_JSON,
          "must end after the object, goes on in line %d, column %d"
              .formatted(
                  json.currentTokenLocation().getLineNr(),
                  json.currentTokenLocation().getColumnNr()));
    }
    return new TrainingBody(model, activate, data, validation, warmStart, network, training);
  }

  private void field(String key) {
    switch (key) {
      case "model" -> model = string("/model");
      case "activate" -> activate = bool("/activate");
      case "data" -> data = new DataReader().read();
      case "validation" -> validation = validation();
      case "warmStart" -> warmStart = new WarmStartReader().read();
      case "network" -> network = spec(NETWORK, key);
      case "training" -> training = spec(TRAINING, key);
      default -> throw unknown("/" + Problem.Field.part(key));
    }
  }

  private TrainingBody.Validation validation() {
    Map<String, String> values = new LinkedHashMap<>();
    object(
        "/validation",
        key -> {
          if (!key.equals("dataset")) {
            throw unknown("/validation/" + Problem.Field.part(key));
          }
          values.put(key, string("/validation/dataset"));
        });
    return new TrainingBody.Validation(values.get("dataset"));
  }

  private final class WarmStartReader {

    private @Nullable String name;
    private @Nullable Integer version;

    TrainingBody.WarmStart read() {
      object("/warmStart", this::field);
      return new TrainingBody.WarmStart(name, version);
    }

    private void field(String key) {
      switch (key) {
        case "model" -> name = string("/warmStart/model");
        case "version" -> version = spec(INTEGER, "warmStart", key);
        default -> throw unknown("/warmStart/" + Problem.Field.part(key));
      }
    }
  }

  private final class ColumnReader {

    private final String name;
    private final String pointer;
    private ColumnUse.@Nullable Type type;
    private @Nullable Boolean nullable;

    ColumnReader(String name) {
      this.name = name;
      this.pointer = "/data/columns/" + Problem.Field.part(name);
    }

    ColumnUse read() {
      object(pointer, this::field);
      try {
        return new ColumnUse(type, nullable);
      } catch (InvalidSpecException e) {
        throw JsonProblems.of(e.under(pointer));
      }
    }

    private void field(String key) {
      switch (key) {
        case "type" -> type = bound(COLUMN_TYPE, "data", "columns", name, key);
        case "nullable" -> nullable = bool(pointer + "/nullable");
        default -> throw unknown(pointer + "/" + Problem.Field.part(key));
      }
    }
  }

  private final class DataReader {

    private @Nullable List<String> target;
    private @Nullable String weight;
    private @Nullable TargetTask task;
    private @Nullable TableBuilder rows;
    private @Nullable String dataset;
    private @Nullable DenseRows inputs;
    private @Nullable DenseRows targets;
    private @Nullable DenseRows weights;
    private @Nullable Map<String, ColumnUse> columns;
    private @Nullable List<String> missing;
    private @Nullable SplitSpec split;

    TrainingBody.Data read() {
      object("/data", this::field);
      if (rows != null && missing == null) {
        missing = defaultTokens.tokens();
      }
      return new TrainingBody.Data(
          target, weight, task, table(), dataset, inputs, targets, weights, columns, missing,
          split);
    }

    private void field(String key) {
      switch (key) {
        case "target" ->
            target =
                json.currentToken() == JsonToken.START_ARRAY
                    ? strings("/data/target")
                    : List.of(string("/data/target"));
        case "weight" -> weight = string("/data/weight");
        case "task" -> task = spec(TARGET_TASK, "data", key);
        case "dataset" -> dataset = string("/data/dataset");
        case "rows" -> rows = rows();
        case "inputs" -> inputs = numbers("/data/inputs");
        case "targets" -> targets = numbers("/data/targets");
        case "weights" -> weights = weights();
        case "columns" -> columns = counted("/data/columns", this::columns);
        case "missing" -> missing = strings("/data/missing");
        case "split" -> split = split();
        default -> throw unknown("/data/" + Problem.Field.part(key));
      }
    }

    /// A column of which nothing is said is a mistake, and so is null in its place.
    private Map<String, ColumnUse> columns() {
      expect(json.currentToken() == JsonToken.START_OBJECT, "/data/columns", "an object");
      Map<String, ColumnUse> uses = new LinkedHashMap<>();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        json.nextToken();
        uses.put(name, new ColumnReader(name).read());
      }
      return uses;
    }

    /// What the rows mean depends on keys that may stand behind them.
    private TableBuilder rows() {
      TableBuilder table = TableBuilder.inferring(MissingTokens.NONE, budgets.get());
      JsonRowsReader.read(json, table, "/data/rows");
      return table;
    }

    private @Nullable Table table() {
      return rows == null
          ? null
          : rows.build(missing == null ? defaultTokens : new MissingTokens(missing), categorical());
    }

    private Set<String> categorical() {
      Set<String> names = new HashSet<>();
      if (columns != null) {
        columns.forEach(
            (name, use) -> {
              if (use.type() == ColumnUse.Type.CATEGORICAL) {
                names.add(name);
              }
            });
      }
      return names;
    }

    private SplitSpec split() {
      Map<String, String> columns = new LinkedHashMap<>();
      object(
          "/data/split",
          key -> {
            String pointer = "/data/split/" + Problem.Field.part(key);
            if (!key.equals("group") && !key.equals("order")) {
              throw unknown(pointer);
            }
            columns.put(key, string(pointer));
          });
      try {
        return SplitSpec.of(columns.get("group"), columns.get("order"));
      } catch (InvalidSpecException e) {
        throw ProblemException.at(
            ProblemCode.INVALID_SPEC, "/data/split" + e.pointer(), e.detail());
      }
    }

    private DenseRows weights() {
      DenseRows.Builder row = new DenseRows.Builder(budgets.get());
      JsonNumbersReader.row(json, row, "/data/weights");
      return row.build();
    }
  }

  private DenseRows numbers(String pointer) {
    DenseRows.Builder rows = new DenseRows.Builder(budgets.get());
    JsonNumbersReader.read(json, rows, pointer);
    return rows.build();
  }

  /// Reads what Jackson binds, as a part.
  ///
  /// @param path to it, from the root
  private <T> T spec(TypeReference<T> type, String... path) {
    return counted(Problem.Field.pointer(path), () -> bound(type, path));
  }

  private <T> T counted(String pointer, Supplier<T> part) {
    parts.begin(pointer, budgets.get());
    try {
      return part.get();
    } finally {
      parts.end();
    }
  }

  private <T> T bound(TypeReference<T> type, String... path) {
    try {
      return specs.forType(type).readValue(json);
    } catch (JacksonException e) {
      JacksonException placed = e;
      for (int i = path.length - 1; i >= 0; i--) {
        placed = placed.prependPath(TrainingBody.class, path[i]);
      }
      throw placed;
    }
  }

  /// Reads an object, from its start to its end.
  ///
  /// @param field given each name while its value, never null, is the current token
  private void object(String pointer, Consumer<String> field) {
    expect(json.currentToken() == JsonToken.START_OBJECT, pointer, "an object");
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      if (json.nextToken() != JsonToken.VALUE_NULL) {
        field.accept(name);
      }
    }
  }

  private List<String> strings(String pointer) {
    expect(json.currentToken() == JsonToken.START_ARRAY, pointer, "an array of strings");
    List<String> strings = new ArrayList<>();
    parts.begin(pointer, budgets.get());
    while (json.nextToken() != JsonToken.END_ARRAY) {
      strings.add(string(pointer + "/" + strings.size()));
    }
    parts.end();
    return strings;
  }

  private String string(String pointer) {
    expect(json.currentToken() == JsonToken.VALUE_STRING, pointer, "a string");
    String text = json.getString();
    if (!Excerpt.isWellFormed(text)) {
      throw ProblemException.at(
          ProblemCode.INVALID_SPEC, pointer, "must be Unicode text, has half of a surrogate pair");
    }
    return text;
  }

  private boolean bool(String pointer) {
    expect(json.currentToken().isBoolean(), pointer, "a boolean");
    return json.getBooleanValue();
  }

  private void expect(boolean asExpected, String pointer, String kind) {
    if (!asExpected) {
      throw ProblemException.at(
          ProblemCode.WRONG_TYPE,
          pointer,
          "must be %s, was %s".formatted(kind, kind(json.currentToken())));
    }
  }

  private static String kind(@Nullable JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      case null, default -> "nothing";
    };
  }

  private static ProblemException unknown(String pointer) {
    return ProblemException.at(ProblemCode.UNKNOWN_FIELD, pointer, "is not known");
  }
}
