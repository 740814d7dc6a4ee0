package dev.backprop.engine.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.data.TypicalRow;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.scoring.Member;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.SpecCopy;
import dev.backprop.engine.spec.Task;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What columns bring, of networks whose parameters are drawn or set.
class AttributionTest {

  private static final int INPUTS = 4;

  private static LayerSpec dense(int units, Activation f) {
    return Defaults.fill(LayerSpec.Dense.class, units, f);
  }

  /// On bare numbers, with an output activation.
  private static NetworkSpec bare(List<LayerSpec> layers, Activation output) {
    return NetworkSpec.of(layers, Defaults.fill(OutputSpec.class, output), null).resolve(Task.BARE);
  }

  /// With parameters and running statistics that are drawn.
  private static Network drawn(NetworkSpec spec, int outputs, long seed) {
    Network network =
        Network.initialize(spec, INPUTS, outputs, new int[0], seed, new JavaKernels());
    Random random = new Random(seed);
    float[] theta = network.parameters().values();
    for (int i = 0; i < theta.length; i++) {
      theta[i] = random.nextFloat() * 1.6f - 0.8f;
    }
    List<Parameters.View> statistics = network.parameters().statistics();
    for (int s = 1; s < statistics.size(); s += 2) { // variances
      Parameters.View view = statistics.get(s);
      for (int i = view.offset(); i < view.end(); i++) {
        theta[i] = 0.5f + random.nextFloat();
      }
    }
    return network;
  }

  private static Predictor predictor(Network... networks) {
    TargetEncoder target = TargetEncoder.bare(networks[0].outputs());
    Baseline baseline = new Baseline(new double[networks[0].outputs()]);
    List<Member> members = new ArrayList<>();
    for (Network network : networks) {
      members.add(new Member(null, new Scorer(network, target, baseline), members.size() + 1));
    }
    return members.size() == 1
        ? new Predictor(null, members.getFirst().scorer())
        : Predictor.of(null, target, baseline, members);
  }

  private static Explanation explain(Predictor predictor, double[] typical, double[] row) {
    return explain(predictor, typical, row, 0, 1);
  }

  private static Explanation explain(
      Predictor predictor, double[] typical, double[] row, int output, double temperature) {
    Attribution attribution = new Attribution(predictor, typical, temperature);
    return attribution.explain(row, output, attribution.workspace());
  }

  static Stream<NetworkSpec> networks() {
    LayerSpec wide = dense(6, new Activation.Tanh());
    LayerSpec narrow = dense(3, new Activation.Silu());
    LayerSpec norm = new LayerSpec.LayerNorm(0.01);
    LayerSpec batchNorm = new LayerSpec.BatchNorm(0.05, 0.1);
    LayerSpec dropout = new LayerSpec.Dropout(0.4);
    LayerSpec parametric =
        SpecCopy.of((LayerSpec.Dense) dense(5, new Activation.Mish()))
            .with("parametric", true)
            .spec();
    LayerSpec block = new LayerSpec.Residual(List.of(norm, narrow, dropout, wide), false);
    List<List<LayerSpec>> layers =
        List.of(
            List.of(),
            List.of(wide),
            List.of(dropout, wide, dropout, narrow),
            List.of(norm, wide, norm),
            List.of(batchNorm, wide, batchNorm, narrow, batchNorm),
            List.of(parametric, dense(4, new Activation.Prelu(0.25)), wide),
            List.of(wide, block, narrow),
            List.of(new LayerSpec.Residual(List.of(wide, narrow), true), narrow));
    List<Activation> outputs =
        List.of(new Activation.Softmax(), new Activation.Identity(), new Activation.Sigmoid());
    return layers.stream()
        .flatMap(
            each ->
                outputs.stream()
                    .map(output -> bare(each, output))
                    .flatMap(
                        spec ->
                            Stream.of(
                                spec,
                                SpecCopy.of(spec).with("inputScale", true).spec(),
                                SpecCopy.of(spec).with("members", 3).spec())));
  }

