package dev.backprop.engine.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Initializer;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Networks without hidden layers whose logits are their inputs: what comes out can be worked out
/// by hand.
class ScorerTest {

  private static final double[] NO_STATISTICS = {};

  private static Scorer scorer(
      int width, Activation output, LossSpec loss, TargetEncoder target, double... baseline) {
    Initializer zeros = new Initializer.Zeros();
    NetworkSpec spec = new NetworkSpec(List.of(), new OutputSpec(output, zeros, zeros), loss);
    float[] parameters = new float[width * width + width];
    for (int j = 0; j < width; j++) {
      parameters[j * width + j] = 1;
    }
    return new Scorer(
        Network.of(spec, width, width, parameters, new JavaKernels()),
        target,
        new Baseline(baseline));
  }

  private static Scorer bare(int width) {
    return scorer(
        width,
        new Activation.Identity(),
        new LossSpec.SquaredError(),
        TargetEncoder.bare(width),
        new double[width]);
  }

  private static Examples examples(double[][] inputs, double[][] targets) {
    return new BareExamples(DenseRows.of(inputs), DenseRows.of(targets));
  }

  private static <E extends Evaluation> E evaluate(
      Scorer scorer, Examples examples, Class<E> type) {
    int[] rows = IntStream.range(0, examples.size()).toArray();
    return type.cast(scorer.evaluate(examples, rows, scorer.workspace()));
  }

