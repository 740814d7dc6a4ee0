package dev.backprop.engine.plan;

import dev.backprop.engine.data.DistinctNumbers;
import dev.backprop.engine.nn.InputLayout;
import dev.backprop.engine.spec.CategoryEncodingSpec;
import dev.backprop.engine.spec.ColumnEncodingSpec;
import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.TargetTransform;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How the columns of a table enter a network, as the data have them.
public final class Encodings {

  private Encodings() {}

  /// The same encoding with every column decided: no more bins than its numbers can fill. Sent
  /// again, it is decided in the same way.
  ///
  /// @param spec its network is resolved
  /// @param kept the encoding of the model that goes on learning, whose columns keep their bins;
  ///   null to look at the data
  /// @throws InvalidSpecException with a pointer below the encoding if a column is not what its
  ///   encoding is for
  static EncodingSpec resolve(FitSpec spec, TrainingData data, @Nullable EncodingSpec kept) {
    return switch (data) {
      case TrainingData.Bare _ -> {
        if (!spec.encoding().equals(EncodingSpec.DEFAULT)) {
          throw new InvalidSpecException(
              "", "must be left out for bare numbers, which are used as they are");
        }
        yield spec.encoding();
      }
      case TrainingData.Rows rows -> {
        check(spec, rows.schema());
        yield resolve(spec, rows, kept);
      }
    };
  }

  private static EncodingSpec resolve(
      FitSpec spec, TrainingData.Rows rows, @Nullable EncodingSpec kept) {
    EncodingSpec encoding = spec.encoding();
    Map<String, ColumnEncodingSpec> columns = new LinkedHashMap<>(encoding.columns());
    for (Schema.Field field : rows.schema().features()) {
      String name = field.name();
      switch (field.type()) {
        case NUMERIC, DATE -> {
          NumberEncodingSpec decided = decide(encoding.number(name), name, rows.table(), kept);
          if (columns.containsKey(name) || !decided.equals(encoding.numbers())) {
            columns.put(name, decided);
          }
        }
        case CATEGORICAL, BOOLEAN -> {
          EmbeddingSpec embedding = embedding(spec, field);
          if (embedding != null) {
            columns.put(
                name,
                new CategoryEncodingSpec.Embedding(
                    embedding.units(), encoding.category(name).rare()));
          }
        }
      }
    }
    return encoding.withColumns(columns);
  }

  private static NumberEncodingSpec decide(
      NumberEncodingSpec asked, String column, Table table, @Nullable EncodingSpec kept) {
    return switch (asked) {
      case NumberEncodingSpec.Standardize _,
          NumberEncodingSpec.Robust _,
          NumberEncodingSpec.QuantileNormal _,
          NumberEncodingSpec.Periodic _ ->
          asked;
      case NumberEncodingSpec.PiecewiseLinear(int bins) -> {
        int most =
            kept == null
                ? DistinctNumbers.of(table.required(column), bins + 1) - 1
                : kept.number(column) instanceof NumberEncodingSpec.PiecewiseLinear known
                    ? known.bins()
                    : bins;
        yield new NumberEncodingSpec.PiecewiseLinear(Math.clamp(most, 1, bins));
      }
    };
  }

  /// Checks what is to be done with the target.
  ///
  /// @param network resolved
  /// @throws InvalidSpecException with the pointer `/target` or `/clamp` if the target is not
  ///   numeric, if the loss takes numbers as they are, or if nothing is decided
  public static void checkTarget(EncodingSpec encoding, Target target, NetworkSpec network) {
    boolean numeric =
        switch (target) {
          case Target.Numbers _, Target.Quantiles _ -> true;
          case Target.Classes _, Target.MultiLabel _, Target.Bare _ -> false;
        };
    encoding.checkTarget(numeric, network.resolvedLoss());
    if (encoding.transform() == TargetTransform.AUTO) {
      throw new InvalidSpecException("/target", "must be decided, was auto");
    }
  }

  /// @return null if the column is one-hot, or the network itself embeds it
  private static @Nullable EmbeddingSpec embedding(FitSpec spec, Schema.Field field) {
    return spec.network().embeddings().containsKey(field.name())
        ? null
        : spec.encoding().category(field.name()).embedding(field.categories().size());
  }