  /// Numbers from central differences of what is answered, at the same points.
  @ParameterizedTest
  @MethodSource("networks")
  void contributionsAreThoseOfDifferencesAlongTheWay(NetworkSpec spec) {
    Predictor predictor = predictor(drawn(spec, 3, 1), drawn(spec, 3, 2));
    double[] typical = {0.3, -0.2, 0.5, 0.1};
    double[] row = {-0.6, 0.7, 0.5, 0.9};

    Explanation explanation = explain(predictor, typical, row, 1, 1);

    double[] phi = new double[INPUTS];
    for (int point = 0; point < explanation.points(); point++) {
      double t = (point + 0.5) / explanation.points();
      for (int j = 0; j < INPUTS; j++) {
        double[] at = new double[INPUTS];
        Arrays.setAll(at, k -> typical[k] + t * (row[k] - typical[k]));
        at[j] += 0.002;
        double above = answer(predictor, at, 1);
        at[j] -= 0.004;
        phi[j] +=
            (row[j] - typical[j])
                * (above - answer(predictor, at, 1))
                / 0.004
                / explanation.points();
      }
    }
    assertThat(explanation.contributions()).containsExactly(phi, within(2e-3));
    assertThat(explanation.contributions()[2]).isZero();
    assertThat(explanation.baseline()).isCloseTo(answer(predictor, typical, 1), within(1e-4));
    assertThat(explanation.answer()).isCloseTo(answer(predictor, row, 1), within(1e-4));
    assertComplete(explanation);
  }

  /// The log-odds of a probability, or the number.
  private static double answer(Predictor predictor, double[] row, int output) {
    Prediction.Outputs outputs =
        (Prediction.Outputs) predictor.predict(row, predictor.workspace(1));
    double a = outputs.values()[output];
    return predictor.scorer().network().spec().outputActivation().ofProbabilities()
        ? Math.log(a / (1 - a))
        : a;
  }

  private static void assertComplete(Explanation e) {
    double sum = Arrays.stream(e.contributions()).sum();
    assertThat(e.baseline() + sum + e.residual()).isCloseTo(e.answer(), within(1e-9));
    assertThat(Math.abs(e.residual()))
        .isLessThanOrEqualTo(Attribution.RESIDUAL * Math.abs(e.answer() - e.baseline()));
  }

  @Test
  void inputsThatDoTheSameBringTheSame() {
    NetworkSpec spec = bare(List.of(dense(3, new Activation.Tanh())), new Activation.Identity());
    Network network = Network.initialize(spec, 2, 1, new int[0], 1, new JavaKernels());
    // tanh(x + y), tanh(x - y) and tanh(y - x), the two last with the same weight: like x XOR y.
    float[] theta = {2, 2, -2, 2, -2, 2, 0, 0.5f, 0.5f, -1.5f, 1, 1, 0.2f};
    System.arraycopy(theta, 0, network.parameters().values(), 0, theta.length);
    Predictor predictor = predictor(network);

    for (double[] row : new double[][] {{1, 1}, {0.4, 0.4}, {-2, -2}}) {
      Explanation explanation = explain(predictor, new double[2], row);
      assertThat(explanation.contributions()[0])
          .isCloseTo(explanation.contributions()[1], within(1e-6));
      assertComplete(explanation);
    }
    Explanation one = explain(predictor, new double[2], new double[] {1, 0});
    Explanation other = explain(predictor, new double[2], new double[] {0, 1});
    assertThat(one.contributions()[0]).isCloseTo(other.contributions()[1], within(1e-6));
    assertThat(one.contributions()[1]).isZero();
  }

  @Test
  void aRowThatIsTheTypicalOneIsExplainedByNothing() {
    Network network =
        drawn(bare(List.of(dense(6, new Activation.Relu())), new Activation.Softmax()), 3, 5);
    double[] row = {0.1, 0.2, 0.3, 0.4};
    Explanation explanation = explain(predictor(network), row, row);
    assertThat(explanation.contributions()).containsOnly(0);
    assertThat(explanation.residual()).isZero();
    assertThat(explanation.answer()).isEqualTo(explanation.baseline());
  }

  @Test
  void temperatureDividesLogits() {
    Network network =
        drawn(bare(List.of(dense(6, new Activation.Relu())), new Activation.Softmax()), 3, 7);
    double[] row = {1, -0.2, 0.3, 2};
    Predictor predictor = predictor(network);
    Explanation explanation = explain(predictor, new double[INPUTS], row, 2, 2.5);
    double[] p = ((Prediction.Outputs) predictor.predict(row, predictor.workspace(1))).values();
    double[] powers = Arrays.stream(p).map(each -> Math.pow(each, 1 / 2.5)).toArray();
    assertThat(explanation.answer())
        .isCloseTo(Math.log(powers[2] / (powers[0] + powers[1])), within(1e-5));
    assertComplete(explanation);
  }

