package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.figures.Calibration;
import dev.backprop.engine.figures.Conformal;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Assured;
import dev.backprop.engine.scoring.Certainty;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.spec.BaggingSpec;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.SpecCopy;
import dev.backprop.engine.spec.TrainingSpec;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What a model says of its answers, by rows that it has not learned from.
class CertaintyTest {

  private static final BigDecimal INTERVAL = new BigDecimal("0.9");

  private static final TrainingSpec TRAINING =
      SpecCopy.of(TrainingSpec.defaults())
          .with("calibration", true)
          .with("epochs", 4)
          .with("importance", false)
          .spec();

  private static TrainingResult.Trained trained(TrainingData data, TrainingSpec training) {
    TrainingResult result =
        TrainingPlan.of(data, null, FitSpec.of(NetworkSpec.of(null, null, null), training))
            .run(new JavaKernels(), Team.ALONE, Clock.systemUTC(), _ -> {}, null);
    return (TrainingResult.Trained) result;
  }

  private static Evaluation.Classification classes(TrainingResult.Trained model, String part) {
    return (Evaluation.Classification)
        Objects.requireNonNull(model.learned().evaluations().get(part));
  }

  @Test
  void ofLargeTablesIsOfRowsThatDidNotChoose() {
    TrainingResult.Trained model = trained(TrainingRows.weightedClasses(9_000), TRAINING);
    assertThat(model.learned().evaluations().keySet()).containsExactly("calibration", "validation");
    Evaluation.Classification apart = classes(model, "calibration");
    assertThat(apart.rows()).isEqualTo(600);
    assertThat(apart.selectedOn()).isNull();
    assertThat(classes(model, "validation").selectedOn()).isTrue();

    Calibration calibration = Objects.requireNonNull(model.predictor().certainty().calibration());
    assertThat(calibration.rows()).isEqualTo(600);
    // What is told of the answers is told of those that are given.
    assertThat(apart.logLoss()).isCloseTo(calibration.after().logLoss(), within(1e-5));
    assertThat(apart.brier()).isCloseTo(calibration.after().brier(), within(1e-5));
    Conformal conformal = Objects.requireNonNull(model.predictor().certainty().conformal());
    assertThat(conformal.rows()).isEqualTo(600);

    Headline headline = Objects.requireNonNull(Headline.of(model.learned().evaluations()));
    assertThat(headline.name()).isEqualTo("accuracy");
    assertThat(headline.part()).isEqualTo("calibration");
    assertThat(headline.value()).isEqualTo(apart.accuracy());
    assertThat(headline.baseline()).isEqualTo(apart.baseline().accuracy());
    List<Double> interval = Objects.requireNonNull(headline.interval());
    assertThat(apart.accuracy()).isBetween(interval.getFirst(), interval.getLast());
    assertThat(Objects.requireNonNull(apart.intervals()))
        .containsOnlyKeys(
            "accuracy", "logLoss", "f1", "auc", "prAuc", "mcc", "balancedAccuracy", "brier");
    assertThat(apart.thresholds()).hasSize(19);
    assertThat(apart.curve()).isNotEmpty();
    assertThat(apart.calibrationBins()).isNotEmpty();
  }

  @Test
  void ofSmallTablesIsOfRowsThatChoseAndSaysSo() {
    TrainingResult.Trained model = trained(TrainingRows.weightedClasses(500), TRAINING);
    assertThat(model.learned().evaluations().keySet()).containsExactly("validation");
    assertThat(classes(model, "validation").selectedOn()).isTrue();
    assertThat(Objects.requireNonNull(model.predictor().certainty().calibration()).rows())
        .isEqualTo(100);
  }

  @Test
  void rowsThatEndedNothingAreNotMarked() {
    TrainingSpec whole =
        SpecCopy.of(TRAINING)
            .with("calibration", false)
            .with("earlyStopping", new EarlyStoppingSpec.None())
            .spec();
    TrainingResult.Trained model = trained(TrainingRows.weightedClasses(500), whole);
    assertThat(classes(model, "validation").selectedOn()).isNull();
    assertThat(model.predictor().certainty()).isEqualTo(Certainty.NONE);
    // The temperature is chosen by them.
    TrainingSpec calibrating = SpecCopy.of(whole).with("calibration", true).spec();
    assertThat(
            classes(trained(TrainingRows.weightedClasses(500), calibrating), "validation")
                .selectedOn())
        .isTrue();
  }

  @Test
  void ofFoldsIsOfAllRows() {
    TrainingSpec folds = SpecCopy.of(TRAINING).with("bagging", new BaggingSpec(3)).spec();
    TrainingResult.Trained model = trained(TrainingRows.weightedClasses(400), folds);
    assertThat(classes(model, "outOfFold").selectedOn()).isTrue();
    assertThat(Objects.requireNonNull(model.predictor().certainty().calibration()).rows())
        .isEqualTo(400);
  }

  @Test
  void boundsNumbersOfNewRows() {
    TrainingResult.Trained model = trained(TrainingRows.cities(3_000, 20, 4), TRAINING);
    Predictor predictor = model.predictor();
    assertThat(predictor.certainty().calibration()).isNull();
    assertThat(predictor.suffices(INTERVAL)).isTrue();
    assertThat(predictor.suffices(new BigDecimal("0.999"))).isFalse();
    TrainingData.Rows others = TrainingRows.cities(1_000, 20, 5);
    Evaluation.Regression told =
        (Evaluation.Regression)
            predictor.evaluate(
                1_000,
                new ArrayDeque<>(List.of(PredictorRows.labelled(predictor, others.table(), null)))
                    ::poll);
    assertThat(told.coverage()).isBetween(0.85, 0.95);

    List<Assured> answers = new ArrayList<>();
    predictor.predict(
        PredictorRows.of(predictor, others.table()),
        predictor.workspace(256),
        INTERVAL,
        answers::add);
    double covered = 0;
    for (int i = 0; i < 1_000; i++) {
      Assured.Numbers numbers = (Assured.Numbers) answers.get(i);
      covered +=
          numbers.intervals().getFirst().contains(others.table().required("y").cell(i)) ? 1e-3 : 0;
    }
    assertThat(covered).isCloseTo(told.coverage(), within(1e-9));
  }

  @Test
  void aThresholdDecidesWhatIsAnswered() {
    TrainingSpec high = SpecCopy.of(TRAINING).with("threshold", 0.1).with("positive", "a").spec();
    TrainingData.Rows data = TrainingRows.weightedClasses(600);
    TrainingResult.Trained usual = trained(data, TRAINING);
    TrainingResult.Trained model = trained(data, high);
    List<Prediction> answers = new ArrayList<>();
    model
        .predictor()
        .predict(
            PredictorRows.of(model.predictor(), data.table()),
            model.predictor().workspace(256),
            answers::add);
    assertThat(answers)
        .allSatisfy(
            answer -> {
              Prediction.ClassPrediction of = (Prediction.ClassPrediction) answer;
              assertThat(of.label().text()).isEqualTo(of.probabilities()[0] >= 0.1 ? "a" : "b");
            });
    assertThat(classes(model, "validation").logLoss())
        .isEqualTo(classes(usual, "validation").logLoss());
    assertThat(classes(model, "validation").accuracy())
        .isNotEqualTo(classes(usual, "validation").accuracy());
  }
}