  /// The network of the spec, which also embeds what the encoding says.
  ///
  /// @param spec resolved
  public static NetworkSpec network(FitSpec spec, Schema schema) {
    Map<String, EmbeddingSpec> embeddings = new LinkedHashMap<>(spec.network().embeddings());
    for (Schema.Field field : schema.features()) {
      if (Embeddings.embeddable(field)) {
        EmbeddingSpec embedding = embedding(spec, field);
        if (embedding != null) {
          embeddings.put(field.name(), embedding);
        }
      }
    }
    return embeddings.size() == spec.network().embeddings().size()
        ? spec.network()
        : spec.network().withEmbeddings(embeddings);
  }

  /// @throws InvalidSpecException with a pointer below the encoding if a column is not what its
  ///   encoding is for, or all embeddings together are too large
  public static void check(FitSpec spec, Schema schema) {
    spec.encoding().columns().forEach((column, encoding) -> check(column, encoding, spec, schema));
    try {
      network(spec, schema);
    } catch (InvalidSpecException e) {
      throw new InvalidSpecException("/categories", e.detail());
    }
  }

  private static void check(
      String column, ColumnEncodingSpec encoding, FitSpec spec, Schema schema) {
    String pointer = "/columns/" + InvalidSpecException.part(column);
    switch (encoding) {
      case NumberEncodingSpec _ -> checkFeature(pointer, column, schema, false);
      case CategoryEncodingSpec.Embedding _ -> checkFeature(pointer, column, schema, true);
      case CategoryEncodingSpec.OneHot(Integer upTo, _) -> {
        checkFeature(pointer, column, schema, true);
        if (upTo != null) {
          throw new InvalidSpecException(
              pointer + "/upTo", "must be left out for a single column, was " + upTo);
        }
      }
    }
    if (spec.network().embeddings().containsKey(column)) {
      throw new InvalidSpecException(
          pointer, "must be left out, because the network's embeddings name the column too");
    }
  }

  private static void checkFeature(
      String pointer, String column, Schema schema, boolean categorical) {
    Predicate<Schema.Field> suits =
        categorical
            ? Embeddings::embeddable
            : field -> field.role() == Schema.Role.FEATURE && hasNumbers(field);
    Schema.Field field = schema.field(column);
    if (field == null || !suits.test(field)) {
      throw new InvalidSpecException(
          pointer,
          "must be a %s feature, %s; %s"
              .formatted(
                  categorical ? "categorical" : "numeric",
                  Embeddings.kind(field),
                  Embeddings.known(
                      schema.features().stream().filter(suits).map(Schema.Field::name).toList())));
    }
  }

  /// Whether a column enters as a number, or with the number of its days.
  static boolean hasNumbers(Schema.Field field) {
    return switch (field.type()) {
      case NUMERIC, DATE -> true;
      case CATEGORICAL, BOOLEAN -> false;
    };
  }

  /// How the features of a schema enter a network.
  ///
  /// @param encoding resolved
  public static InputLayout layout(Schema schema, EncodingSpec encoding) {
    List<InputLayout.Index> indices = new ArrayList<>();
    List<InputLayout.OneHot> oneHots = new ArrayList<>();
    List<InputLayout.Periodic> periodics = new ArrayList<>();
    List<Integer> widths = new ArrayList<>();
    int input = 0;
    for (Schema.Field field : schema.features()) {
      int slots = field.slots(encoding);
      if (field.embedded()) {
        indices.add(new InputLayout.Index(field.name(), input, slots));
      } else if (!hasNumbers(field)) {
        oneHots.add(new InputLayout.OneHot(input, slots));
      } else if (encoding.number(field.name())
          instanceof NumberEncodingSpec.Periodic(int frequencies, double sigma)) {
        // The days of a date are its first part.
        periodics.add(new InputLayout.Periodic(input, frequencies, sigma));
      }
      widths.add(field.embedded() ? 1 : slots);
      input = Math.addExact(input, widths.getLast());
    }
    return new InputLayout(input, indices, widths, oneHots, periodics);
  }
}
