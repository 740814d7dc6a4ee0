package dev.backprop.engine.plan;

import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.spec.LossSpec;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Tells if a model is no better than one without inputs.
///
/// @param rows that judge it, in words
/// @param figures of the model on these
/// @param baseline an evaluation that has the baseline; of all rows if folds judge, which have none
/// @param loss of the network
record BaselineWarnings(
    String rows, Map<String, Double> figures, Evaluation baseline, LossSpec loss) {

  /// Fewer rows say nothing.
  private static final int FEWEST_ROWS = 20;

  /// Sums of weights are told apart from here on.
  private static final double ROUNDING = 1e-9;

  /// By so much over n a model may be better on n rows by chance: that is two rows that it answers
  /// right, or errors that are smaller by that share.
  private static final double CHANCE = 2;

  /// Quantiles as near to the median as this stand for it.
  private static final double NEAR = 0.1;

  private static final String ACCURACY = "accuracy";
  private static final String MEAN = "the mean";

  /// On the rows of the [Headline].
  static List<String> of(Learned learned, LossSpec loss) {
    String part = Headline.part(learned.evaluations());
    CrossValidationResult folds = learned.crossValidation();
    Evaluation evaluation = learned.evaluations().get(part == null ? Judge.TRAINING : part);
    if (evaluation == null || evaluation.rows() < FEWEST_ROWS) {
      return List.of();
    }
    if (part != null) {
      String rows = "the %d rows of '%s'".formatted(evaluation.rows(), part);
      return new BaselineWarnings(rows, evaluation.figures(), evaluation, loss).warnings();
    }
    if (folds == null) {
      return List.of();
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    folds.metrics().forEach((name, figure) -> figures.put(name, figure.mean()));
    return new BaselineWarnings("the rows of its folds", figures, evaluation, loss).warnings();
  }

  private List<String> warnings() {
    return switch (baseline) {
      case Evaluation.Classification classes -> classes(classes.baseline());
      case Evaluation.MultiLabel labels ->
          right(labels.baseline().accuracy(), "what is more frequent of each label");
      case Evaluation.Regression numbers -> {
        List<String> all = numbers(numbers.baseline());
        yield all.isEmpty() ? outputs(numbers) : all;
      }
      case Evaluation.Quantiles quantiles ->
          quantiles.quantiles().stream().anyMatch(one -> Math.abs(one.tau() - 0.5) <= NEAR)
              ? error("mae", quantiles.baseline().mae())
              : List.of();
    };
  }

  /// What is rare may be told well by probabilities none of which is above a half.
  private List<String> classes(Evaluation.ClassBaseline without) {
    List<String> worse = right(without.accuracy(), "'%s'".formatted(without.label().text()));
    Double ours = figures.get("logLoss");
    Double theirs = without.logLoss();
    return ours == null || theirs == null || ours >= theirs
        ? worse
        : worse.stream()
            .map(
                warning ->
                    "%s; but its log loss is %s, and %s of the shares of the classes: its probabilities tell more than its answers"
                        .formatted(warning, number(ours), number(theirs)))
            .toList();
  }

  private List<String> right(double without, String always) {
    Double accuracy = figures.get(ACCURACY);
    return accuracy == null || without >= 1 || accuracy > without + chance()
        ? List.of()
        : List.of(warning(ACCURACY, accuracy - without, accuracy, without, always));
  }

  /// What a network learns of numbers: their mean or their median. A quantile of its own is
  /// neither.
  private List<String> numbers(Evaluation.NumberBaseline without) {
    return switch (loss) {
      case LossSpec.Quantile _ -> List.of();
      case LossSpec.AbsoluteError _, LossSpec.Huber _ -> error("mae", without.mae());
      case LossSpec.SquaredError _,
          LossSpec.Quadratic _,
          LossSpec.Poisson _,
          LossSpec.CrossEntropy _,
          LossSpec.Focal _ ->
          error("rmse", without.rmse());
    };
  }

  private List<String> error(String name, double without) {
    Double error = figures.get(name);
    return error == null || without == 0 || error < without * (1 - chance())
        ? List.of()
        : List.of(warning(name.toUpperCase(Locale.ROOT), without - error, error, without, MEAN));
  }

  private List<String> outputs(Evaluation.Regression numbers) {
    List<String> warnings = new ArrayList<>();
    for (Evaluation.OutputScore output : numbers.outputs()) {
      Double r2 = output.r2();
      if (numbers.outputs().size() > 1 && r2 != null && r2 <= 0) {
        warnings.add("'%s': ".formatted(output.name()) + warning("R²", r2, r2, 0, MEAN));
      }
    }
    return warnings;
  }

  private double chance() {
    return CHANCE / baseline.rows();
  }

  /// @param better by how much
  private String warning(
      String figure, double better, double value, double without, String always) {
    return "the model is %s better than its baseline on %s: %s %s, and %s of always answering %s"
        .formatted(
            better > ROUNDING ? "hardly" : "not",
            rows,
            figure,
            number(value),
            number(without),
            always);
  }

  static String number(double value) {
    return new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros().toPlainString();
  }
}
