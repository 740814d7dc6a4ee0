package dev.backprop.engine.plan;

import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The columns that a network embeds, as the data have them.
final class Embeddings {

  /// Columns that a message names.
  private static final int MAX_SAID = 10;

  private Embeddings() {}

  /// The same network with the units of every embedding decided.
  ///
  /// @throws InvalidSpecException with a pointer below `/embeddings` if a column is no categorical
  ///   feature
  static NetworkSpec resolve(NetworkSpec network, TrainingData data) {
    if (network.embeddings().isEmpty()) {
      return network;
    }
    Map<String, EmbeddingSpec> resolved = new LinkedHashMap<>();
    network
        .embeddings()
        .forEach(
            (column, embedding) ->
                resolved.put(column, embedding.resolve(categories(column, data))));
    return network.withEmbeddings(resolved);
  }

  private static int categories(String column, TrainingData data) {
    return switch (data) {
      case TrainingData.Bare _ ->
          throw refused(column, "must be a categorical column, the data are bare numbers");
      case TrainingData.Rows rows -> {
        Schema.Field field = rows.schema().field(column);
        if (field == null || !embeddable(field)) {
          throw refused(
              column,
              "must be a categorical feature, %s; %s".formatted(kind(field), known(rows.schema())));
        }
        yield field.categories().size();
      }
    };
  }

  /// Whether a column is a feature of categories.
  static boolean embeddable(Schema.Field field) {
    return field.role() == Schema.Role.FEATURE && isCategorical(field.type());
  }

  private static boolean isCategorical(ColumnType type) {
    return switch (type) {
      case CATEGORICAL, BOOLEAN -> true;
      case NUMERIC, DATE -> false;
    };
  }

  /// What a column is, as a message says it.
  static String kind(Schema.@Nullable Field field) {
    if (field == null) {
      return "is no column";
    }
    return switch (field.role()) {
      case FEATURE ->
          switch (field.type()) {
            case NUMERIC -> "is numeric";
            case CATEGORICAL, BOOLEAN -> "is categorical";
            case DATE -> "has dates";
          };
      case TARGET -> "is a target";
      case WEIGHT -> "is the weight";
      case IGNORED -> "is ignored";
      case DROPPED -> "is left out: it " + field.reason();
    };
  }

  private static String known(Schema schema) {
    return known(
        schema.features().stream().filter(Embeddings::embeddable).map(Schema.Field::name).toList());
  }

  /// Names of columns, as a message says them.
  static String known(List<String> names) {
    if (names.isEmpty()) {
      return "there are none";
    }
    return names.stream()
        .limit(MAX_SAID)
        .collect(
            Collectors.joining(
                ", ",
                "there are ",
                names.size() > MAX_SAID ? " and %d more".formatted(names.size() - MAX_SAID) : ""));
  }

  private static InvalidSpecException refused(String column, String detail) {
    return new InvalidSpecException("/embeddings/" + InvalidSpecException.part(column), detail);
  }
}
