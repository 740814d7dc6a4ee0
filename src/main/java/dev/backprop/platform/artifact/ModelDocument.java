package dev.backprop.platform.artifact;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.NumberCode;
import dev.backprop.engine.data.Ranks;
import dev.backprop.engine.plan.BaggingResult;
import dev.backprop.engine.plan.Choice;
import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.plan.EnsembleResult;
import dev.backprop.engine.plan.Learned;
import dev.backprop.engine.scoring.Certainty;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.NewerFormatException;
import dev.backprop.engine.training.Ending;
import dev.backprop.engine.training.EpochReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The JSON document of a model artifact: all of a version but its parameters, with every number
/// that encoding and decoding need. Doubles are written as the shortest decimal that reads back to
/// the same bits.
///
/// @param format comes first, so that a document of another format is refused as that
/// @param origin which version this was when it was written
/// @param spec resolved
/// @param input described by all rows that any of its networks learned from
/// @param members the encoders of each network if there are several, or an ensemble; else null
/// @param certainty how sure the model is of its answers; null in former formats, and if it is not
///   known
/// @param insights null in former formats, and in what came from them; `learned` has none
public record ModelDocument(
    Format format,
    Origin origin,
    SpecView spec,
    Inputs input,
    Outputs target,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Encoders> members,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Certainty certainty,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable InsightsDocument insights,
    Learned learned,
    Provenance provenance) {

  /// What was learned stands among the fields of the document, [ArtifactJson] writes it so.
  @JsonCreator
  static ModelDocument of(
      Format format,
      Origin origin,
      SpecView spec,
      Inputs input,
      Outputs target,
      @Nullable List<Encoders> members,
      @Nullable Certainty certainty,
      @Nullable InsightsDocument insights,
      Map<String, Evaluation> evaluations,
      @Nullable CrossValidationResult crossValidation,
      @Nullable BaggingResult bagging,
      @Nullable EnsembleResult ensemble,
      @Nullable Choice choice,
      List<EpochReport> history,
      int bestEpoch,
      boolean stoppedEarly,
      boolean stoppedByTime,
      boolean converged,
      List<String> warnings,
      Provenance provenance) {
    Ending ending =
        converged
            ? Ending.CONVERGED
            : stoppedEarly
                ? Ending.STOPPED_EARLY
                : stoppedByTime ? Ending.STOPPED_BY_TIME : Ending.COMPLETE;
    Learned learned =
        new Learned(
            evaluations,
            crossValidation,
            bagging,
            ensemble,
            choice,
            null,
            history,
            bestEpoch,
            ending,
            warnings);
    return new ModelDocument(
        format, origin, spec, input, target, members, certainty, insights, learned, provenance);
  }

  /// The number of the format: what is read is from 1 up to [#CURRENT].
  public record Format(@JsonValue int number) {

    public static final int CURRENT = 5;

    /// What is written of a training on one machine, so that a former version reads it.
    private static final int NOT_SPREAD = 4;

    /// The number that is written.
    static Format of(Provenance provenance) {
      return new Format(provenance.spread() == null ? NOT_SPREAD : CURRENT);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Format of(int number) throws NewerFormatException {
      if (number > CURRENT) {
        throw new NewerFormatException(CURRENT, number);
      }
      if (number < 1) {
        throw new InvalidSpecException(
            "",
            "must be from 1 to %d, the formats that are read here, was %d"
                .formatted(CURRENT, number));
      }
      return new Format(number);
    }

    private static final Pattern FIRST =
        Pattern.compile("\\s*\\{\\s*\"format\"\\s*:\\s*([0-9]{1,9})\\b");

    /// The number at the beginning of a document; 0 if there is none.
    ///
    /// @param document or its first characters
    public static int in(CharSequence document) {
      Matcher first = FIRST.matcher(document);
      return first.lookingAt() ? Integer.parseInt(first.group(1)) : 0;
    }
  }

  /// @param version from 1
  public record Origin(String model, int version, Instant createdAt) {}

  /// What a row consists of: so many bare numbers, or columns.
  ///
  /// @param columns of the training data, in its order
  /// @param missing in format 1, the texts that stood for a missing cell
  /// @param missingTokens from format 2 on, the texts that stand for a missing cell in every column
  /// @param silentInputs as [dev.backprop.engine.data.FeatureEncoder#silentInputs()] has them
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Inputs(
      @Nullable Integer numbers,
      @Nullable List<Column> columns,
      @Nullable List<String> missing,
      @Nullable List<String> missingTokens,
      @Nullable List<Integer> silentInputs) {}

  /// A column of the training data. A numeric feature has its statistics, a feature of dates those
  /// of its parts; how features enter the network is said by the spec.
  ///
  /// @param type `numeric`, `categorical`, `boolean` or `date`
  /// @param role `feature`, `target`, `weight`, `ignored` or `dropped`
  /// @param reason why it was dropped
  /// @param categories of a used column that is not numeric, sorted
  /// @param missingTokens the texts that stand for a missing cell in this column alone; left out if
  ///   there are none
  /// @param rare the categories that are one with all unseen ones, by their indices; left out if
  ///   the encoding has none
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Column(
      String name,
      String type,
      String role,
      boolean nullable,
      @Nullable String reason,
      @Nullable List<Label> categories,
      @Nullable List<String> missingTokens,
      @Nullable Statistics statistics,
      @Nullable Dates dates,
      @Nullable List<Integer> rare) {

    /// The same with the statistics of other rows.
    Column with(Fitted other) {
      return new Column(
          name,
          type,
          role,
          nullable,
          reason,
          categories,
          missingTokens,
          other.statistics,
          other.dates,
          other.rare);
    }
  }

  /// What a feature has of the rows that an encoder was fitted to, as [Column] has it.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Fitted(
      @Nullable Statistics statistics, @Nullable Dates dates, @Nullable List<Integer> rare) {}

  /// Of a feature of dates, from format 3 on.
  ///
  /// @param pattern as [dev.backprop.engine.table.DateFormat] has it
  /// @param zone of the column's clock; left out if the texts have none
  /// @param parts one for each of [dev.backprop.engine.table.DateFormat#parts()]
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Dates(String pattern, @Nullable String zone, List<DatePart> parts) {}

  /// @param name of the part
  public record DatePart(String name, Statistics statistics) {}

  /// Of the training part.
  ///
  /// @param scale of a robust, a piecewise-linear or a periodic encoding, else null
  /// @param edges of the bins of a piecewise-linear encoding, else null
  /// @param quantiles of a quantile-normal encoding, else null
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Statistics(
      double median,
      double mean,
      double std,
      double min,
      double max,
      @Nullable Double scale,
      @Nullable List<Double> edges,
      @Nullable List<Double> quantiles) {

    static Statistics of(Feature.Numeric feature) {
      return new Statistics(
          feature.median(),
          feature.mean(),
          feature.std(),
          feature.min(),
          feature.max(),
          switch (feature.code()) {
            case NumberCode.Standardized _, NumberCode.QuantileNormal _ -> null;
            case NumberCode.Robust robust -> robust.scale();
            case NumberCode.PiecewiseLinear linear -> linear.number().scale();
            case NumberCode.Periodic periodic -> periodic.number().scale();
          },
          feature.code() instanceof NumberCode.PiecewiseLinear linear
              ? linear.edges().list()
              : null,
          feature.code() instanceof NumberCode.QuantileNormal(Ranks ranks)
              ? ranks.quantiles()
              : null);
    }
  }

  /// The encoders of one of several networks, fitted to the rows that it learned from.
  ///
  /// @param member of the spec's ensemble, from 1; null if there is none
  /// @param weight how often the network counts in the mean; null if there is no ensemble
  /// @param features in the order of the columns; null for bare numbers
  /// @param silentInputs as [Inputs] has them
  /// @param scales as [Outputs] has them
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Encoders(
      @Nullable Integer member,
      @Nullable Integer weight,
      @Nullable List<Fitted> features,
      @Nullable List<Integer> silentInputs,
      @Nullable List<Scale> scales) {}

  /// What the outputs mean. Several quantiles of one number are said by the loss of the spec.
  ///
  /// @param type `classes`, `labels`, `numbers` or `bare`
  /// @param names the target columns; none for bare numbers
  /// @param classes of the one target column; for labels 0 and 1 if they are answered so, none if
  ///   they are truth values
  /// @param numbers how many bare ones
  /// @param scales one a numeric column, in their order
  /// @param baseline one for each output, see [dev.backprop.engine.scoring.Baseline]
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Outputs(
      String type,
      @Nullable List<String> names,
      @Nullable List<Label> classes,
      @Nullable Integer numbers,
      @Nullable List<Scale> scales,
      List<Double> baseline,
      boolean inferred) {}

  /// A number y was learned as (y - mean) / std, if there is neither a logarithm nor quantiles.
  ///
  /// @param log if the spec's `encoding.target` is that
  /// @param quantiles if it is that
  /// @param range that answers are clamped to, if the spec's `encoding.clamp` says so
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Scale(
      double mean,
      double std,
      @Nullable Log log,
      @Nullable Quantiles quantiles,
      @Nullable Range range) {}

  /// As [dev.backprop.engine.data.TargetCurve.Log] has it.
  public record Log(double shift, double mean, double std) {}

  /// As [dev.backprop.engine.data.TargetCurve.Quantiles] has it.
  public record Quantiles(List<Double> values, List<Double> normals) {}

  /// As [dev.backprop.engine.data.TargetScale.Range] has it.
  public record Range(double min, double max) {}
}
