package dev.backprop.engine.figures;

/// How far a number is from an answer, in a measure in which all rows are alike, and the numbers
/// that are no further. In the unit of the target, but for what is divided by a size.
public sealed interface IntervalScore permits IntervalScore.OfAnswer, IntervalScore.OfQuantiles {

  /// The score of a row that calibrates.
  ///
  /// @param y its target
  double score(double y, NumberAnswer answer);

  /// The numbers whose score is at most q.
  Bounds bounds(double q, NumberAnswer answer);

  /// |y - answer| / size: rows are as wide as they are wrong in rows like them.
  record OfAnswer(IntervalSize size) implements IntervalScore {

    /// The same everywhere.
    static OfAnswer absolute() {
      return new OfAnswer(IntervalSize.ONE);
    }

    @Override
    public double score(double y, NumberAnswer answer) {
      return Math.abs(y - answer.value()) / size.of(answer);
    }

    @Override
    public Bounds bounds(double q, NumberAnswer answer) {
      double reach = q * size.of(answer);
      return new Bounds(answer.value() - reach, answer.value() + reach);
    }
  }

  /// max(low - y, y - high): how far outside of the outer quantiles (Romano, Patterson and Candès
  /// 2019).
  record OfQuantiles() implements IntervalScore {

    @Override
    public double score(double y, NumberAnswer answer) {
      return Math.max(answer.low() - y, y - answer.high());
    }

    /// Of a q below 0 they may pass each other; then what is answered is all there is.
    @Override
    public Bounds bounds(double q, NumberAnswer answer) {
      double low = answer.low() - q;
      double high = answer.high() + q;
      return low <= high ? new Bounds(low, high) : new Bounds(answer.value(), answer.value());
    }
  }
}
