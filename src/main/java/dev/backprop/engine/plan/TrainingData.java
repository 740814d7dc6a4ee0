package dev.backprop.engine.plan;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.EqualRows;
import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.RowKeys;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.data.TableExamples;
import dev.backprop.engine.data.TargetCurve;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.nn.InputLayout;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TargetTransform;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What to learn from, before any encoding.
public sealed interface TrainingData {

  /// A label, its text and its entry in a map.
  long BYTES_PER_CATEGORY = 160;

  /// What an encoding keeps of a column, such as an edge of a bin, and whether its input is silent.
  long BYTES_PER_NUMBER = 16;

  Target target();

  /// The target as this network answers it: one number in several quantiles if its loss has taus.
  ///
  /// @param resolved one whose loss [#checkTargets] has let through
  default Target target(NetworkSpec resolved) {
    return target() instanceof Target.Numbers(List<String> names)
            && resolved.resolvedLoss() instanceof LossSpec.Quantile(_, List<Double> taus)
            && taus != null
        ? new Target.Quantiles(names.getFirst(), taus)
        : target();
  }

  int rows();

  /// What the inputs of the network are.
  InputLayout inputs();

  /// The same data as they enter a network.
  ///
  /// @param spec resolved
  TrainingData entering(FitSpec spec);

  /// The network that learns: the one of the spec, which also embeds what the encoding says.
  ///
  /// @param spec resolved
  NetworkSpec network(FitSpec spec);

  /// Heap that the schema will hold in a model.
  long schemaBytes();

  /// Heap that a schema holds in a model.
  ///
  /// @param encoding resolved
  static long bytes(Schema schema, EncodingSpec encoding) {
    long bytes = 0;
    for (Schema.Field field : schema.fields()) {
      bytes += BYTES_PER_CATEGORY + 2L * field.name().length();
      if (field.role() == Schema.Role.FEATURE && Encodings.hasNumbers(field)) {
        bytes += BYTES_PER_NUMBER * encoding.number(field.name()).kept();
      }
      if (field.role() == Schema.Role.TARGET && encoding.transform() == TargetTransform.QUANTILE) {
        bytes += 2L * Double.BYTES * TargetCurve.Quantiles.MOST;
      }
      for (Label category : field.categories()) {
        bytes += BYTES_PER_CATEGORY + 2L * category.text().length();
      }
    }
    return bytes;
  }

  /// To how many folds the rows can be dealt; 0 if they come in an order.
  ///
  /// @param testFraction of the rows that are not dealt
  default int mostFolds(double testFraction) {
    return (int) (rows() * (1 - testFraction));
  }

  /// The rows without features and with their targets as given: no statistics are known before the
  /// split.
  Examples unencoded();

  /// How the rows are parted; null if each is drawn by itself.
  default @Nullable SplitSpec splitBy() {
    return null;
  }

  /// @throws InvalidSpecException if they cannot be parted so
  default Split split(double validationFraction, double testFraction, long seed) {
    return Split.of(unencoded(), validationFraction, testFraction, seed);
  }

  /// Takes some of the rows that are held out, to calibrate alone.
  ///
  /// @param rows that are held out
  /// @param fraction of them, above 0 and below 1
  /// @return none if they cannot be parted
  default int[] calibrating(int[] rows, double fraction, long seed) {
    return Split.drawn(unencoded(), rows, fraction, seed);
  }

  /// Deals the rows of a split that do not test.
  ///
  /// @throws InvalidSpecException with a pointer below what asks for folds if they cannot be dealt
  ///   so
  default Folds folds(Split split, int count, long seed) {
    return Folds.of(unencoded(), split.training(), count, seed);
  }

  /// All rows as the members of a predictor encode them, with their targets.
  PredictorRows rows(Predictor predictor);

  /// Tells which rows are equal.
  EqualRows equalRows();

  /// Fits the encoders on these rows.
  EncodedData encode(int[] trainingRows, NetworkSpec network);

  /// Keeps the encoders of a model, which is going to learn from these rows too.
  ///
  /// @param model of the same schema
  EncodedData encodeFor(Predictor model, int[] trainingRows);

  /// @throws InvalidSpecException if a target is out of the range of the network's loss
  default void checkTargets(NetworkSpec resolved) {
    TargetChecks.check(this, resolved);
  }

