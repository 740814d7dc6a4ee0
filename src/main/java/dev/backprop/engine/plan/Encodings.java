package dev.backprop.engine.plan;

import dev.backprop.engine.data.DistinctNumbers;
import dev.backprop.engine.nn.InputLayout;
import dev.backprop.engine.spec.ColumnEncodingSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the columns of a table enter a network, as the data have them.
public final class Encodings {

  private Encodings() {}

  /// The same encoding with every column decided: no more bins than its numbers can fill. Sent
  /// again, it is decided in the same way.
  ///
  /// @param kept the encoding of the model that goes on learning, whose columns keep their bins;
  ///   null to look at the data
  /// @throws InvalidSpecException with a pointer below `/columns` if a column is not what its
  ///   encoding is for
  static EncodingSpec resolve(
      EncodingSpec encoding, TrainingData data, @Nullable EncodingSpec kept) {
    return switch (data) {
      case TrainingData.Bare _ -> {
        if (!encoding.equals(EncodingSpec.DEFAULT)) {
          throw new InvalidSpecException(
              "", "must be left out for bare numbers, which are used as they are");
        }
        yield encoding;
      }
      case TrainingData.Rows rows -> {
        check(encoding, rows.schema());
        yield resolve(encoding, rows, kept);
      }
    };
  }

  private static EncodingSpec resolve(
      EncodingSpec encoding, TrainingData.Rows rows, @Nullable EncodingSpec kept) {
    Map<String, ColumnEncodingSpec> columns = new LinkedHashMap<>(encoding.columns());
    for (Schema.Field field : rows.schema().features()) {
      if (field.type() == ColumnType.NUMERIC) {
        NumberEncodingSpec decided =
            decide(encoding.number(field.name()), field.name(), rows.table(), kept);
        if (columns.containsKey(field.name()) || !decided.equals(encoding.numbers())) {
          columns.put(field.name(), decided);
        }
      }
    }
    return encoding.withColumns(columns);
  }

  private static NumberEncodingSpec decide(
      NumberEncodingSpec asked, String column, Table table, @Nullable EncodingSpec kept) {
    return switch (asked) {
      case NumberEncodingSpec.Standardize _, NumberEncodingSpec.Robust _ -> asked;
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
  ///   numeric, or if the loss takes numbers as they are
  public static void checkTarget(EncodingSpec encoding, Target target, NetworkSpec network) {
    boolean numeric =
        switch (target) {
          case Target.Numbers _, Target.Quantiles _ -> true;
          case Target.Classes _, Target.MultiLabel _, Target.Bare _ -> false;
        };
    encoding.checkTarget(numeric, network.resolvedLoss());
  }

  /// @throws InvalidSpecException with a pointer below `/columns` if a column is not what its
  ///   encoding is for
  public static void check(EncodingSpec encoding, Schema schema) {
    for (String column : encoding.columns().keySet()) {
      Schema.Field field = schema.field(column);
      if (field == null
          || field.role() != Schema.Role.FEATURE
          || field.type() != ColumnType.NUMERIC) {
        List<String> numbers =
            schema.features().stream()
                .filter(feature -> feature.type() == ColumnType.NUMERIC)
                .map(Schema.Field::name)
                .toList();
        throw new InvalidSpecException(
            "/columns/" + InvalidSpecException.part(column),
            "must be a numeric feature, %s; %s"
                .formatted(Embeddings.kind(field), Embeddings.known(numbers)));
      }
    }
  }

  /// How the features of a schema enter a network.
  ///
  /// @param encoding resolved
  public static InputLayout layout(Schema schema, EncodingSpec encoding) {
    List<InputLayout.Index> indices = new ArrayList<>();
    int input = 0;
    for (Schema.Field field : schema.features()) {
      int slots = field.slots(encoding);
      if (field.embedded()) {
        indices.add(new InputLayout.Index(field.name(), input, slots));
      }
      input = Math.addExact(input, field.embedded() ? 1 : slots);
    }
    return new InputLayout(input, indices);
  }
}
