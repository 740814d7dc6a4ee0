package dev.backprop.service.prediction;

import dev.backprop.engine.explain.Attribution;
import dev.backprop.engine.explain.AttributionWorkspace;
import dev.backprop.engine.explain.Explanation;
import dev.backprop.engine.figures.Calibration;
import dev.backprop.engine.plan.Insights;
import dev.backprop.engine.scoring.NonFiniteOutputException;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.ModelInputs;
import dev.backprop.service.model.ModelVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Explains the answers of a version, for one request.
final class Explaining {

  /// The most explanations of a request. Each takes some milliseconds.
  static final int MOST = 1_000;

  private final ModelVersion version;
  private final Attribution attribution;
  private final List<String> columns;

  /// What is answered, if that is more than one thing; else none.
  private final List<String> answers;

  /// The class to be explained; negative for that of the answer.
  private final int explained;

  private @Nullable AttributionWorkspace workspace;

  private Explaining(ModelVersion version, Attribution attribution, int explained) {
    this.version = version;
    this.attribution = attribution;
    this.columns = version.inputs().names();
    this.answers = answers(version.predictor().scorer().target());
    this.explained = explained;
  }

  /// Why one thing was answered.
  ///
  /// @param answer its name among several; null if there is but one
  /// @param label the class whose odds are explained; null if it is none of classes
  record Why(@Nullable String answer, @Nullable Label label, Explanation explanation) {}

  /// @return null if nothing is to be explained
  /// @throws ProblemException 422 if the version has no typical row, or no such class
  static @Nullable Explaining of(ModelVersion version, ExplainOptions options) {
    if (!options.asked()) {
      return null;
    }
    int explained = explained(version, options.explained());
    Insights insights = version.insights();
    return new Explaining(
        version,
        new Attribution(version.predictor(), insights.typicalCells(), temperature(version)),
        explained);
  }

  private static int explained(ModelVersion version, @Nullable String name) {
    if (name == null) {
      return -1;
    }
    if (!(version.predictor().scorer().target() instanceof Target.Classes(_, var classes))) {
      throw refused("this model answers no classes, was '%s'".formatted(Excerpt.of(name)));
    }
    for (int c = 0; c < classes.size(); c++) {
      if (classes.get(c).text().equals(name)) {
        return c;
      }
    }
    throw refused(
        "must be one of the %d classes, was '%s'".formatted(classes.size(), Excerpt.of(name)));
  }

  private static ProblemException refused(String detail) {
    return new ProblemException(
        ProblemCode.INVALID_DATA, ExplainOptions.EXPLAIN_CLASS + ": " + detail);
  }

  /// What is answered, if that is more than one thing; else none.
  static List<String> answers(Target target) {
    return switch (target) {
      case Target.Classes _, Target.Quantiles _ -> List.of();
      case Target.Numbers numbers -> numbers.outputs() == 1 ? List.of() : numbers.names();
      case Target.MultiLabel labels -> labels.names();
      case Target.Bare(int width) -> width == 1 ? List.of() : ModelInputs.numberNames(width);
    };
  }

  /// @throws ProblemException 413 if that is more than a request may ask for
  void check(int rows) {
    long asked = (long) rows * Math.max(1, answers.size());
    if (asked > MOST) {
      throw new ProblemException(
          ProblemCode.TOO_LARGE,
          "explain: at most %d explanations a request, %d rows need %d"
              .formatted(MOST, rows, asked));
    }
  }

  /// The features, or the places of bare numbers.
  List<String> columns() {
    return columns;
  }

  /// What is answered, if that is more than one thing; else none.
  List<String> answers() {
    return answers;
  }

  /// Heap that it takes.
  long bytes() {
    return attribution.workspaceBytes();
  }

  /// Explains the answer to a row.
  ///
  /// @throws NonFiniteOutputException if it overflows on the way
  List<Why> why(double[] cells, Prediction prediction) {
    if (workspace == null) {
      workspace = attribution.workspace();
    }
    if (answers.isEmpty()) {
      int output = output(prediction);
      Label label =
          version.predictor().scorer().target() instanceof Target.Classes(_, var classes)
              ? classes.get(output)
              : null;
      return List.of(new Why(null, label, attribution.explain(cells, output, workspace)));
    }
    List<Why> all = new ArrayList<>(answers.size());
    for (int a = 0; a < answers.size(); a++) {
      all.add(new Why(answers.get(a), null, attribution.explain(cells, a, workspace)));
    }
    return all;
  }

  private int output(Prediction prediction) {
    return switch (prediction) {
      case Prediction.ClassPrediction classes -> explained < 0 ? classes.index() : explained;
      case Prediction.QuantilePrediction quantiles -> quantiles.middle();
      case Prediction.NumberPrediction _, Prediction.MultiLabelPrediction _, Prediction.Outputs _ ->
          0;
    };
  }

  /// That probabilities are calibrated with.
  private static double temperature(ModelVersion version) {
    Calibration calibration = version.predictor().certainty().calibration();
    return calibration == null ? 1 : calibration.temperature();
  }
}