  /// Rows of typed columns.
  ///
  /// @param table has, beside the columns that are used, the one that parts the rows, with a value
  ///   in every row that has a target
  /// @param splitBy null if each row is drawn by itself
  /// @param encoding how the columns enter a network
  record Rows(Table table, Schema schema, @Nullable SplitSpec splitBy, EncodingSpec encoding)
      implements TrainingData {

    /// Not encoded in a way of their own yet.
    public Rows(Table table, Schema schema, @Nullable SplitSpec splitBy) {
      this(table, schema, splitBy, EncodingSpec.DEFAULT);
    }

    /// Each row is drawn by itself.
    public Rows(Table table, Schema schema) {
      this(table, schema, null);
    }

    @Override
    public Target target() {
      return schema.target();
    }

    @Override
    public int rows() {
      return table.rows();
    }

    @Override
    public InputLayout inputs() {
      return Encodings.layout(schema, encoding);
    }

    @Override
    public TrainingData entering(FitSpec spec) {
      Set<String> embedded = network(spec).embeddings().keySet();
      return new Rows(
          table,
          embedded.isEmpty() ? schema : schema.embedding(embedded),
          splitBy,
          spec.encoding());
    }

    @Override
    public NetworkSpec network(FitSpec spec) {
      return Encodings.network(spec, schema);
    }

    @Override
    public long schemaBytes() {
      return TrainingData.bytes(schema, encoding);
    }

    @Override
    public Examples unencoded() {
      return TableExamples.unencoded(table, schema);
    }

    @Override
    public Split split(double validationFraction, double testFraction, long seed) {
      if (splitBy == null) {
        return TrainingData.super.split(validationFraction, testFraction, seed);
      }
      RowKeys keys = keys(splitBy, unencoded().labelled(), seed);
      List<String> parts = new ArrayList<>(List.of("training"));
      if (validationFraction > 0) {
        parts.add("validation");
      }
      if (testFraction > 0) {
        parts.add("test");
      }
      if (keys.count() < parts.size()) {
        throw new InvalidSpecException(
            "/data/split/" + splitBy.setting(),
            "must have at least %d %s, one for each of %s, '%s' has %d"
                .formatted(
                    parts.size(),
                    splitBy.unit(),
                    String.join(", ", parts),
                    splitBy.column(),
                    keys.count()));
      }
      return Split.of(keys, validationFraction, testFraction);
    }

    @Override
    public int[] calibrating(int[] rows, double fraction, long seed) {
      if (splitBy == null) {
        return TrainingData.super.calibrating(rows, fraction, seed);
      }
      RowKeys keys = keys(splitBy, rows, seed);
      return keys.count() < 2 ? new int[0] : Split.of(keys, 0, fraction).test();
    }

    @Override
    public Folds folds(Split split, int count, long seed) {
      if (splitBy == null) {
        return TrainingData.super.folds(split, count, seed);
      }
      RowKeys keys = keys(splitBy, split.training(), seed);
      int most = splitBy instanceof SplitSpec.Order ? keys.count() - 1 : keys.count();
      if (count > most) {
        throw new InvalidSpecException(
            "/folds",
            "must be %s the %d %s of '%s', was %d"
                .formatted(
                    most < keys.count() ? "below" : "at most",
                    keys.count(),
                    splitBy.unit(),
                    splitBy.column(),
                    count));
      }
      return Folds.of(keys, count);
    }

    @Override
    public int mostFolds(double testFraction) {
      return switch (splitBy) {
        case null -> TrainingData.super.mostFolds(testFraction);
        case SplitSpec.Order _ -> 0;
        // Groups that test may have up to twice as many rows as asked for.
        case SplitSpec.Group group ->
            (int)
                (keys(group, unencoded().labelled(), 0).count()
                    * Math.max(0, 1 - 2 * testFraction));
      };
    }

    private RowKeys keys(SplitSpec by, int[] rows, long seed) {
      return RowKeys.of(by, table.required(by.column()), rows, seed);
    }

    @Override
    public PredictorRows rows(Predictor predictor) {
      return PredictorRows.labelled(predictor, table, schema.weight());
    }

    @Override
    public EqualRows equalRows() {
      return EqualRows.of(table, schema);
    }

    @Override
    public EncodedData encode(int[] trainingRows, NetworkSpec network) {
      FeatureEncoder features =
          FeatureEncoder.fit(table, schema.features(), encoding, trainingRows);
      TargetEncoder targets =
          network.resolvedLoss().standardizesTargets()
              ? TargetEncoder.fit(target(network), table, trainingRows, encoding.transform())
              : TargetEncoder.asGiven(target());
      targets = encoding.clamp() ? targets.clamped(table, trainingRows) : targets;
      return new EncodedData(
          new TableExamples(table, features, targets, schema.weight()), features, targets);
    }

    @Override
    public EncodedData encodeFor(Predictor model, int[] trainingRows) {
      FeatureEncoder features =
          Objects.requireNonNull(model.features()).extended(table, trainingRows);
      TargetEncoder known = model.scorer().targetEncoder();
      TargetEncoder targets = encoding.clamp() ? known.clamped(table, trainingRows) : known;
      return new EncodedData(
          new TableExamples(table, features, targets, schema.weight()), features, targets);
    }
  }

  /// Bare numbers, used as they are.
  record Bare(BareExamples examples) implements TrainingData {

    @Override
    public Target target() {
      return new Target.Bare(examples.outputs());
    }

    @Override
    public int rows() {
      return examples.size();
    }

    @Override
    public InputLayout inputs() {
      return InputLayout.numbers(examples.inputs());
    }

    @Override
    public TrainingData entering(FitSpec spec) {
      return this;
    }

    @Override
    public NetworkSpec network(FitSpec spec) {
      return spec.network();
    }

    @Override
    public long schemaBytes() {
      return 0;
    }

    @Override
    public Examples unencoded() {
      return examples;
    }

    @Override
    public PredictorRows rows(Predictor predictor) {
      return PredictorRows.of(predictor, examples);
    }

    @Override
    public EqualRows equalRows() {
      return EqualRows.of(examples);
    }

    @Override
    public EncodedData encode(int[] trainingRows, NetworkSpec network) {
      return new EncodedData(examples, null, TargetEncoder.bare(examples.outputs()));
    }

    @Override
    public EncodedData encodeFor(Predictor model, int[] trainingRows) {
      return new EncodedData(examples, null, model.scorer().targetEncoder());
    }
  }
}
