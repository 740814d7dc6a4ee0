package dev.backprop.engine.scoring;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The figures of some validation rows that can be merged with those of others: means, and what
/// they are means over.
///
/// @param rows at least 0
/// @param weight of the rows together; how many there are if all weigh the same
/// @param loss mean over the rows
/// @param accuracy share of the rows; null without classes
/// @param squares mean squared error of each numeric output, in original units; null without
///   numbers
/// @param weightedLoss the mean if classes weigh something; null if they do not
/// @param classWeight what that is a mean over
public record PartialScore(
    long rows,
    double weight,
    double loss,
    @Nullable Double accuracy,
    @Nullable List<Double> squares,
    @Nullable Double weightedLoss,
    double classWeight)
    implements Serializable {

  /// Of no rows.
  public static final PartialScore NONE = new PartialScore(0, 0, 0, null, null, null, 0);

  /// @param weight of the rows together
  /// @param weighted null if classes weigh nothing
  public static PartialScore of(
      Evaluation evaluation, double weight, @Nullable WeightedLoss weighted) {
    return new PartialScore(
        evaluation.rows(),
        weight,
        evaluation.loss(),
        accuracy(evaluation),
        squares(evaluation),
        weighted == null ? null : Double.valueOf(weighted.mean()),
        weighted == null ? 0 : weighted.weight());
  }

  private static @Nullable Double accuracy(Evaluation evaluation) {
    return switch (evaluation) {
      case Evaluation.Classification classes -> classes.accuracy();
      case Evaluation.MultiLabel labels -> labels.accuracy();
      case Evaluation.Regression _, Evaluation.Quantiles _ -> null;
    };
  }

  private static @Nullable List<Double> squares(Evaluation evaluation) {
    return switch (evaluation) {
      case Evaluation.Classification _, Evaluation.MultiLabel _ -> null;
      case Evaluation.Regression numbers ->
          numbers.outputs().stream().map(one -> one.rmse() * one.rmse()).toList();
      case Evaluation.Quantiles quantiles -> List.of(quantiles.rmse() * quantiles.rmse());
    };
  }

  /// The figures of all rows together.
  ///
  /// @param parts in an order that decides the last bits
  /// @return null if the rows weigh nothing
  public static @Nullable PartialScore merged(List<PartialScore> parts) {
    PartialScore sum = NONE;
    for (PartialScore part : parts) {
      sum = part.weight == 0 ? sum : sum.weight == 0 ? part : sum.with(part);
    }
    return sum.weight == 0 ? null : sum;
  }

  private PartialScore with(PartialScore other) {
    double share = other.weight / (weight + other.weight);
    double ofClasses = classWeight + other.classWeight;
    return new PartialScore(
        rows + other.rows,
        weight + other.weight,
        between(loss, other.loss, share),
        accuracy == null || other.accuracy == null
            ? null
            : Double.valueOf(between(accuracy, other.accuracy, share)),
        squares == null || other.squares == null ? null : between(squares, other.squares, share),
        weightedLoss == null || other.weightedLoss == null
            ? null
            : Double.valueOf(
                between(
                    weightedLoss,
                    other.weightedLoss,
                    ofClasses == 0 ? 0 : other.classWeight / ofClasses)),
        ofClasses);
  }

  private static List<Double> between(List<Double> a, List<Double> b, double share) {
    return IntStream.range(0, a.size()).mapToObj(j -> between(a.get(j), b.get(j), share)).toList();
  }

  private static double between(double a, double b, double share) {
    return a * (1 - share) + b * share;
  }

  /// The mean of the outputs' root mean squared errors; null without numbers.
  public @Nullable Double rmse() {
    return squares == null
        ? null
        : Double.valueOf(squares.stream().mapToDouble(Math::sqrt).average().orElse(Double.NaN));
  }
}
