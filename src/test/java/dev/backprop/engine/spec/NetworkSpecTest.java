package dev.backprop.engine.spec;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkSpecTest {

  private static final LayerSpec DENSE = Defaults.fill(LayerSpec.Dense.class, 4);

  private static NetworkSpec network(@Nullable Activation output, @Nullable LossSpec loss) {
    return NetworkSpec.of(List.of(DENSE), Defaults.fill(OutputSpec.class, output), loss);
  }

  @Test
  void layersLeftOutAreTwoOf64ReluUnits() {
    LayerSpec relu =
        new LayerSpec.Dense(
            64, new Activation.Relu(), new Initializer.HeNormal(), new Initializer.Zeros());
    assertThat(NetworkSpec.of(null, null, null).layers()).containsExactly(relu, relu);
  }

  @Test
  void noHiddenLayerIsANetworkToo() {
    assertThat(NetworkSpec.of(List.of(), null, null).layers()).isEmpty();
  }

  @Test
  void moreThanAHundredLayersAreRefused() {
    assertThat(NetworkSpec.of(Collections.nCopies(100, DENSE), null, null).layers()).hasSize(100);
    refused(
        () -> NetworkSpec.of(Collections.nCopies(101, DENSE), null, null),
        "/layers",
        "must have at most 100 layers, had 101");
    LayerSpec block = new LayerSpec.Residual(List.of(DENSE, DENSE), false);
    assertThat(NetworkSpec.of(Collections.nCopies(33, block), null, null).layersByPointer())
        .hasSize(99)
        .containsEntry("/layers/0", block)
        .containsEntry("/layers/32/layers/1", DENSE);
    LayerSpec nested = new LayerSpec.Residual(List.of(block, DENSE), false);
    refused(
        () -> NetworkSpec.of(Collections.nCopies(21, nested), null, null),
        "/layers",
        "must have at most 100 layers, had 105");
  }

  @Test
  void batchNormalizationTakesTwoExamplesWhereverItStands() {
    LayerSpec norm = Defaults.fill(LayerSpec.BatchNorm.class);
    LayerSpec block = new LayerSpec.Residual(List.of(DENSE, norm), false);
    assertThat(NetworkSpec.of(List.of(DENSE), null, null).smallestBatch()).isEqualTo(1);
    assertThat(NetworkSpec.of(List.of(DENSE, norm), null, null).smallestBatch()).isEqualTo(2);
    assertThat(NetworkSpec.of(List.of(block), null, null).smallestBatch()).isEqualTo(2);
  }

  @Test
  void aLayerThatIsNullIsNamed() {
    refused(
        () -> NetworkSpec.of(Arrays.asList(DENSE, null), null, null),
        "/layers/1",
        "must be a layer, was null");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 2", "16, 8", "99, 50", "100, 50", "65536, 50"})
  void unitsOfAnEmbeddingLeftOutAreHalfTheCategoriesAndAtMost50(int categories, int units) {
    assertThat(new EmbeddingSpec(null).resolve(categories).resolvedUnits()).isEqualTo(units);
    assertThat(new EmbeddingSpec(7).resolve(categories).resolvedUnits()).isEqualTo(7);
  }

  @Test
  void embeddingsHaveFrom1To65536Units() {
    assertThat(new EmbeddingSpec(65_536).units()).isEqualTo(65_536);
    refused(() -> new EmbeddingSpec(0), "/units", "must be at least 1, was 0");
    refused(() -> new EmbeddingSpec(65_537), "/units", "must be at most 65536, was 65537");
    assertThatThrownBy(() -> new EmbeddingSpec(null).resolvedUnits())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void embeddingsHaveAtMostAMillionUnitsTogether() {
    Map<String, EmbeddingSpec> embeddings = new LinkedHashMap<>();
    for (int i = 0; i < 16; i++) {
      embeddings.put("c" + i, new EmbeddingSpec(65_536));
    }
    NetworkSpec plain = NetworkSpec.of(null, null, null);
    assertThat(plain.withEmbeddings(embeddings).embeddings()).hasSize(16);
    embeddings.put("c", new EmbeddingSpec(null));
    refused(
        () -> plain.withEmbeddings(embeddings),
        "/embeddings",
        "must have at most 1048576 units together, had 1048577");
  }

  @Test
  void resolvingKeepsEmbeddingsAndTheScale() {
    NetworkSpec spec =
        NetworkSpec.of(List.of(DENSE), null, null)
            .withEmbeddings(Map.of("city", new EmbeddingSpec(3)))
            .withInputScale();
    NetworkSpec resolved = spec.resolve(Task.REGRESSION);
    assertThat(resolved.embeddings()).isEqualTo(spec.embeddings());
    assertThat(resolved.inputScale()).isTrue();
    assertThat(NetworkSpec.of(null, null, null).inputScale()).isFalse();
    assertThat(NetworkSpec.of(null, null, null).members()).isNull();
    assertThat(NetworkSpec.of(null, null, null).embeddings()).isEmpty();
  }

  /// Specs and checkpoints of trainings that name no scaling are those of before.
  @Test
  void standardScalingIsNone() {
    NetworkSpec plain = NetworkSpec.of(List.of(DENSE), null, null);
    assertThat(plain.withScaling(Scaling.STANDARD)).isEqualTo(plain);
    assertThat(plain.toString()).doesNotContain("scaling");
    NetworkSpec scaled = plain.withScaling(Scaling.NTK).withMembers(2).withInputScale();
    assertThat(scaled.resolve(Task.REGRESSION).scaling()).isEqualTo(Scaling.NTK);
    assertThat(scaled.toString()).contains("scaling=ntk");
  }

  @Test
  void keepsACopyOfItsLayers() {
    List<LayerSpec> layers = new ArrayList<>(List.of(DENSE));
    NetworkSpec spec = NetworkSpec.of(layers, null, null);
    layers.clear();
    assertThat(spec.layers()).containsExactly(DENSE);
    assertThatThrownBy(() -> spec.layers().add(DENSE))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @EnumSource
  void outputAndLossFollowFromTheTask(Task task) {
    Activation activation =
        switch (task) {
          case BINARY_CLASSIFICATION, MULTILABEL_CLASSIFICATION -> new Activation.Sigmoid();
          case MULTICLASS_CLASSIFICATION -> new Activation.Softmax();
          case REGRESSION, BARE -> new Activation.Identity();
        };
    LossSpec loss =
        activation instanceof Activation.Identity
            ? new LossSpec.SquaredError()
            : new LossSpec.CrossEntropy();
    NetworkSpec resolved = NetworkSpec.of(List.of(DENSE), null, null).resolve(task);
    assertThat(resolved)
        .isEqualTo(
            new NetworkSpec(
                List.of(DENSE),
                new OutputSpec(
                    activation, new Initializer.GlorotUniform(), new Initializer.Zeros()),
                loss));
    assertThat(resolved.outputActivation()).isEqualTo(activation);
    assertThat(resolved.resolvedLoss()).isEqualTo(loss);
    assertThat(resolved.resolve(task)).isEqualTo(resolved);
  }

  @Test
  void anOutputThatDoesNotSuitTheTargetIsRefused() {
    refused(
        () -> network(new Activation.LeakyRelu(0.1), null).resolve(Task.MULTICLASS_CLASSIFICATION),
        "/output/activation",
        "must be softmax for this target, was leaky-relu");
    refused(
        () -> network(new Activation.Softmax(), null).resolve(Task.REGRESSION),
        "/output/activation",
        "must be identity for this target, was softmax");
    assertThat(network(new Activation.Sigmoid(), null).resolve(Task.BINARY_CLASSIFICATION))
        .isEqualTo(network(null, null).resolve(Task.BINARY_CLASSIFICATION));
  }

  @Test
  void bareNumbersChooseTheirOutputAndTheLossFollows() {
    assertThat(network(new Activation.Sigmoid(), null).resolve(Task.BARE).loss())
        .isEqualTo(new LossSpec.CrossEntropy());
    assertThat(network(new Activation.Softmax(), null).resolve(Task.BARE).loss())
        .isEqualTo(new LossSpec.CrossEntropy());
    assertThat(network(new Activation.Tanh(), null).resolve(Task.BARE).loss())
        .isEqualTo(new LossSpec.SquaredError());
  }

  @Test
  void crossEntropyNeedsProbabilities() {
    refused(
        () -> network(new Activation.Tanh(), new LossSpec.CrossEntropy()).resolve(Task.BARE),
        "/loss",
        "cross-entropy needs a sigmoid or softmax output, the output is tanh");
    refused(
        () -> network(null, new LossSpec.CrossEntropy()).resolve(Task.REGRESSION),
        "/loss",
        "cross-entropy needs a sigmoid or softmax output, the output is identity");
  }

  @Test
  void theOtherLossesStandOnAnyOutput() {
    for (LossSpec loss :
        List.of(
            new LossSpec.SquaredError(),
            new LossSpec.Quadratic(),
            new LossSpec.AbsoluteError(),
            new LossSpec.Huber(1),
            new LossSpec.Quantile(0.1))) {
      for (Task task : Task.values()) {
        assertThat(network(null, loss).resolve(task).resolvedLoss()).isEqualTo(loss);
      }
    }
  }

  @Test
  void theOutputsInitializersAreKept() {
    OutputSpec output =
        Defaults.fill(
            OutputSpec.class, null, new Initializer.Zeros(), new Initializer.UnitNormal());
    OutputSpec resolved =
        NetworkSpec.of(null, output, null).resolve(Task.REGRESSION).resolvedOutput();
    assertThat(resolved.initializer()).isEqualTo(new Initializer.Zeros());
    assertThat(resolved.biasInitializer()).isEqualTo(new Initializer.UnitNormal());
  }

  @Test
  void whatIsNotResolvedSaysSo() {
    NetworkSpec spec = NetworkSpec.of(null, null, null);
    String message = "the network is not resolved";
    assertThatThrownBy(spec::outputActivation)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
    assertThatThrownBy(spec::resolvedOutput)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
    assertThatThrownBy(spec::resolvedLoss)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
    assertThatThrownBy(network(null, null)::outputActivation)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
  }

  @Test
  void huberDeltaIsPositiveAndOneByDefault() {
    assertThat(Defaults.fill(LossSpec.Huber.class)).isEqualTo(new LossSpec.Huber(1));
    assertThat(Defaults.fill(LossSpec.Huber.class, 0.5)).isEqualTo(new LossSpec.Huber(0.5));
    refused(() -> new LossSpec.Huber(0), "/delta", "must be a finite number above 0, was 0.0");
    refused(
        () -> new LossSpec.Huber(Double.NaN), "/delta", "must be a finite number above 0, was NaN");
  }

  @Test
  void quantilesAscendBetweenZeroAndOne() {
    LossSpec.Quantile several = LossSpec.Quantile.of(null, List.of(0.1, 0.5));
    assertThat(several.tauOf(1)).isEqualTo(0.5);
    assertThat(LossSpec.Quantile.of(0.9, null).tauOf(7)).isEqualTo(0.9);
    List<Double> none = new ArrayList<>();
    none.add(null);
    refusedTaus(List.of(), "/taus", "must be from 1 to 99 numbers, were 0");
    refusedTaus(Collections.nCopies(100, 0.5), "/taus", "must be from 1 to 99 numbers, were 100");
    refusedTaus(List.of(0.0), "/taus/0", "must be a finite number above 0, was 0.0");
    refusedTaus(List.of(0.2, 1.0), "/taus/1", "must be at least 0 and below 1, was 1.0");
    refusedTaus(List.of(Double.NaN), "/taus/0", "must be a finite number above 0, was NaN");
    refusedTaus(List.of(0.2, 0.2), "/taus/1", "must be above the one before, 0.2, was 0.2");
    refusedTaus(List.of(0.3, 0.2), "/taus/1", "must be above the one before, 0.3, was 0.2");
    refusedTaus(none, "/taus/0", "must be a number, was null");
    refused(
        () -> LossSpec.Quantile.of(0.5, List.of(0.5)),
        "/taus",
        "must not stand beside tau, which is given too: 0.5");
  }

  private static void refusedTaus(List<Double> taus, String pointer, String detail) {
    refused(() -> LossSpec.Quantile.of(null, taus), pointer, detail);
  }

  @Test
  void parametersOfLosses() {
    assertThat(LossSpec.Quantile.of(null, null)).isEqualTo(new LossSpec.Quantile(0.5));
    assertThat(LossSpec.Quantile.of(0.9, null)).isEqualTo(new LossSpec.Quantile(0.9));
    assertThat(Defaults.fill(LossSpec.Focal.class)).isEqualTo(new LossSpec.Focal(2));
    assertThat(Defaults.fill(LossSpec.Focal.class, 0.5)).isEqualTo(new LossSpec.Focal(0.5));
    assertThat(Defaults.fill(LossSpec.CrossEntropy.class)).isEqualTo(new LossSpec.CrossEntropy(0));
    assertThat(Defaults.fill(LossSpec.CrossEntropy.class, 0.1))
        .isEqualTo(new LossSpec.CrossEntropy(0.1));
    refused(() -> new LossSpec.Quantile(0), "/tau", "must be a finite number above 0, was 0.0");
    refused(() -> new LossSpec.Quantile(1), "/tau", "must be at least 0 and below 1, was 1.0");
    refused(
        () -> new LossSpec.Focal(-1), "/gamma", "must be a finite number of at least 0, was -1.0");
    refused(
        () -> new LossSpec.CrossEntropy(1),
        "/labelSmoothing",
        "must be at least 0 and below 1, was 1.0");
  }

  @Test
  void preluIsForHiddenLayersOnly() {
    refused(
        () -> network(new Activation.Prelu(0.25), null).resolve(Task.BARE),
        "/output/activation",
        "prelu is an activation of hidden layers only, was given to the output layer");
  }

  @Test
  void focalNeedsProbabilities() {
    LossSpec focal = new LossSpec.Focal(2);
    assertThat(network(null, focal).resolve(Task.BINARY_CLASSIFICATION).resolvedLoss())
        .isEqualTo(focal);
    assertThat(network(null, focal).resolve(Task.MULTICLASS_CLASSIFICATION).resolvedLoss())
        .isEqualTo(focal);
    refused(
        () -> network(null, focal).resolve(Task.REGRESSION),
        "/loss",
        "focal needs a sigmoid or softmax output, the output is identity");
  }

  @Test
  void poissonHasAnExponentialOutput() {
    LossSpec poisson = new LossSpec.Poisson();
    for (Task task : List.of(Task.REGRESSION, Task.BARE)) {
      assertThat(network(null, poisson).resolve(task).outputActivation())
          .isEqualTo(new Activation.Exponential());
    }
    assertThat(network(new Activation.Exponential(), null).resolve(Task.BARE).resolvedLoss())
        .isEqualTo(poisson);
    refused(
        () -> network(new Activation.Identity(), poisson).resolve(Task.BARE),
        "/loss",
        "poisson needs an exponential output, the output is identity");
    refused(
        () -> network(new Activation.Identity(), poisson).resolve(Task.REGRESSION),
        "/output/activation",
        "must be exponential for this target, was identity");
    refused(
        () -> network(null, poisson).resolve(Task.BINARY_CLASSIFICATION),
        "/loss",
        "poisson needs an exponential output, the output is sigmoid");
    refused(
        () -> network(new Activation.Exponential(), null).resolve(Task.REGRESSION),
        "/output/activation",
        "must be identity for this target, was exponential");
  }

  @Test
  void aFaultSeenFromTheEnclosingObjectHasTheLongerPointer() {
    InvalidSpecException fault = new InvalidSpecException("/units", "must be at least 1, was 0");
    assertThat(fault.under("/network/layers/1"))
        .hasMessage("/network/layers/1/units: must be at least 1, was 0");
  }
}
