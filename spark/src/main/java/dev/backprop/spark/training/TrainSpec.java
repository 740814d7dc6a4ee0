package dev.backprop.spark.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.engine.spec.SpecCopy;
import dev.backprop.engine.spec.TargetTransform;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.platform.json.JsonProblems;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a spec says: as much of the body of a training request as goes with rows in shards.
///
/// @param fit before it is resolved
/// @param rateGiven whether it names a learning rate
/// @param batchGiven whether it names a batch size
/// @param columns how to read columns, by their names
/// @param weight the column of weights; null if all rows weigh the same
/// @param task null if it is to be inferred
record TrainSpec(
    FitSpec fit,
    boolean rateGiven,
    boolean batchGiven,
    Map<String, ColumnUse> columns,
    MissingTokens missing,
    @Nullable String weight,
    @Nullable Task task) {

  enum Task {
    @JsonProperty("classification")
    CLASSIFICATION,
    @JsonProperty("regression")
    REGRESSION
  }

  /// How to read a column.
  ///
  /// @param type null if it is to be inferred
  /// @param nullable whether rows to predict may lack its cell; null if the data decide
  record ColumnUse(@Nullable Type type, @Nullable Boolean nullable) {

    enum Type {
      @JsonProperty("numeric")
      NUMERIC,
      @JsonProperty("categorical")
      CATEGORICAL,
      @JsonProperty("boolean")
      BOOLEAN,
      @JsonProperty("date")
      DATE,
      @JsonProperty("ignore")
      IGNORE
    }

    boolean ignored() {
      return type == Type.IGNORE;
    }

    @Nullable ColumnType columnType() {
      return type == null || type == Type.IGNORE ? null : ColumnType.valueOf(type.name());
    }
  }

  private record Body(
      @Nullable EncodingSpec encoding,
      @Nullable NetworkSpec network,
      @Nullable TrainingSpec training,
      @Nullable Data data) {}

  private record Data(
      @JsonSetter(contentNulls = Nulls.FAIL) @Nullable Map<String, ColumnUse> columns,
      @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<String> missing,
      @Nullable String weight,
      @Nullable Task task) {}

  /// What a training request may have and a spec of this may not, and why.
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("/preset", "only plain trains in shards"),
          Map.entry("/ensemble", "one network trains in shards"),
          Map.entry("/warmStart", "it starts anew"),
          Map.entry("/validation", "rows are held out by their hash"),
          Map.entry("/model", "--model says it"),
          Map.entry("/callback", "nobody is called"),
          Map.entry("/data/target", "--target says it"),
          Map.entry("/data/split", "rows are held out by their hash"),
          Map.entry("/data/dataset", "--data says it"),
          Map.entry("/data/rows", "--data says it"),
          Map.entry("/training/bagging", "one network trains in shards"),
          Map.entry("/training/crossValidation", "rows are held out once"),
          Map.entry("/training/maxSeconds", "what comes of it would depend on the cluster"),
          Map.entry("/training/averaging", "the shards' parameters are averaged"),
          Map.entry("/training/layerStatistics", "no layer is watched in shards"));

  /// @param text JSON
  /// @param seed that the command line says; null if the spec may
  /// @throws ProblemException with a pointer into the spec
  static TrainSpec of(String text, @Nullable Long seed) {
    JsonMapper json = StrictJson.mapper();
    try {
      if (!(json.readTree(text) instanceof ObjectNode tree)) {
        throw ProblemException.at(ProblemCode.WRONG_TYPE, "", "must be an object").in("--spec");
      }
      refuse(tree);
      Body body = json.treeToValue(tree, Body.class);
      return of(body, tree, seed);
    } catch (JacksonException e) {
      throw JsonProblems.of(e).in("--spec");
    } catch (InvalidSpecException e) {
      throw problem(e);
    }
  }

  static ProblemException problem(InvalidSpecException e) {
    return ProblemException.at(ProblemCode.INVALID_SPEC, e.pointer(), e.detail()).in("--spec");
  }

  private static void refuse(ObjectNode tree) {
    REFUSED.forEach(
        (pointer, why) -> {
          JsonNode at = tree.at(pointer);
          boolean usual =
              (pointer.equals("/preset") && at.isString() && at.asString().equals("plain"))
                  || (at.isBoolean() && !at.asBoolean());
          if (!at.isMissingNode() && !at.isNull() && !usual) {
            throw new InvalidSpecException(pointer, "must be left out: " + why);
          }
        });
    tree.remove("preset");
  }

  private static TrainSpec of(Body body, ObjectNode tree, @Nullable Long seed) {
    TrainingSpec training = body.training == null ? TrainingSpec.defaults() : body.training;
    check(training, body.encoding);
    if (seed != null) {
      if (!tree.at("/training/seed").isMissingNode()) {
        throw new InvalidSpecException("/training/seed", "must be left out with --seed");
      }
      training = SpecCopy.of(training).with("seed", seed).spec();
    }
    Data data = body.data == null ? new Data(null, null, null, null) : body.data;
    return new TrainSpec(
        new FitSpec(
            body.encoding == null ? EncodingSpec.DEFAULT : body.encoding,
            body.network == null ? NetworkSpec.of(null, null, null) : body.network,
            training),
        !tree.at("/training/optimizer/learningRate").isMissingNode(),
        !tree.at("/training/batchSize").isMissingNode(),
        data.columns == null ? Map.of() : data.columns,
        data.missing == null ? MissingTokens.DEFAULT : new MissingTokens(data.missing),
        data.weight,
        data.task);
  }

  private static void check(TrainingSpec training, @Nullable EncodingSpec encoding) {
    if (training.optimizer().fullBatch()) {
      throw new InvalidSpecException(
          "/training/optimizer",
          "must have mini-batches: lbfgs and rprop need all rows in every step");
    }
    if (training.schedule() instanceof ScheduleSpec.ReduceOnPlateau) {
      throw new InvalidSpecException(
          "/training/schedule", "must not be reduce-on-plateau, which waits for every epoch");
    }
    if (training.validationFraction() != null && training.validationFraction() == 0) {
      throw new InvalidSpecException(
          "/training/validationFraction",
          "must be above 0: the best round is found by rows that are held out, was 0");
    }
    if (encoding != null && encoding.transform() == TargetTransform.AUTO) {
      throw new InvalidSpecException(
          "/encoding/target", "must not be auto, which trains several networks");
    }
  }

  /// The same with this factor on the learning rate, unless the spec names one.
  FitSpec withRate(FitSpec resolved, double factor) {
    if (rateGiven || factor == 1) {
      return resolved;
    }
    JsonMapper json = StrictJson.mapper();
    ObjectNode tree = json.valueToTree(resolved.training());
    if (tree.get("optimizer") instanceof ObjectNode optimizer) {
      optimizer.put("learningRate", resolved.training().optimizer().learningRate() * factor);
    }
    return new FitSpec(
        resolved.encoding(), resolved.network(), json.treeToValue(tree, TrainingSpec.class));
  }
}
