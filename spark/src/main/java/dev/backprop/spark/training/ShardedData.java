package dev.backprop.spark.training;

import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/// The rows of a table in shards. Which shard a row is in, and where, follows from the row and the
/// seed alone: not from files, tasks or machines.
///
/// @param shards one element each
/// @param columns what the shards know of each column, in the order of the data
/// @param sample the first rows of all shards
/// @param sampleParts their parts, see [RowParts]
/// @param sha256 of what rows there are, in hexadecimal
@SuppressWarnings("ArrayRecordComponent") // a byte a row; never compared
record ShardedData(
    JavaRDD<Shard> shards,
    List<String> names,
    List<MergedColumn> columns,
    List<Row> sample,
    byte[] sampleParts,
    String sha256) {

  /// Rows of the sample.
  private static final int SAMPLED = 25_000;

  private static final String HASH = "backprop hash";

  /// What the driver gets of a shard.
  @SuppressWarnings("ArrayRecordComponent") // as that of a shard
  private record Head(
      int number, List<ColumnFacts> columns, List<Row> sample, byte[] parts, long rows, long hashes)
      implements Serializable {

    static Head of(Shard shard) {
      Table table = shard.read();
      return new Head(
          shard.number(),
          new ArrayList<>(table.columns().stream().map(ColumnFacts::of).toList()),
          shard.sample(),
          shard.sampleParts(),
          table.rows(),
          shard.hashes());
    }
  }

  /// Reads the data once.
  static ShardedData read(SparkSession spark, TrainOptions options, TrainSpec spec) {
    Dataset<Row> rows = rows(spark, options);
    RowReader.check(rows.schema());
    List<String> names = List.of(rows.columns());
    if (names.isEmpty()) {
      throw new ProblemException(ProblemCode.INVALID_DATA, "--data: must have columns, has 0");
    }
    Column[] all = names.stream().map(ShardedData::column).toArray(Column[]::new);
    List<Column> hashed = new ArrayList<>(List.of(all));
    TrainingSpec training = spec.fit().training();
    hashed.add(functions.lit(training.seed()));
    Column hash = functions.col("`" + HASH + "`");
    List<Column> order = new ArrayList<>(List.of(hash));
    order.addAll(List.of(all));
    Dataset<Row> sharded =
        rows.withColumn(HASH, functions.xxhash64(hashed.toArray(Column[]::new)))
            .repartition(options.shards(), hash)
            .sortWithinPartitions(order.toArray(Column[]::new));
    ShardReading reading = reading(names, spec);
    RowParts parting = parting(spec.fit());
    int sampled = Math.ceilDiv(SAMPLED, options.shards());
    JavaRDD<Shard> shards =
        sharded
            .javaRDD()
            .mapPartitionsWithIndex(
                (number, part) ->
                    List.of(Shard.read(number, part, reading, parting, sampled)).iterator(),
                true)
            .persist(StorageLevel.MEMORY_AND_DISK());
    List<Head> heads = new ArrayList<>(shards.map(Head::of).collect());
    heads.sort(Comparator.comparingInt(Head::number));
    return of(shards, names, heads);
  }

  private static ShardedData of(JavaRDD<Shard> shards, List<String> names, List<Head> heads) {
    List<MergedColumn> columns = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      int column = c;
      columns.add(MergedColumn.of(heads.stream().map(head -> head.columns.get(column)).toList()));
    }
    List<Row> sample = new ArrayList<>();
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    StringBuilder said = new StringBuilder();
    for (Head head : heads) {
      sample.addAll(head.sample);
      parts.writeBytes(head.parts);
      said.append(head.number).append(' ').append(head.rows).append(' ');
      said.append(head.hashes).append('\n');
    }
    return new ShardedData(
        shards, names, columns, sample, parts.toByteArray(), sha256(said.toString()));
  }

  private static Dataset<Row> rows(SparkSession spark, TrainOptions options) {
    DataFrameReader reader = spark.read();
    switch (options.format()) {
      // Every cell is a text, which means what it means to the service; a quote is doubled.
      case "csv" -> reader.option("header", true).option("escape", "\"").option("mode", "FAILFAST");
      case "json" -> reader.option("mode", "FAILFAST");
      default -> {}
    }
    return reader.format(options.format()).load(options.data());
  }

  private static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  private static ShardReading reading(List<String> names, TrainSpec spec) {
    Map<String, String> types = new HashMap<>();
    Set<String> categorical = new TreeSet<>();
    spec.columns()
        .forEach(
            (name, use) -> {
              if (use.columnType() != null && names.contains(name)) {
                types.put(name, use.columnType().name());
                if (use.type() == TrainSpec.ColumnUse.Type.CATEGORICAL) {
                  categorical.add(name);
                }
              }
            });
    return new ShardReading(names, spec.missing().tokens(), categorical, types);
  }

  /// Shares of rows that are held out.
  static RowParts parting(FitSpec fit) {
    TrainingSpec training = fit.training();
    double validation = training.validationFractionFor(Long.MAX_VALUE);
    if (validation == 0) {
      throw new ProblemException(
          ProblemCode.INVALID_SPEC,
          "--spec: /training/testFraction: must leave rows to validate on, was "
              + training.testFraction());
    }
    return new RowParts(validation, training.testFraction());
  }

  /// How many rows there are.
  long rows() {
    return columns.getFirst().rows();
  }

  /// The sample as rows of a schema, those without a target included.
  Table sample(Schema schema) {
    TableBuilder builder =
        TableBuilder.declared(schema, true, MissingTokens.NONE, ByteBudget.unbounded());
    sample.forEach(row -> RowReader.read(row, builder, names));
    return builder.build();
  }

  /// The rows of the sample that play a part, of those that have a target.
  int[] sampled(byte part, int[] labelled) {
    return Arrays.stream(labelled).filter(row -> sampleParts[row] == part).toArray();
  }

  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
