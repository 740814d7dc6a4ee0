package dev.backprop.engine.scoring;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A row of weight w scores as w rows of weight 1, and one of weight 0 as none: in every metric of
/// every kind of target.
class WeightedScoresTest {

  private static final int ROWS = 300;

  private static final RecursiveComparisonConfiguration ALIKE =
      RecursiveComparisonConfiguration.builder()
          .withIgnoredFieldsMatchingRegexes("(.*\\.)?rows", "confusionMatrix")
          .withComparatorForType(
              (a, b) -> Math.abs(a - b) <= 1e-12 * (1 + Math.abs(a)) ? 0 : a.compareTo(b),
              Double.class)
          .build();

  /// A kind of target, and what a network that learns it ends with.
  record Case(TargetEncoder target, Activation output, LossSpec loss) {

    static Case of(TargetEncoder target) {
      return new Case(target, new Activation.Identity(), new LossSpec.SquaredError());
    }

    Case withOutput(Activation other) {
      return new Case(target, other, loss);
    }

    Case withLoss(LossSpec other) {
      return new Case(target, output, other);
    }

    int width() {
      return target.target().outputs();
    }
  }

  static Stream<Case> cases() {
    Activation sigmoid = new Activation.Sigmoid();
    LossSpec crossEntropy = new LossSpec.CrossEntropy();
    double[] none = {};
    return Stream.of(
        Case.of(classes("a", "b")).withOutput(sigmoid).withLoss(crossEntropy),
        Case.of(classes("a", "b")).withOutput(sigmoid).withLoss(new LossSpec.Focal(2)),
        Case.of(classes("a", "b", "c")).withOutput(new Activation.Softmax()).withLoss(crossEntropy),
        Case.of(TargetEncoder.of(new Target.MultiLabel(List.of("p", "q")), none, none))
            .withOutput(sigmoid)
            .withLoss(crossEntropy),
        Case.of(
                TargetEncoder.of(
                    new Target.Numbers(List.of("u", "v")),
                    new double[] {1, 2},
                    new double[] {3, 0.5}))
            .withLoss(new LossSpec.Huber(0.5)),
        Case.of(
                TargetEncoder.of(
                    new Target.Quantiles("u", List.of(0.2, 0.7)),
                    new double[] {1},
                    new double[] {3}))
            .withLoss(new LossSpec.Quantile(null, List.of(0.2, 0.7))),
        Case.of(TargetEncoder.bare(2)));
  }

  private static TargetEncoder classes(String... names) {
    List<Label> labels = Stream.of(names).map(Label::text).toList();
    return TargetEncoder.of(new Target.Classes("kind", labels), new double[0], new double[0]);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aWeightCountsAsThatManyRows(Case scored) {
    int width = scored.width();
    Random random = new Random(width);
    double[][] inputs = new double[ROWS][width];
    double[][] targets = new double[ROWS][width];
    double[] weights = new double[ROWS];
    List<double[]> repeatedInputs = new ArrayList<>();
    List<double[]> repeatedTargets = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      weights[i] = random.nextInt(4);
      int kind = random.nextInt(width);
      for (int j = 0; j < width; j++) {
        inputs[i][j] = Math.round(2 * random.nextGaussian()); // with ties
        targets[i][j] =
            scored.output() instanceof Activation.Softmax
                ? (j == kind ? 1 : 0)
                : scored.output() instanceof Activation.Sigmoid
                    ? random.nextInt(2)
                    : random.nextGaussian();
      }
      for (int copy = 0; copy < weights[i]; copy++) {
        repeatedInputs.add(inputs[i]);
        repeatedTargets.add(targets[i]);
      }
    }
    Examples weighted =
        new BareExamples(
            DenseRows.of(inputs), DenseRows.of(targets), DenseRows.of(new double[][] {weights}));
    Examples repeated =
        new BareExamples(
            DenseRows.of(repeatedInputs.toArray(double[][]::new)),
            DenseRows.of(repeatedTargets.toArray(double[][]::new)));

    Evaluation actual = evaluate(weighted, scored);
    Evaluation expected = evaluate(repeated, scored);

    assertThat(expected.rows()).isEqualTo(repeated.size());
    assertThat(actual.rows()).isEqualTo(ROWS);
    assertThat(actual).usingRecursiveComparison(ALIKE).isEqualTo(expected);
  }

  private static Evaluation evaluate(Examples examples, Case scored) {
    int width = scored.width();
    Initializer zeros = new Initializer.Zeros();
    NetworkSpec spec =
        new NetworkSpec(List.of(), new OutputSpec(scored.output(), zeros, zeros), scored.loss());
    float[] parameters = new float[width * width + width];
    for (int j = 0; j < width; j++) {
      parameters[j * width + j] = 1;
    }
    int[] rows = IntStream.range(0, examples.size()).toArray();
    Scorer scorer =
        new Scorer(
            Network.of(spec, width, width, parameters, new JavaKernels()),
            scored.target(),
            Baseline.of(examples, rows));
    return scorer.evaluate(examples, rows, scorer.workspace());
  }
}