  @Test
  void logitsThatAreFarApartHaveSlopesToo() {
    Network network =
        drawn(bare(List.of(dense(6, new Activation.Relu())), new Activation.Softmax()), 3, 9);
    float[] theta = network.parameters().values();
    for (int i = 0; i < theta.length; i++) {
      theta[i] *= 30;
    }
    Explanation explanation =
        explain(predictor(network), new double[INPUTS], new double[] {3, -2, 1, 2}, 1, 1);
    assertThat(Math.abs(explanation.answer())).isGreaterThan(200);
    assertComplete(explanation);
  }

  private static final Table TABLE =
      Tables.csv(
          Stream.concat(
                  Stream.of("n,c,ignored,y"),
                  IntStream.range(0, 300)
                      .mapToObj(
                          i ->
                              "%s,%s,%s,%s"
                                  .formatted(
                                      i % 11 == 0 ? "" : i * 31 % 97 / 7.0,
                                      "pqr".charAt(i * 7 % 3),
                                      i * 5 % 13,
                                      i * 13 % 101 - 20.5)))
              .toArray(String[]::new));

  private static Predictor ofTable(List<LayerSpec> layers) {
    Target target = new Target.Numbers(List.of("y"));
    int[] rows = Tables.rows(300);
    FeatureEncoder features =
        FeatureEncoder.fit(
            TABLE, Tables.schema(TABLE, target).features(), EncodingSpec.DEFAULT, rows);
    NetworkSpec spec = NetworkSpec.of(layers, null, null).resolve(target.task());
    int ignored = features.width() - 1; // the last column's only input
    Network network =
        Network.initialize(spec, features.width(), 1, new int[] {ignored}, 3, new JavaKernels());
    return new Predictor(
        features,
        new Scorer(
            network, TargetEncoder.fit(target, TABLE, rows), new Baseline(new double[] {0})));
  }

  private static FeatureEncoder features(Predictor predictor) {
    return Objects.requireNonNull(predictor.features());
  }

  private static double number(Predictor predictor, double[] cells) {
    return ((Prediction.NumberPrediction) predictor.predict(cells, predictor.workspace(1)))
        .values()[0];
  }

  @Test
  void eachColumnOfALinearModelBringsWhatItAlwaysDoes() {
    Predictor predictor = ofTable(List.of());
    double[] typical = TypicalRow.of(TABLE, features(predictor), Tables.rows(300));
    for (double[] row :
        new double[][] {{3.3, 2, 12}, {Double.NaN, 1, 0}, {0, FeatureEncoder.UNSEEN, 1}}) {
      Explanation explanation = explain(predictor, typical, row);
      for (int c = 0; c < 3; c++) {
        double[] alone = typical.clone();
        alone[c] = row[c];
        assertThat(explanation.contributions()[c])
            .isCloseTo(number(predictor, alone) - number(predictor, typical), within(1e-4));
      }
      assertComplete(explanation);
    }
  }

  @Test
  void aColumnThatTheNetworkIgnoresBringsNothing() {
    Predictor predictor =
        ofTable(List.of(dense(9, new Activation.Gelu()), dense(5, new Activation.Relu())));
    double[] typical = TypicalRow.of(TABLE, features(predictor), Tables.rows(300));
    Explanation explanation = explain(predictor, typical, new double[] {9, 0, 12});
    assertThat(explanation.contributions()[2]).isZero();
    assertThat(explanation.contributions()[0]).isNotZero();
    assertComplete(explanation);
  }

  @Test
  void theTypicalRowHasMediansAndMostFrequentCategories() {
    Predictor predictor = ofTable(List.of());
    double[] typical = TypicalRow.of(TABLE, features(predictor), Tables.rows(300));
    double[] numbers =
        IntStream.range(0, 300)
            .mapToDouble(row -> TABLE.required("n").cell(row))
            .filter(n -> !Double.isNaN(n))
            .sorted()
            .toArray();
    assertThat(typical[0]).isEqualTo(numbers[(numbers.length - 1) / 2]);
    assertThat(typical[1]).isZero(); // 100 rows of each category: the first
    assertThat(typical[2]).isEqualTo(6);
    assertThat(TypicalRow.labels(features(predictor).features(), typical))
        .containsExactly(
            Label.number(numbers[(numbers.length - 1) / 2]), Label.text("p"), Label.number(6));
  }
}
