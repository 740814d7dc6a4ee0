package dev.backprop.platform.artifact;

import static dev.backprop.platform.artifact.ArtifactDecoder.fault;

import dev.backprop.engine.plan.BaggingResult;
import dev.backprop.engine.plan.Choice;
import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.plan.EnsembleResult;
import dev.backprop.engine.plan.Learned;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.problem.Problem;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The history and the metrics of a document, checked. They are of as many classes or numbers as
/// the target has, and of as many epochs as the training may have had.
record ArtifactScores(ModelDocument document, Target target) {

  private static final int MAX_WEIGHT = 1_000;

  void check() {
    Metric selection = document.spec().training().selection();
    if (selection != null
        && !Selection.metrics(target, document.spec().network()).contains(selection)) {
      throw fault("/spec/training/selection", "must suit the target, was " + selection);
    }
    BaggingResult bagging = document.learned().bagging();
    checkSomeFolds(
        "/bagging",
        bagging == null ? 0 : bagging.folds().size(),
        document.spec().training().bagging() == null || document.spec().fit().fitsEnsemble()
            ? 0
            : document.spec().training().servedNetworks());
    checkHistories(bagging);
    if (document.learned().choice() != null) {
      check(document.learned().choice());
    }
    CrossValidationResult folds = document.learned().crossValidation();
    CrossValidationSpec spec = document.spec().training().crossValidation();
    checkFolds(
        "/crossValidation",
        folds == null ? 0 : folds.folds().size(),
        spec == null ? 0 : spec.folds());
    document
        .learned()
        .evaluations()
        .forEach(
            (part, evaluation) -> check("/evaluations/" + Problem.Field.part(part), evaluation));
  }

  private void checkHistories(@Nullable BaggingResult bagging) {
    FitSpec spec = document.spec().fit();
    Learned learned = document.learned();
    EnsembleResult ensemble = learned.ensemble();
    ArtifactDecoder.checkGiven("/ensemble", ensemble, spec.fitsEnsemble());
    if (bagging == null && ensemble == null) {
      checkHistory("", spec.training(), learned.history(), learned.bestEpoch());
      return;
    }
    checkSize("/history", 0, learned.history());
    ArtifactDecoder.atLeastOne("/bestEpoch", learned.bestEpoch());
    if (bagging != null) {
      checkFoldHistories("/bagging/folds/", spec.training(), bagging.folds());
    }
    if (ensemble != null) {
      check(ensemble, spec);
    }
  }

  private void check(EnsembleResult ensemble, FitSpec spec) {
    EnsembleSpec asked = Objects.requireNonNull(spec.ensemble());
    if (asked.candidates() == null || asked.candidates() != ensemble.candidates()) {
      throw fault(
          "/spec/ensemble/candidates",
          "must be that of the ensemble, %d, was %s"
              .formatted(ensemble.candidates(), asked.candidates()));
    }
    checkSize("/ensemble/members", ensemble.candidates(), ensemble.members());
    int served = 0;
    int folds = 0;
    for (int m = 0; m < ensemble.members().size(); m++) {
      String pointer = "/ensemble/members/" + m;
      EnsembleResult.MemberResult member = ensemble.members().get(m);
      if (member.member() != m + 1) {
        throw fault(pointer + "/member", "must be %d, was %d".formatted(m + 1, member.member()));
      }
      if (member.weight() < 0 || member.weight() > MAX_WEIGHT) {
        throw fault(
            pointer + "/weight",
            "must be from 0 to %d, was %d".formatted(MAX_WEIGHT, member.weight()));
      }
      served += member.weight();
      if (member.weight() == 0 && member.folds().isEmpty()) {
        continue; // it diverged
      }
      checkSomeFolds(pointer + "/folds", member.folds().size(), spec.training().servedNetworks());
      folds = folds == 0 ? member.folds().size() : folds;
      checkSize(pointer + "/folds", folds, member.folds());
      checkFoldHistories(pointer + "/folds/", spec.members().get(m).training(), member.folds());
    }
    if (served == 0) {
      throw fault("/ensemble/members", "must have one of a weight above 0, has none");
    }
  }

  /// What was compared with the one network that is served.
  private void check(Choice choice) {
    ArtifactDecoder.checkGiven("/spec/ensemble", document.spec().ensemble(), false);
    if (!Selection.metrics(target, document.spec().network()).contains(choice.metric())) {
      throw fault("/choice/metric", "must suit the target, was " + choice.metric());
    }
    int most = EnsembleSpec.MAX_MEMBERS;
    if (choice.members().size() > most) {
      throw fault(
          "/choice/members",
          "must be at most %d, were %d".formatted(most, choice.members().size()));
    }
    if (choice.members().stream().noneMatch(member -> member.member() == choice.member())) {
      throw fault("/choice/member", "must be one of the members, was " + choice.member());
    }
  }

  private static void checkFoldHistories(
      String pointer, TrainingSpec training, List<BaggingResult.Fold> folds) {
    for (int fold = 0; fold < folds.size(); fold++) {
      BaggingResult.Fold ended = folds.get(fold);
      checkHistory(pointer + fold, training, ended.history(), ended.result().bestEpoch());
    }
  }

  private static void checkHistory(
      String pointer, TrainingSpec training, List<EpochReport> history, int bestEpoch) {
    Metric selection = training.selection();
    int most = training.epochs();
    if (history.size() > most) {
      throw fault(
          pointer + "/history",
          "must have at most the %d epochs of the spec, has %d".formatted(most, history.size()));
    }
    for (int i = 0; i < history.size(); i++) {
      if (history.get(i).epoch() != i + 1) {
        throw fault(
            pointer + "/history/" + i + "/epoch",
            "must be %d, was %d".formatted(i + 1, history.get(i).epoch()));
      }
      if (history.get(i).layers() != null && !training.layerStatistics()) {
        throw fault(
            pointer + "/history/" + i + "/layers", "must be left out without layerStatistics");
      }
      EpochReport.Selected selected = history.get(i).selected();
      if (selected != null && selected.metric() != selection) {
        throw fault(
            pointer + "/history/" + i + "/selected/metric",
            "must be that of the spec, %s, was %s".formatted(selection, selected.metric()));
      }
    }
    if (bestEpoch < 1 || bestEpoch > history.size()) {
      throw fault(
          pointer + "/bestEpoch",
          "must be from 1 to the %d epochs of the history, was %d"
              .formatted(history.size(), bestEpoch));
    }
  }

  /// A training that was finished early has fewer folds than its spec.
  private static void checkSomeFolds(String pointer, int found, int most) {
    if (found > most || (found == 0 && most > 0)) {
      throw fault(
          pointer, "must have from 1 to the %d folds of the spec, has %d".formatted(most, found));
    }
  }

  private static void checkFolds(String pointer, int found, int expected) {
    if (found != expected) {
      throw fault(pointer, "must have the %d folds of the spec, has %d".formatted(expected, found));
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
    if (evaluation.intervals() != null) {
      evaluation
          .intervals()
          .forEach(
              (name, bounds) -> {
                String of = pointer + "/intervals/" + Problem.Field.part(name);
                checkSize(of, 2, bounds);
                if (bounds.stream().anyMatch(Objects::isNull)) {
                  throw fault(of, "must be numbers, one is null");
                }
              });
    }
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
