package dev.backprop.platform.json;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.backprop.engine.figures.CalibrationBins;
import dev.backprop.engine.figures.Conformal;
import dev.backprop.engine.figures.CurvePoint;
import dev.backprop.engine.figures.ErrorQuantile;
import dev.backprop.engine.figures.IntervalScore;
import dev.backprop.engine.figures.ThresholdTable;
import dev.backprop.engine.nn.LayerFigures;
import dev.backprop.engine.plan.BaggingResult;
import dev.backprop.engine.plan.Choice;
import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.plan.EnsembleResult;
import dev.backprop.engine.plan.Insights;
import dev.backprop.engine.plan.Learned;
import dev.backprop.engine.plan.RowCounts;
import dev.backprop.engine.scoring.Certainty;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.training.Ending;
import dev.backprop.engine.training.EpochReport;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/// The one JSON mapper of the service. It refuses unknown and repeated fields, and values of wrong
/// types.
public final class StrictJson {

  /// A little more than the deepest spec needs, which has residual blocks inside each other. It is
  /// bounded because fields before a `type` are held until that is found, once for each level.
  private static final int MAX_DEPTH = 32;

  /// As long as a cell of CSV may be.
  private static final int MAX_STRING = 1 << 20;

  private StrictJson() {}

  /// A strict mapper; the application has one as a bean.
  public static JsonMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING)
                    .build())
            .build();
    return JsonMapper.builder(factory)
        // JsonProblems looks at the faulty token after the parser has been closed.
        .disable(StreamReadFeature.CLEAR_CURRENT_TOKEN_ON_CLOSE)
        .addModule(SealedSpecDeserializer.module())
        .addMixIn(Label.class, LabelValue.class)
        .addMixIn(Evaluation.class, EvaluationTypes.class)
        .addMixIn(Evaluation.Classification.class, LaterFigures.class)
        .addMixIn(Evaluation.MultiLabel.class, LaterFigures.class)
        .addMixIn(Evaluation.Regression.class, LaterFigures.class)
        .addMixIn(Evaluation.Quantiles.class, LaterFigures.class)
        .addMixIn(Evaluation.OutputScore.class, LaterFigures.class)
        .addMixIn(Evaluation.ClassBaseline.class, LaterBaselineFigures.class)
        .addMixIn(Evaluation.NumberBaseline.class, LaterBaselineFigures.class)
        .addMixIn(Certainty.class, EpochFields.class)
        .addMixIn(Conformal.class, ConformalTypes.class)
        .addMixIn(IntervalScore.class, IntervalScoreTypes.class)
        .addMixIn(EpochReport.class, EpochFields.class)
        .addMixIn(LayerFigures.class, EpochFields.class)
        .addMixIn(Learned.class, LearnedFields.class)
        .addMixIn(RowCounts.class, RowCountsFields.class)
        .addMixIn(CrossValidationResult.class, LaterFigures.class)
        .addMixIn(CrossValidationResult.Fold.class, EpochFields.class)
        .addMixIn(Choice.Compared.class, EpochFields.class)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .withCoercionConfig(
            LogicalType.Textual,
            texts ->
                texts
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .build();
  }

  /// A label is the bare JSON value that it had in the data.
  @JsonDeserialize(using = LabelDeserializer.class)
  private interface LabelValue {

    @JsonValue
    Object json();
  }

  /// Which figures there are.
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Evaluation.Classification.class, name = "classification"),
    @JsonSubTypes.Type(value = Evaluation.Regression.class, name = "regression"),
    @JsonSubTypes.Type(value = Evaluation.Quantiles.class, name = "quantiles"),
    @JsonSubTypes.Type(value = Evaluation.MultiLabel.class, name = "multi-label"),
  })
  private interface EvaluationTypes {}

  /// Figures that former versions did not know are left out if there are none. Each record has some
  /// of them.
  interface LaterFigures {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Map<String, List<Double>> intervals();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Boolean selectedOn();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Double f1();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Double prAuc();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Double mcc();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Double balancedAccuracy();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Double brier();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable List<ThresholdTable.Row> thresholds();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable List<CurvePoint> curve();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable List<CalibrationBins.Bin> calibrationBins();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable List<ErrorQuantile> errorQuantiles();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Double mape();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Double pinball();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Double coverage();
  }

  /// Of baselines, more are left out: models had them before.
  interface LaterBaselineFigures extends LaterFigures {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Double auc();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Double r2();
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Conformal.Sets.class, name = "sets"),
    @JsonSubTypes.Type(value = Conformal.Intervals.class, name = "intervals"),
  })
  private interface ConformalTypes {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = IntervalScore.OfAnswer.class, name = "answer"),
    @JsonSubTypes.Type(value = IntervalScore.OfQuantiles.class, name = "quantiles"),
  })
  private interface IntervalScoreTypes {}

  /// Figures that there are not are left out.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private interface EpochFields {}

  /// A part that there is not is left out, so that former versions read the others.
  interface RowCountsFields {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Integer calibration();

    @JsonIgnore
    int calibrating();
  }

  /// What was learned, as clients see it. Its ending is shown as truth values.
  @JsonPropertyOrder({
    "metrics",
    "crossValidation",
    "bagging",
    "ensemble",
    "choice",
    "bestEpoch",
    "stoppedEarly",
    "stoppedByTime",
    "converged",
    "history",
    "warnings"
  })
  public interface LearnedFields {

    @JsonProperty("metrics")
    Map<String, Evaluation> evaluations();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable CrossValidationResult crossValidation();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable BaggingResult bagging();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable EnsembleResult ensemble();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Choice choice();

    @JsonIgnore
    @Nullable Insights insights();

    @JsonIgnore
    Ending ending();

    @JsonProperty
    boolean stoppedEarly();

    @JsonProperty
    boolean stoppedByTime();

    @JsonProperty
    boolean converged();
  }

  /// An epoch as it is stored. Figures that former versions did not know are left out if there are
  /// none, so that these can read the rest.
  @JsonInclude
  public interface StoredEpochFields {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Double weightedValidationLoss();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    EpochReport.@Nullable Selected selected();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable List<LayerFigures> layers();
  }
}
