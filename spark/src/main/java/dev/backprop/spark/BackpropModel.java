package dev.backprop.spark;

import dev.backprop.engine.figures.Conformal;
import dev.backprop.engine.figures.ConformalScores;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/// A version of a model that answers the rows of Spark. It is immutable; each `with…` makes another
/// one of the same version.
///
/// ```java
/// Dataset<Row> answers = BackpropModel.load("classes.zip").transform(rows);
/// ```
public final class BackpropModel {

  /// The name of the SQL function that [#register(SparkSession)] makes.
  public static final String FUNCTION = "backprop_predict";

  private final SharedModel model;
  private final ScoreOptions options;

  private BackpropModel(SharedModel model, ScoreOptions options) {
    this.model = model;
    this.options = options;
  }

  /// Reads an artifact, with the fastest kernels of each machine.
  ///
  /// @param location a file of the driver, a URI of a file system that Spark knows, or the URL of a
  ///   version, such as `https://host/api/v1/models/m/versions/3`
  /// @throws ProblemException if there is none, or it is none
  public static BackpropModel load(String location) {
    return load(location, null);
  }

  /// Reads the artifact of a version from a service that wants a key.
  ///
  /// @param key of the service; null for none
  public static BackpropModel load(String location, @Nullable String key) {
    SharedModel model = new SharedModel(ModelSource.read(location, key), null);
    model.live();
    return new BackpropModel(model, new ScoreOptions(null, false));
  }

  /// The same that computes with these kernels: `java` has the same bits on every machine,
  /// `openblas` is faster.
  ///
  /// @throws ProblemException `invalid-parameter` if there are no such kernels here
  public BackpropModel withKernels(String kernels) {
    SharedModel other = model.on(kernels);
    try {
      other.live();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ProblemException(ProblemCode.INVALID_PARAMETER, String.valueOf(e.getMessage()));
    }
    return new BackpropModel(other, options);
  }

  /// The same that answers with intervals, or with sets of classes.
  ///
  /// @param share of the truth that they are to have, such as 0.9
  /// @throws ProblemException if there is no such share, or too few rows calibrated the version
  public BackpropModel withInterval(BigDecimal share) {
    Predictor predictor = model.live().model().predictor();
    if (share.compareTo(ConformalScores.LEAST_INTERVAL) < 0
        || share.compareTo(ConformalScores.GREATEST_INTERVAL) > 0) {
      throw new ProblemException(
          ProblemCode.INVALID_DATA,
          "interval: must be from %s to %s, was %s"
              .formatted(
                  ConformalScores.LEAST_INTERVAL,
                  ConformalScores.GREATEST_INTERVAL,
                  share.toPlainString()));
    }
    if (!predictor.suffices(share)) {
      Conformal conformal = predictor.certainty().conformal();
      throw new ProblemException(
          ProblemCode.NO_CALIBRATION,
          "interval: %s needs at least %d rows that calibrate, the version has %d"
              .formatted(
                  share.toPlainString(),
                  ConformalScores.needed(share),
                  conformal == null ? 0 : conformal.rows()));
    }
    return new BackpropModel(model, new ScoreOptions(share, options.nullIfInvalid()));
  }

  /// The same that leaves the answer to a row empty if it cannot be answered, and says why in a
  /// column `invalid`. Without it, such a row ends the job.
  public BackpropModel withNullIfInvalid() {
    return new BackpropModel(model, new ScoreOptions(options.interval(), true));
  }

  /// The rows with their answers behind them.
  ///
  /// @throws ProblemException if the rows lack a column, or have one that is named like an answer
  public Dataset<Row> transform(Dataset<Row> rows) {
    return answer(rows, Arrays.asList(rows.schema().fieldNames()));
  }

  /// Some columns of the rows with their answers behind them. Other columns are not even read, but
  /// for those that the model needs.
  ///
  /// @param kept the columns that stand before the answers
  /// @throws ProblemException as [#transform]
  public Dataset<Row> answer(Dataset<Row> rows, List<String> kept) {
    return score(rows, kept, ScoreCounts.of(rows.sparkSession().sparkContext()));
  }

  /// Makes the SQL function [#FUNCTION]: it takes a row as a struct, and answers with a struct.
  public void register(SparkSession spark) {
    register(spark, FUNCTION);
  }

  /// The same under another name, for several models.
  public void register(SparkSession spark, String name) {
    StructType type = new StructType(answerFields().toArray(new StructField[0]));
    spark.udf().register(name, functions.udf(new RowFunction(broadcast(spark), options), type));
  }

  /// What computes, and why.
  String kernels() {
    return model.live().kernels();
  }

  /// Some columns of the rows, and their answers behind them, in the partitions of the rows.
  Dataset<Row> score(Dataset<Row> rows, List<String> kept, ScoreCounts counts) {
    StructType answered = answered(rows.schema(), kept);
    Dataset<Row> read = read(rows, kept);
    return read.mapPartitions(scorer(read, kept, counts), Encoders.row(answered));
  }

  /// The same, faster, of rows that are read from files.
  Dataset<Row> scoreFiles(Dataset<Row> rows, List<String> kept, ScoreCounts counts) {
    StructType answered = answered(rows.schema(), kept);
    Dataset<Row> read = read(rows, kept);
    return rows.sparkSession()
        .createDataFrame(ScannedRows.score(read, scorer(read, kept, counts)), answered);
  }

  private PartitionScorer scorer(Dataset<Row> read, List<String> kept, ScoreCounts counts) {
    return new PartitionScorer(
        broadcast(read.sparkSession()),
        ModelColumns.places(model.live().model(), read.schema()),
        IntStream.range(0, kept.size()).toArray(),
        options,
        counts);
  }

  /// The columns that are needed: first those that are kept.
  private Dataset<Row> read(Dataset<Row> rows, List<String> kept) {
    List<String> names = Arrays.asList(rows.schema().fieldNames());
    return rows.select(
        Stream.concat(kept.stream(), ModelColumns.names(model.live().model()).stream())
            .distinct()
            .filter(names::contains)
            .map(name -> rows.col("`" + name.replace("`", "``") + "`"))
            .toArray(Column[]::new));
  }

  /// The columns that are kept, and those of the answers.
  private StructType answered(StructType table, List<String> kept) {
    List<String> names = Arrays.asList(table.fieldNames());
    ModelColumns.places(model.live().model(), table);
    List<StructField> fields = new ArrayList<>();
    for (String name : kept) {
      if (!names.contains(name)) {
        throw new ProblemException(
            ProblemCode.INVALID_DATA, "column '%s': must be there, is missing".formatted(name));
      }
      fields.add(table.fields()[names.indexOf(name)]);
    }
    for (StructField answer : answerFields()) {
      if (kept.contains(answer.name())) {
        throw new ProblemException(
            ProblemCode.INVALID_DATA,
            "column '%s': must not be kept, an answer has its name".formatted(answer.name()));
      }
      fields.add(answer);
    }
    return new StructType(fields.toArray(new StructField[0]));
  }

  private List<StructField> answerFields() {
    List<StructField> fields =
        new ArrayList<>(
            new AnswerColumns(
                    model.live().model().predictor().scorer().target(), options.interval() != null)
                .fields());
    if (options.nullIfInvalid()) {
      fields.add(DataTypes.createStructField(ScoreOptions.INVALID, DataTypes.StringType, true));
    }
    return fields;
  }

  private Broadcast<SharedModel> broadcast(SparkSession spark) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(model);
  }
}
