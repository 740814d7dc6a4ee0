package dev.backprop.platform.artifact;

import static dev.backprop.platform.artifact.ArtifactDecoder.fault;

import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.problem.Problem;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The history and the metrics of a document, checked. They are of as many classes or numbers as
/// the target has, and of as many epochs as the training may have had.
record ArtifactScores(ModelDocument document, Target target) {

  void check() {
    Metric selection = document.spec().training().selection();
    if (selection != null
        && !Selection.metrics(target, document.spec().network()).contains(selection)) {
      throw fault("/spec/training/selection", "must suit the target, was " + selection);
    }
    List<EpochReport> history = document.learned().history();
    int most = document.spec().training().epochs();
    if (history.size() > most) {
      throw fault(
          "/history",
          "must have at most the %d epochs of the spec, has %d".formatted(most, history.size()));
    }
    for (int i = 0; i < history.size(); i++) {
      if (history.get(i).epoch() != i + 1) {
        throw fault(
            "/history/" + i + "/epoch",
            "must be %d, was %d".formatted(i + 1, history.get(i).epoch()));
      }
      if (history.get(i).layers() != null && !document.spec().training().layerStatistics()) {
        throw fault("/history/" + i + "/layers", "must be left out without layerStatistics");
      }
      EpochReport.Selected selected = history.get(i).selected();
      if (selected != null && selected.metric() != selection) {
        throw fault(
            "/history/" + i + "/selected/metric",
            "must be that of the spec, %s, was %s".formatted(selection, selected.metric()));
      }
    }
    if (document.learned().bestEpoch() < 1 || document.learned().bestEpoch() > history.size()) {
      throw fault(
          "/bestEpoch",
          "must be from 1 to the %d epochs of the history, was %d"
              .formatted(history.size(), document.learned().bestEpoch()));
    }
    checkFolds(document.learned().crossValidation(), document.spec().training().crossValidation());
    document
        .learned()
        .evaluations()
        .forEach(
            (part, evaluation) -> check("/evaluations/" + Problem.Field.part(part), evaluation));
  }

  private static void checkFolds(
      @Nullable CrossValidationResult result, @Nullable CrossValidationSpec spec) {
    int found = result == null ? 0 : result.folds().size();
    int expected = spec == null ? 0 : spec.folds();
    if (found != expected) {
      throw fault(
          "/crossValidation",
          "must have the %d folds of the spec, has %d".formatted(expected, found));
    }
  }

  private void check(String pointer, Evaluation evaluation) {
    if (evaluation.rows() < 1) {
      throw fault(pointer + "/rows", "must be at least 1, were " + evaluation.rows());
    }
    int expected =
        switch (target) {
          case Target.Classes(_, var classes)
              when evaluation instanceof Evaluation.Classification ->
              classes.size();
          case Target.MultiLabel labels when evaluation instanceof Evaluation.MultiLabel ->
              labels.outputs();
          case Target.Numbers(var names) when evaluation instanceof Evaluation.Regression ->
              names.size();
          case Target.Quantiles(_, var taus) when evaluation instanceof Evaluation.Quantiles ->
              taus.size();
          case Target.Bare(int width)
              when evaluation instanceof Evaluation.Classification && ofProbabilities() ->
              Math.max(2, width);
          case Target.Bare(int width)
              when evaluation instanceof Evaluation.Regression && !ofProbabilities() ->
              width;
          case Target.Classes _,
              Target.MultiLabel _,
              Target.Numbers _,
              Target.Quantiles _,
              Target.Bare _ ->
              throw fault(pointer + "/type", "must suit the target, is of another kind");
        };
    switch (evaluation) {
      case Evaluation.Classification c -> {
        checkSize(pointer + "/classes", expected, c.classes());
        checkSize(pointer + "/perClass", expected, c.perClass());
        checkSize(pointer + "/confusionMatrix", expected, c.confusionMatrix());
        for (int i = 0; i < expected; i++) {
          List<Long> counts = c.confusionMatrix().get(i);
          checkSize(pointer + "/confusionMatrix/" + i, expected, counts);
          if (counts.stream().anyMatch(Objects::isNull)) {
            throw fault(pointer + "/confusionMatrix/" + i, "must be numbers, one is null");
          }
        }
      }
      case Evaluation.MultiLabel m -> checkSize(pointer + "/labels", expected, m.labels());
      case Evaluation.Regression r -> checkSize(pointer + "/outputs", expected, r.outputs());
      case Evaluation.Quantiles q -> checkSize(pointer + "/quantiles", expected, q.quantiles());
    }
  }

  private boolean ofProbabilities() {
    Activation activation = document.spec().network().outputActivation();
    return activation instanceof Activation.Sigmoid || activation instanceof Activation.Softmax;
  }

  private static void checkSize(String pointer, int expected, List<?> found) {
    if (found.size() != expected) {
      throw fault(pointer, "must be %d, were %d".formatted(expected, found.size()));
    }
  }
}
