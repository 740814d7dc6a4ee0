package dev.backprop.service.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.NumberCode;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Schema.Field;
import dev.backprop.engine.table.Schema.Role;
import dev.backprop.platform.artifact.Artifact;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.json.Values;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What a row to predict consists of, as the model card shows it.
///
/// @param type `columns` or `numbers`
/// @param width how many bare numbers; null for columns
/// @param features the columns that the network sees, with the ranges of the training part and all
///   categories; null for numbers
/// @param missingTokens the texts that stand for a missing value, beside the empty one; null for
///   numbers
/// @param unused columns of the training data that are accepted and not used; null for numbers
@JsonInclude(JsonInclude.Include.NON_NULL)
record InputView(
    @Values(names = {"columns", "numbers"}) String type,
    @Nullable Integer width,
    @Nullable List<FeatureView> features,
    @Nullable List<String> missingTokens,
    @Nullable List<UnusedView> unused) {

  static InputView of(ModelDraft draft) {
    return of(draft.schema(), draft.predictor().features(), draft.predictor().cells());
  }

  static InputView of(Artifact artifact) {
    return of(artifact.schema(), artifact.features(), artifact.inputs().width());
  }

  /// @param numbers if there are no columns
  private static InputView of(
      dev.backprop.engine.table.@Nullable Schema schema,
      @Nullable FeatureEncoder encoder,
      int numbers) {
    if (schema == null || encoder == null) {
      return new InputView("numbers", numbers, null, null, null);
    }
    return new InputView(
        "columns",
        null,
        IntStream.range(0, encoder.features().size())
            .mapToObj(
                i ->
                    FeatureView.of(
                        encoder.features().get(i), schema.features().get(i).missingTokens()))
            .toList(),
        schema.missing().tokens(),
        schema.fields().stream()
            .filter(field -> field.role() != Role.FEATURE)
            .map(UnusedView::of)
            .toList());
  }

  /// @param min the least number, or the first date as a text
  /// @param missingTokens the texts that stand for a missing value in this column alone
  /// @param format how dates are written; null if the feature has none
  /// @param zone of the clock of the dates; null if their texts have none
  /// @param embedded true if the network embeds the column, else null
  /// @param encoding how a number enters the network; null if it is standardized
  /// @param rare the categories that are one with all unseen ones; null if there is no such one
  /// @param bins of a piecewise-linear encoding, as many as the training part fills; else null
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record FeatureView(
      String name,
      @Values(names = {"numeric", "categorical", "boolean", "date"}) String type,
      boolean nullable,
      @Nullable Boolean embedded,
      @Values(types = {"number", "string"}) @Nullable Object min,
      @Values(types = {"number", "string"}) @Nullable Object max,
      @Nullable Double median,
      @Nullable Double mean,
      @Nullable Double std,
      @Values(names = {"robust", "piecewise-linear", "quantile-normal", "periodic"})
          @Nullable String encoding,
      @Nullable Integer bins,
      @Nullable List<Label> categories,
      @Nullable List<Label> rare,
      @Nullable List<String> missingTokens,
      @Nullable String format,
      @Nullable String zone) {

    static FeatureView of(Feature feature, List<String> tokens) {
      List<String> missingTokens = tokens.isEmpty() ? null : tokens;
      return switch (feature) {
        case Feature.Numeric n ->
            new FeatureView(
                n.name(),
                "numeric",
                n.nullable(),
                null,
                n.min(),
                n.max(),
                n.median(),
                n.mean(),
                n.std(),
                switch (n.code()) {
                  case NumberCode.Standardized _ -> null;
                  case NumberCode.Robust _ -> "robust";
                  case NumberCode.PiecewiseLinear _ -> "piecewise-linear";
                  case NumberCode.QuantileNormal _ -> "quantile-normal";
                  case NumberCode.Periodic _ -> "periodic";
                },
                n.code() instanceof NumberCode.PiecewiseLinear linear ? linear.used() - 1 : null,
                null,
                null,
                missingTokens,
                null,
                null);
        case Feature.Categorical c ->
            new FeatureView(
                c.name(),
                c.type().name().toLowerCase(Locale.ROOT),
                c.nullable(),
                c.embedded() ? Boolean.TRUE : null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                c.categories(),
                c.pool() == null
                    ? null
                    : c.pool().rare().stream().map(c.categories()::get).toList(),
                missingTokens,
                null,
                null);
        case Feature.Date d ->
            new FeatureView(
                d.name(),
                "date",
                d.nullable(),
                null,
                d.first(),
                d.last(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                missingTokens,
                d.format().pattern(),
                d.format().zone());
      };
    }
  }

  /// @param role `target`, `weight`, `ignored` or `dropped`
  /// @param reason why it was dropped
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record UnusedView(
      String name,
      @Values(names = {"target", "weight", "ignored", "dropped"}) String role,
      @Nullable String reason) {

    static UnusedView of(Field field) {
      return new UnusedView(
          field.name(), field.role().name().toLowerCase(Locale.ROOT), field.reason());
    }
  }
}
