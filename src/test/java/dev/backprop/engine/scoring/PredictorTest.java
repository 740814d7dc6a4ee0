package dev.backprop.engine.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Several networks, each with encoders of its own, answer as one.
class PredictorTest {

  private static final Table TABLE =
      Tables.csv(
          Stream.concat(
                  Stream.of("n,c,two,three,number,other"),
                  IntStream.range(0, 600)
                      .mapToObj(
                          i ->
                              "%s,%s,%s,%s,%s,%s"
                                  .formatted(
                                      i * 31 % 97 / 7.0,
                                      "pqr".charAt(i * 7 % 3),
                                      i % 3 == 0 ? "yes" : "no",
                                      "abc".charAt(i * i % 5 % 3),
                                      i * 13 % 101 - 20.5,
                                      i % 17)))
              .toArray(String[]::new));

  private static final List<String> FEATURES = List.of("n", "c");

  static Stream<Target> targets() {
    return Stream.of(
        new Target.Classes("two", List.of(Label.text("no"), Label.text("yes"))),
        new Target.Classes("three", List.of(Label.text("a"), Label.text("b"), Label.text("c"))),
        new Target.Numbers(List.of("number", "other")));
  }

  /// Fitted to some of the rows, with a network as it starts.
  private static Member member(Target target, int from, int until) {
    int[] rows = IntStream.range(from, until).toArray();
    FeatureEncoder features = features(target, rows);
    TargetEncoder encoder = TargetEncoder.fit(target, TABLE, rows);
    NetworkSpec spec =
        NetworkSpec.of(
                List.of(Defaults.fill(LayerSpec.Dense.class, 8, new Activation.Tanh())), null, null)
            .resolve(target.task());
    Network network =
        Network.initialize(
            spec, features.width(), target.outputs(), new int[0], from + 1, new JavaKernels());
    return new Member(features, new Scorer(network, encoder, baseline(target)));
  }

  private static Baseline baseline(Target target) {
    return new Baseline(new double[target.outputs()]);
  }

  private static FeatureEncoder features(Target target, int[] rows) {
    return FeatureEncoder.fit(
        TABLE,
        Tables.schema(TABLE, target).features().stream()
            .filter(field -> FEATURES.contains(field.name()))
            .toList(),
        EncodingSpec.DEFAULT,
        rows);
  }

  private static Predictor several(Target target) {
    int[] all = IntStream.range(0, 600).toArray();
    return Predictor.of(
        features(target, all),
        TargetEncoder.fit(target, TABLE, all),
        baseline(target),
        List.of(member(target, 0, 200), member(target, 100, 400), member(target, 300, 600)));
  }

  private static double[] numbers(Prediction prediction) {
    return switch (prediction) {
      case Prediction.ClassPrediction classes -> classes.probabilities();
      case Prediction.NumberPrediction numbers -> numbers.values();
      case Prediction.QuantilePrediction quantiles -> quantiles.values();
      case Prediction.MultiLabelPrediction labels -> labels.probabilities();
      case Prediction.Outputs outputs -> outputs.values();
    };
  }

  private static List<double[]> answers(Predictor predictor) {
    List<double[]> answers = new ArrayList<>();
    predictor.predict(
        PredictorRows.of(predictor, TABLE),
        predictor.workspace(Scorer.BLOCK),
        prediction -> answers.add(numbers(prediction)));
    return answers;
  }

  @ParameterizedTest
  @MethodSource("targets")
  void theMeanOfTheirProbabilitiesOrNumbersIsAnswered(Target target) {
    Predictor together = several(target);
    List<List<double[]>> apart =
        together.members().stream()
            .map(member -> answers(new Predictor(member.features(), member.scorer())))
            .toList();

    List<double[]> mean = answers(together);

    assertThat(mean).hasSize(600);
    for (int row = 0; row < 600; row++) {
      for (int j = 0; j < mean.get(row).length; j++) {
        double sum = 0;
        for (List<double[]> one : apart) {
          sum += one.get(row)[j] / apart.size();
        }
        assertThat(mean.get(row)[j]).isCloseTo(sum, within(1e-5 * (1 + Math.abs(sum))));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void aRowAloneHasTheAnswerThatItHasAmongOthers(Target target) {
    Predictor together = several(target);
    List<double[]> mean = answers(together);
    PredictorWorkspace workspace = together.workspace(1);

    for (int row = 0; row < 600; row += 7) {
      double[] cells = {cell("n", row), cell("c", row)};
      assertThat(numbers(together.predict(cells, workspace))).isEqualTo(mean.get(row));
    }
  }

  private static double cell(String column, int row) {
    return TABLE.required(column).cell(row);
  }

  @Test
  void theMeanIsScoredAgainstTargets() {
    Target target =
        new Target.Classes("three", List.of(Label.text("a"), Label.text("b"), Label.text("c")));
    Predictor together = several(target);
    List<double[]> mean = answers(together);
    double logLoss = 0;
    int right = 0;
    for (int row = 0; row < 600; row++) {
      double[] p = mean.get(row);
      int actual = (int) cell("three", row);
      logLoss -= Math.log(p[actual]) / 600;
      right += p[actual] == Math.max(p[0], Math.max(p[1], p[2])) ? 1 : 0;
    }

    Evaluation.Classification evaluation =
        (Evaluation.Classification)
            together.evaluate(
                PredictorRows.labelled(together, TABLE, null), IntStream.range(0, 600).toArray());

    assertThat(evaluation.rows()).isEqualTo(600);
    assertThat(evaluation.loss()).isCloseTo(logLoss, within(1e-5));
    assertThat(evaluation.accuracy()).isCloseTo(right / 600.0, within(1e-12));
  }

  @Test
  void numbersOfDifferentScalesAreScoredInTheirUnits() {
    Target target = new Target.Numbers(List.of("number", "other"));
    Predictor together = several(target);
    List<double[]> mean = answers(together);
    double squares = 0;
    for (int row = 0; row < 600; row++) {
      squares += Math.pow(mean.get(row)[0] - cell("number", row), 2) / 600;
    }

    Evaluation.Regression evaluation =
        (Evaluation.Regression)
            together.evaluate(
                PredictorRows.labelled(together, TABLE, null), IntStream.range(0, 600).toArray());

    assertThat(evaluation.outputs().getFirst().rmse()).isCloseTo(Math.sqrt(squares), within(1e-3));
  }

  @Test
  void membersOfTheSameLayersTakeTurnsInOneWorkspace() {
    Predictor together = several(new Target.Numbers(List.of("number", "other")));

    long one = together.members().getFirst().scorer().network().workspaceBytes(100);
    assertThat(together.workspaceBytes(100)).isBetween(one, one + 100 * 2 * 9 * 4 + 24 + 3 * 4);
  }
}
