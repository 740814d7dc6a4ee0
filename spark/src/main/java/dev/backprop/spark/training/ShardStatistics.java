package dev.backprop.spark.training;

import dev.backprop.engine.data.ColumnStatistics;
import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TableExamples;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What a shard knows of the rows that train, once it is known what columns are for.
///
/// @param rows how many play each part, see [RowParts]
/// @param features for each of the schema a [ColumnStatistics.Categories], a [NumberSketch], or a
///   list of sketches of the parts of a date
/// @param targets of numeric targets
/// @param classes the weights of the rows of each class together; none without classes
/// @param weights of the rows of each part together
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record ShardStatistics(
    int number,
    int[] rows,
    List<Object> features,
    List<NumberSketch> targets,
    double[] classes,
    double[] weights)
    implements Serializable {

  static ShardStatistics of(Shard shard, Schema schema) {
    Table table = schema.conform(shard.read(), true);
    Examples examples =
        TableExamples.ofPart(
            table,
            FeatureEncoder.of(List.of(), new int[0]),
            TargetEncoder.asGiven(schema.target()),
            schema.weight());
    int[] labelled = examples.labelled();
    int[] training = RowParts.of(RowParts.TRAINING, shard.parts(), labelled);
    List<Object> features = new ArrayList<>();
    for (Schema.Field field : schema.features()) {
      features.add(sketched(ColumnStatistics.of(field, table.required(field.name()), training)));
    }
    List<NumberSketch> targets =
        schema.target() instanceof Target.Numbers || schema.target() instanceof Target.Quantiles
            ? schema.target().names().stream()
                .map(name -> ColumnStatistics.values(table.required(name), training))
                .map(values -> NumberSketch.of(ColumnStatistics.Numbers.of(values)))
                .toList()
            : List.of();
    int[] rows = new int[3];
    double[] weights = new double[3];
    for (int row : labelled) {
      rows[shard.parts()[row]]++;
      weights[shard.parts()[row]] += examples.weight(row);
    }
    return new ShardStatistics(
        shard.number(), rows, features, targets, classes(examples, schema, training), weights);
  }

  private static Object sketched(ColumnStatistics statistics) {
    return switch (statistics) {
      case ColumnStatistics.Categories categories -> categories;
      case ColumnStatistics.Numbers numbers -> NumberSketch.of(numbers);
      case ColumnStatistics.Dates dates ->
          new ArrayList<>(dates.parts().stream().map(NumberSketch::of).toList());
    };
  }

  private static double[] classes(Examples examples, Schema schema, int[] training) {
    double[] sums =
        new double[schema.target() instanceof Target.Classes c ? c.classes().size() : 0];
    for (int row : training) {
      if (sums.length > 0) {
        sums[examples.stratum(row)] += examples.weight(row);
      }
    }
    return sums;
  }

  /// The encoder of all shards.
  ///
  /// @param shards in their order
  static FeatureEncoder features(
      List<ShardStatistics> shards, Schema schema, EncodingSpec encoding) {
    return FeatureEncoder.fit(schema.features(), encoding, f -> merged(shards, f));
  }

  private static ColumnStatistics merged(List<ShardStatistics> shards, int feature) {
    List<Object> of = shards.stream().map(shard -> shard.features.get(feature)).toList();
    return switch (of.getFirst()) {
      case ColumnStatistics.Categories _ ->
          of.stream()
              .map(ColumnStatistics.Categories.class::cast)
              .reduce(ColumnStatistics.Categories::merged)
              .orElseThrow();
      case NumberSketch _ ->
          NumberSketch.merged(of.stream().map(NumberSketch.class::cast).toList());
      case List<?> parts ->
          new ColumnStatistics.Dates(
              IntStream.range(0, parts.size())
                  .mapToObj(
                      p ->
                          NumberSketch.merged(
                              of.stream()
                                  .map(shard -> (NumberSketch) ((List<?>) shard).get(p))
                                  .toList()))
                  .toList());
      default -> throw new IllegalStateException("statistics of no kind");
    };
  }

  /// The encoder of the target.
  static TargetEncoder targets(
      List<ShardStatistics> shards, Target target, EncodingSpec encoding, boolean standardizes) {
    List<String> names = target.names();
    TargetEncoder fitted =
        standardizes
            ? TargetEncoder.fit(
                target, encoding.transform(), name -> target(shards, names.indexOf(name)))
            : TargetEncoder.asGiven(target);
    return encoding.clamp()
        ? fitted.clamped(name -> target(shards, names.indexOf(name)).moments())
        : fitted;
  }

  private static ColumnStatistics.Numbers target(List<ShardStatistics> shards, int target) {
    return NumberSketch.merged(shards.stream().map(shard -> shard.targets.get(target)).toList());
  }
}
