package dev.backprop.service.prediction;

import dev.backprop.engine.figures.Conformal;
import dev.backprop.engine.figures.ConformalScores;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which share of the truth an interval, or a set of classes, is to have.
final class IntervalOption {

  static final String INTERVAL = "interval";

  private static final Pattern DECIMAL = Pattern.compile("[0-9]{0,3}(\\.[0-9]{1,15})?");

  private IntervalOption() {}

  /// @param values of the option
  /// @return null if none is asked for
  /// @throws ProblemException 400 if it is no number, 422 if it is out of range, or if the model
  ///   has too few rows that calibrated
  static @Nullable BigDecimal of(List<String> values, Predictor predictor) {
    if (values.isEmpty()) {
      return null;
    }
    if (values.size() > 1) {
      throw QueryRow.repeated(INTERVAL, values.size());
    }
    BigDecimal interval = number(values.getFirst());
    if (interval.compareTo(ConformalScores.LEAST_INTERVAL) < 0
        || interval.compareTo(ConformalScores.GREATEST_INTERVAL) > 0) {
      throw new ProblemException(
          ProblemCode.INVALID_DATA,
          "%s: must be from %s to %s, was %s"
              .formatted(
                  INTERVAL,
                  ConformalScores.LEAST_INTERVAL,
                  ConformalScores.GREATEST_INTERVAL,
                  interval.toPlainString()));
    }
    if (!predictor.suffices(interval)) {
      Conformal conformal = predictor.certainty().conformal();
      throw new ProblemException(
          ProblemCode.NO_CALIBRATION,
          "%s: %s needs at least %d rows that calibrate, the version has %d"
              .formatted(
                  INTERVAL,
                  interval.toPlainString(),
                  ConformalScores.needed(interval),
                  conformal == null ? 0 : conformal.rows()));
    }
    return interval;
  }

  private static BigDecimal number(String text) {
    if (!text.isEmpty() && DECIMAL.matcher(text).matches()) {
      return new BigDecimal(text);
    }
    throw new ProblemException(
        ProblemCode.INVALID_PARAMETER,
        "%s: must be a number such as 0.9, was '%s'".formatted(INTERVAL, Excerpt.of(text)));
  }
}