  @Test
  void errorsOfNumbersAreInOriginalUnits() {
    Scorer scorer =
        scorer(
            1,
            new Activation.Identity(),
            new LossSpec.SquaredError(),
            TargetEncoder.of(
                new Target.Numbers(List.of("weight")), new double[] {10}, new double[] {2}),
            1);
    // Encoded errors 0, -1, 1; targets 0, 2, 1.
    Evaluation.Regression regression =
        evaluate(
            scorer,
            examples(new double[][] {{0}, {1}, {2}}, new double[][] {{0}, {2}, {1}}),
            Evaluation.Regression.class);
    assertThat(regression.rows()).isEqualTo(3);
    assertThat(regression.loss()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(regression.rmse()).isCloseTo(Math.sqrt(8 / 3.0), within(1e-12));
    assertThat(regression.mae()).isCloseTo(4 / 3.0, within(1e-12));
    assertThat(regression.r2()).isCloseTo(0, within(1e-12));
    assertThat(regression.baseline())
        .isEqualTo(new Evaluation.NumberBaseline(Math.sqrt(8 / 3.0), 4 / 3.0, 0.0, null));
    assertThat(regression.outputs()).extracting("name").containsExactly("weight");

    Prediction prediction = predict(scorer, new double[] {3});
    assertThat(((Prediction.NumberPrediction) prediction).values()).containsExactly(16);
  }

  private static Prediction predict(Scorer scorer, double[] inputs) {
    Predictor predictor = new Predictor(null, scorer);
    return predictor.predict(inputs, predictor.workspace(1));
  }

  private static Scorer quantiles() {
    return scorer(
        3,
        new Activation.Identity(),
        new LossSpec.Quantile(null, List.of(0.1, 0.4, 0.8)),
        TargetEncoder.of(
            new Target.Quantiles("minutes", List.of(0.1, 0.4, 0.8)),
            new double[] {10},
            new double[] {2}),
        1,
        1,
        1);
  }

  @Test
  void quantilesThatCrossAreAnsweredSorted() {
    Scorer scorer = quantiles();
    Prediction.QuantilePrediction prediction =
        (Prediction.QuantilePrediction) predict(scorer, new double[] {3, -1, 2});
    assertThat(prediction.values()).containsExactly(8, 14, 16);
    assertThat(prediction.taus()).containsExactly("0.1", "0.4", "0.8");
    assertThat(prediction.value()).isEqualTo(14); // 0.4 is nearest to 0.5
  }

  @Test
  void tausAreWrittenAsDecimalsAndTheLowerOfTwoIsTheMiddle() {
    Target.Quantiles target = new Target.Quantiles("y", List.of(0.0001, 0.4, 0.6, 0.75));
    assertThat(target.texts()).containsExactly("0.0001", "0.4", "0.6", "0.75");
    assertThat(target.middle()).isEqualTo(1);
  }

  /// Encoded outputs 0, 1, 3 and, crossed, 2, 1, 0; targets 1 and 2.
  @Test
  void quantilesAreScoredAsTheyAreAnsweredAndTheirLossAsItIsTrained() {
    Evaluation.Quantiles scores =
        evaluate(
            quantiles(),
            examples(new double[][] {{0, 1, 3}, {2, 1, 0}}, new double[][] {{1, 1, 1}, {2, 2, 2}}),
            Evaluation.Quantiles.class);
    assertThat(scores.rows()).isEqualTo(2);
    // (0.1 · 1 + 0 + 0.2 · 2) / 3 and (0 + 0.4 · 1 + 0.8 · 2) / 3.
    assertThat(scores.loss()).isCloseTo((0.5 + 2) / 6, within(1e-12));
    // Middle errors 0 and 2 · -1.
    assertThat(scores.rmse()).isCloseTo(Math.sqrt(2), within(1e-12));
    assertThat(scores.mae()).isCloseTo(1, within(1e-12));
    // Sorted, in original units: errors -2, 0, 4 and -4, -2, 0.
    assertThat(scores.quantiles())
        .extracting(Evaluation.QuantileScore::tau)
        .containsExactly(0.1, 0.4, 0.8);
    assertThat(scores.quantiles())
        .extracting(Evaluation.QuantileScore::coverage)
        .containsExactly(0.0, 0.5, 1.0);
    assertThat(scores.quantiles().get(0).pinballLoss()).isCloseTo(0.3, within(1e-12));
    assertThat(scores.quantiles().get(1).pinballLoss()).isCloseTo(0.4, within(1e-12));
    assertThat(scores.quantiles().get(2).pinballLoss()).isCloseTo(0.4, within(1e-12));
    assertThat(scores.baseline().mae()).isCloseTo(1, within(1e-12)); // 1 for 1 and for 2
  }

  @Test
  void aConstantTargetHasNoR2() {
    Evaluation.Regression regression =
        evaluate(
            bare(1),
            examples(new double[][] {{1}, {2}}, new double[][] {{3}, {3}}),
            Evaluation.Regression.class);
    assertThat(regression.r2()).isNull();
    assertThat(regression.outputs().getFirst().r2()).isNull();
  }

  @Test
  void logLossStandsBesideALossThatIsAnother() {
    List<Label> labels = List.of(Label.text("ash"), Label.text("birch"), Label.text("cedar"));
    Scorer scorer =
        scorer(
            3,
            new Activation.Softmax(),
            new LossSpec.Quadratic(),
            TargetEncoder.of(new Target.Classes("tree", labels), NO_STATISTICS, NO_STATISTICS),
            0.5,
            0.25,
            0.25);
    Evaluation.Classification classes =
        evaluate(
            scorer,
            examples(new double[][] {{2, 0, 0}, {0, 1, 0}}, new double[][] {{1, 0, 0}, {0, 0, 1}}),
            Evaluation.Classification.class);
    double first = Math.exp(2) + 2;
    double second = Math.E + 2;
    assertThat(classes.logLoss())
        .isCloseTo((Math.log(first) - 2 + Math.log(second)) / 2, within(1e-6));
    // Σ (a - y)² / 2 of each row: (2/S)² + 2 (1/S)², S = e² + 2; 1 + e² + (1 + e)² over S², S = e +
    // 2
    double quadratic =
        (6 / (first * first) + (1 + Math.exp(2) + (1 + Math.E) * (1 + Math.E)) / (second * second))
            / 4;
    assertThat(classes.loss()).isCloseTo(quadratic, within(1e-6));
    assertThat(classes.accuracy()).isEqualTo(0.5);
    assertThat(classes.auc()).isNull();
    assertThat(classes.confusionMatrix())
        .containsExactly(List.of(1L, 0L, 0L), List.of(0L, 0L, 0L), List.of(0L, 1L, 0L));
    assertThat(classes.perClass())
        .containsExactly(
            new Evaluation.ClassScore(labels.get(0), 1, 1.0, 1.0),
            new Evaluation.ClassScore(labels.get(1), 0, 0.0, null),
            new Evaluation.ClassScore(labels.get(2), 1, null, 0.0));
    assertThat(classes.baseline().label()).isEqualTo(labels.get(0));
    assertThat(classes.baseline().accuracy()).isEqualTo(0.5);
    assertThat(classes.baseline().logLoss())
        .isCloseTo((Math.log(2) + Math.log(4)) / 2, within(1e-12));
  }

  @Test
  void twoClassesAreOneSigmoid() {
    List<Label> labels = List.of(Label.text("no"), Label.text("yes"));
    Scorer scorer =
        scorer(
            1,
            new Activation.Sigmoid(),
            new LossSpec.SquaredError(),
            TargetEncoder.of(new Target.Classes("answer", labels), NO_STATISTICS, NO_STATISTICS),
            0.25);
    Evaluation.Classification classes =
        evaluate(
            scorer,
            examples(new double[][] {{-1}, {1}, {2}}, new double[][] {{0}, {0}, {1}}),
            Evaluation.Classification.class);
    double wrong = Math.log1p(Math.E);
    double right = Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(-2));
    assertThat(classes.logLoss()).isCloseTo((wrong + right) / 3, within(1e-6));
    assertThat(classes.accuracy()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(classes.auc()).isEqualTo(1);
    assertThat(classes.confusionMatrix()).containsExactly(List.of(1L, 1L), List.of(0L, 1L));

    Prediction.ClassPrediction prediction =
        (Prediction.ClassPrediction) predict(scorer, new double[] {0});
    assertThat(prediction.label()).isEqualTo(labels.get(1));
    assertThat(prediction.probabilities()).containsExactly(0.5, 0.5);
  }

  @Test
  void answersManyRowsInOrderAndAsOneByOne() {
    Predictor predictor = new Predictor(null, bare(2));
    int n = 2 * Scorer.BLOCK + 3;
    double[][] inputs = new double[n][];
    for (int i = 0; i < n; i++) {
      inputs[i] = new double[] {i, -i};
    }
    List<double[]> answers = new ArrayList<>();
    predictor.predict(
        PredictorRows.of(predictor, new BareExamples(DenseRows.of(inputs), null)),
        predictor.workspace(Scorer.BLOCK),
        answer -> answers.add(((Prediction.Outputs) answer).values()));
    assertThat(answers).hasSize(n);
    for (int i = 0; i < n; i++) {
      assertThat(answers.get(i)).containsExactly(inputs[i]);
    }
    assertThat(predictor.cells()).isEqualTo(2);
    assertThat(predictor.features()).isNull();
  }

  @Test
  void anOutputThatOverflowsNamesItsRow() {
    Scorer scorer = bare(1);
    scorer.network().parameters().values()[0] = 1e10f;
    Predictor predictor = new Predictor(null, scorer);
    double[][] inputs = new double[Scorer.BLOCK + 5][1];
    inputs[Scorer.BLOCK + 2][0] = 1e30;
    PredictorWorkspace workspace = predictor.workspace(Scorer.BLOCK);
    List<Prediction> answers = new ArrayList<>();
    assertThatExceptionOfType(NonFiniteOutputException.class)
        .isThrownBy(
            () ->
                predictor.predict(
                    PredictorRows.of(predictor, new BareExamples(DenseRows.of(inputs), null)),
                    workspace,
                    answers::add))
        .satisfies(e -> assertThat(e.row()).isEqualTo(Scorer.BLOCK + 2))
        .withMessage("the network's output for row %d is not finite", Scorer.BLOCK + 2);
    assertThat(answers).hasSize(Scorer.BLOCK + 2);
    assertThatExceptionOfType(NonFiniteOutputException.class)
        .isThrownBy(() -> predictor.predict(new double[] {1e30}, workspace));
  }

  /// Whose squares in their own units are no numbers, or nothing.
  @ParameterizedTest
  @ValueSource(doubles = {TargetEncoder.MAX, 1e-200})
  void theLargestAndTheSmallestNumbersAreScored(double std) {
    TargetEncoder encoder =
        TargetEncoder.of(new Target.Numbers(List.of("y")), new double[1], new double[] {std});
    Scorer scorer = scorer(1, new Activation.Identity(), new LossSpec.SquaredError(), encoder, 1);
    Examples examples = examples(new double[][] {{0}, {1}, {3e30}}, new double[][] {{0}, {2}, {1}});

    Evaluation.Regression regression = evaluate(scorer, examples, Evaluation.Regression.class);

    assertThat(regression.rmse() / std).isCloseTo(3e30 / Math.sqrt(3), withinPercentage(1e-5));
    assertThat(regression.mae() / std).isCloseTo(1e30, withinPercentage(1e-5));
    assertThat(regression.r2()).isCloseTo(1 - 9e60 / 2, withinPercentage(1e-5));
    assertThat(regression.baseline().mae() / std).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(predict(scorer, new double[] {3e38}))
        .isInstanceOfSatisfying(
            Prediction.NumberPrediction.class,
            y -> assertThat(y.values()[0] / std).isCloseTo(3e38, withinPercentage(1e-5)));
  }

  @Test
  void keepsWhatItWasMadeOf() {
    TargetEncoder target = TargetEncoder.bare(1);
    Scorer scorer = scorer(1, new Activation.Identity(), new LossSpec.SquaredError(), target, 0.5);
    assertThat(scorer.target()).isEqualTo(new Target.Bare(1));
    assertThat(scorer.targetEncoder()).isSameAs(target);
    assertThat(scorer.baseline().means()).containsExactly(0.5);
  }
}
