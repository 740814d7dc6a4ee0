package dev.backprop.platform.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.drift.ColumnReference;
import dev.backprop.engine.drift.Reference;
import dev.backprop.engine.explain.Importance;
import dev.backprop.engine.plan.Insights;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model knows of its columns, in its document from format 4 on. What belongs to a column
/// stands in the order of the features.
///
/// @param typicalRow cells: numbers, seconds of dates, indices of categories, null for a missing
///   one
/// @param reference left out for bare numbers
/// @param importance left out if it was not measured
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InsightsDocument(
    List<@Nullable Double> typicalRow, @Nullable Bins reference, @Nullable Falls importance) {

  /// @param answers one for classes, one for each number or label
  public record Bins(List<Counted> columns, List<Counted> answers) {}

  /// As [ColumnReference] has it.
  ///
  /// @param edges of numbers
  /// @param values of categories
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Counted(
      @Nullable List<Double> edges, @Nullable List<Integer> values, List<Integer> counts) {

    static Counted of(ColumnReference reference) {
      List<Integer> counts =
          Arrays.stream(reference.counts()).mapToInt(Math::toIntExact).boxed().toList();
      return switch (reference) {
        case ColumnReference.Numbers numbers ->
            new Counted(Arrays.stream(numbers.edges()).boxed().toList(), null, counts);
        case ColumnReference.Categories categories ->
            new Counted(null, categories.values(), counts);
      };
    }
  }

  /// As [Insights.Measured] has it.
  ///
  /// @param columns none without a shuffle
  public record Falls(String metric, String part, int rows, int shuffles, List<Fall> columns) {

    static Falls of(Insights.Measured measured) {
      Importance found = measured.columns();
      return new Falls(
          measured.metric(),
          measured.part(),
          found.rows(),
          found.shuffles(),
          found.columns().stream().map(column -> new Fall(column.mean(), column.std())).toList());
    }
  }

  public record Fall(double mean, double std) {}

  static InsightsDocument of(Insights insights) {
    Reference reference = insights.reference();
    return new InsightsDocument(
        Arrays.asList(
            insights.typicalRow().stream()
                .map(cell -> cell.isNaN() ? null : cell)
                .toArray(Double[]::new)),
        reference == null
            ? null
            : new Bins(
                reference.columns().stream().map(Counted::of).toList(),
                reference.answers().stream().map(Counted::of).toList()),
        insights.importance() == null ? null : Falls.of(insights.importance()));
  }
}
