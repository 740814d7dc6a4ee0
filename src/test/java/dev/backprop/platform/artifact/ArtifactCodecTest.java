package dev.backprop.platform.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.scoring.Predictor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is written and read again is the same model, bit by bit.
class ArtifactCodecTest {

  private static Arguments columns(String name, String target, String network, String training) {
    return Arguments.of(
        name,
        Artifacts.columns(
            "{\"target\": %s, \"columns\": {%s}}".formatted(target, ignored(target)),
            network,
            "{\"epochs\": 3, " + training + "}"));
  }

  private static String ignored(String target) {
    return Stream.of("two", "three", "amount", "above", "odd", "count")
        .filter(column -> !target.contains(column))
        .map(column -> "\"%s\": {\"type\": \"ignore\"}".formatted(column))
        .collect(Collectors.joining(", "));
  }

  static Stream<Arguments> models() {
    String small = "{\"layers\": [{\"type\": \"dense\", \"units\": 5}]}";
    return Stream.of(
        columns("two classes", "[\"two\"]", small, "\"seed\": 1"),
        columns(
            "classes that are numbers",
            "[\"three\"], \"task\": \"classification\"",
            """
            {"layers": [{"type": "dense", "units": 8, "activation": "prelu"}, {"type": "dropout", "rate": 0.2},
              "layer-norm", {"type": "residual", "projection": true, "layers": [{"type": "dense", "units": 6}]},
              {"type": "dense", "units": 3, "learningRateFactor": 0.5, "decayFactor": 0}],
             "loss": {"type": "focal", "gamma": 1.5}}""",
            "\"classWeights\": {\"0.5\": 2, \"1.5\": 0.1}, \"averaging\": \"ema\", \"testFraction\": 0.1"),
        columns(
            "one number, embedded and scaled",
            "[\"amount\"]",
            """
            {"layers": [], "embeddings": {"city": {"units": 3}, "mixed": {}, "flag": {}}, "inputScale": true}""",
            "\"optimizer\": {\"type\": \"rmsprop\"}, \"schedule\": \"reduce-on-plateau\""),
        columns(
            "shares of activations",
            "[\"amount\"]",
            """
            {"layers": [{"type": "dense", "units": 8, "activation": "mish", "parametric": true},
              {"type": "residual", "layers": [{"type": "dense", "units": 8, "activation": "selu", "parametric": true}]}],
             "members": 2, "scaling": "ntk"}""",
            "\"seed\": 3"),
        Arguments.of(
            "cosines of numbers",
            Artifacts.columns(
                "{\"target\": [\"amount\"], \"columns\": {%s}}".formatted(ignored("amount")),
                """
                {"numbers": {"type": "periodic", "frequencies": 5, "sigma": 0.3},
                 "columns": {"x": "robust"}, "categories": "embedding"}""",
                "{\"members\": 2, \"inputScale\": true}",
                "{\"epochs\": 3}")),
        columns("two numbers", "[\"amount\", \"count\"]", small, "\"maxSeconds\": 100"),
        columns(
            "quantiles",
            "[\"amount\"]",
            "{\"loss\": {\"type\": \"quantile\", \"taus\": [0.1, 0.5, 0.93]}}",
            "\"seed\": 9007199254740991"),
        columns(
            "counts",
            "[\"count\"], \"task\": \"regression\"",
            "{\"loss\": \"poisson\"}",
            "\"earlyStopping\": null"),
        columns(
            "cross-validated",
            "[\"amount\"]",
            small,
            "\"crossValidation\": {\"folds\": 3}, \"testFraction\": 0.2"),
        columns("labels", "[\"above\", \"odd\"], \"weight\": \"weight\"", small, "\"seed\": 2"),
        columns("labels of 0 and 1", "[\"one\", \"other\"]", small, "\"seed\": 2"),
        Arguments.of(
            "normalized batches",
            Artifacts.bare(
                2,
                new double[][] {{1, 2}, {3, 4}, {5, 7}},
                """
                {"layers": ["batch-norm", {"type": "residual", "projection": true,
                 "layers": [{"type": "dense", "units": 3}, "batch-norm"]}]}""")),
        Arguments.of("bare numbers", Artifacts.bare(2, new double[][] {{1, 2}, {3, 4}}, small)),
        Arguments.of(
            "a bare sigmoid",
            Artifacts.bare(
                1, new double[][] {{0}, {1}}, "{\"output\": {\"activation\": \"sigmoid\"}}")),
        Arguments.of(
            "a bare softmax",
            Artifacts.bare(
                1,
                new double[][] {{0, 0, 1}, {1, 0, 0}},
                "{\"output\": {\"activation\": \"softmax\"}}")),
        Arguments.of(
            "bare quantiles",
            Artifacts.bare(
                3,
                new double[][] {{1, 1}, {2, 2}},
                "{\"loss\": {\"type\": \"quantile\", \"taus\": [0.2, 0.8]}}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void readsBackWhatItWrote(String name, ModelDraft draft) throws IOException {
    byte[] document = Artifacts.document(draft);
    byte[] weights = Artifacts.weights(draft);
    assertThat(Artifacts.CODEC.weights(draft.predictor()).length()).isEqualTo(weights.length);

    Artifact artifact = Artifacts.CODEC.read(document);
    ModelDraft back = Artifacts.CODEC.read(artifact, new ByteArrayInputStream(weights));

    checkAnswers(draft.predictor(), back.predictor());
    assertThat(back.spec()).isEqualTo(draft.spec());
    assertThat(back.schema()).isEqualTo(draft.schema());
    assertThat(back.targetInferred()).isEqualTo(draft.targetInferred());
    assertThat(back.learned()).isEqualTo(draft.learned());
    assertThat(back.learned().evaluations()).isNotEmpty();
    assertThat(back.learned().history()).isNotEmpty();
    assertThat(back.provenance()).isEqualTo(draft.provenance());
    assertThat(artifact.modelBytes()).isGreaterThan(document.length + 4 * artifact.values());
    assertThat(Artifacts.document(back)).isEqualTo(document);
    assertThat(Artifacts.weights(back)).isEqualTo(weights);
  }

  private static void checkAnswers(Predictor one, Predictor other) {
    assertThat(other.scorer().network().spec()).isEqualTo(one.scorer().network().spec());
    assertThat(bits(other.scorer().network().parameters().values()))
        .isEqualTo(bits(one.scorer().network().parameters().values()));
    assertThat(other.scorer().target()).isEqualTo(one.scorer().target());
    assertThat(other.scorer().targetEncoder().means())
        .isEqualTo(one.scorer().targetEncoder().means());
    assertThat(other.scorer().targetEncoder().stds())
        .isEqualTo(one.scorer().targetEncoder().stds());
    assertThat(other.scorer().baseline().means()).isEqualTo(one.scorer().baseline().means());
    FeatureEncoder features = one.features();
    FeatureEncoder featuresBack = other.features();
    if (features != null && featuresBack != null) {
      assertThat(featuresBack.features()).isEqualTo(features.features());
      assertThat(featuresBack.silentInputs()).isEqualTo(features.silentInputs());
    }
    assertThat(other.cells()).isEqualTo(one.cells());
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < 50; i++) {
      double[] cells = cells(one, random);
      assertThat(values(other.predict(cells, other.workspace(1))))
          .isEqualTo(values(one.predict(cells, one.workspace(1))));
    }
  }

  private static double[] cells(Predictor predictor, SplittableRandom random) {
    double[] cells = new double[predictor.cells()];
    FeatureEncoder features = predictor.features();
    for (int i = 0; i < cells.length; i++) {
      cells[i] = random.nextDouble(-1e3, 1e3);
      if (features != null && features.features().get(i) instanceof Feature.Categorical c) {
        cells[i] = random.nextInt(-1, c.categories().size());
      }
      if (features != null && features.features().get(i).nullable() && random.nextInt(4) == 0) {
        cells[i] = Double.NaN;
      }
    }
    return cells;
  }

  private static double[] values(Prediction prediction) {
    return switch (prediction) {
      case Prediction.ClassPrediction p -> p.probabilities();
      case Prediction.NumberPrediction p -> p.values();
      case Prediction.QuantilePrediction p -> p.values();
      case Prediction.MultiLabelPrediction p -> p.probabilities();
      case Prediction.Outputs p -> p.values();
    };
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  @Test
  void everyFiniteDoubleReadsBackToItsBits() {
    JsonMapper json = ArtifactJson.mapper(Artifacts.JSON);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (i < 4) {
        value = new double[] {-0.0, Double.MIN_VALUE, Double.MAX_VALUE, 1e23}[i];
      }
      if (Double.isFinite(value)) {
        ModelDocument.Scale scale = new ModelDocument.Scale(value, 1 / 3.0, null, null, null);
        ModelDocument.Scale back =
            json.readValue(json.writeValueAsBytes(scale), ModelDocument.Scale.class);
        assertThat(Double.doubleToRawLongBits(back.mean()))
            .isEqualTo(Double.doubleToRawLongBits(value));
      }
    }
  }

  @Test
  void everyFiniteFloatReadsBackToItsBits() throws IOException {
    ModelDraft version = ModelFixtures.bare();
    Parameters parameters = version.predictor().scorer().network().parameters();
    float[] odd = {-0f, Float.MIN_VALUE, -Float.MAX_VALUE};
    System.arraycopy(odd, 0, parameters.values(), 0, odd.length);

    ModelDraft back =
        Artifacts.CODEC.read(
            Artifacts.CODEC.read(Artifacts.document(version)),
            new ByteArrayInputStream(Artifacts.weights(version)));

    assertThat(bits(back.predictor().scorer().network().parameters().values()))
        .isEqualTo(bits(odd));
  }

  /// The layout that the format prescribes, read without its codec.
  @Test
  void writesSafetensors() {
    ModelDraft version =
        Artifacts.bare(
            2, new double[][] {{1}, {3}}, "{\"layers\": [{\"type\": \"dense\", \"units\": 3}]}");

    ByteBuffer blob = ByteBuffer.wrap(Artifacts.weights(version)).order(ByteOrder.LITTLE_ENDIAN);

    byte[] header = new byte[Math.toIntExact(blob.getLong())];
    blob.get(header);
    assertThat((Long.BYTES + header.length) % 8).isZero();
    JsonNode tensors =
        Artifacts.JSON.readTree(new String(header, StandardCharsets.UTF_8).stripTrailing());
    assertThat(tensors.propertyNames())
        .containsExactly(
            "__metadata__", "layers.0.weight", "layers.0.bias", "output.weight", "output.bias");
    assertThat(tensors.path("layers.0.weight").toString())
        .isEqualTo("{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}");
    assertThat(tensors.path("layers.0.bias").toString())
        .isEqualTo("{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[24,36]}");
    assertThat(tensors.path("output.weight").path("shape").toString()).isEqualTo("[3,1]");
    assertThat(blob.remaining()).isEqualTo(4 * (6 + 3 + 3 + 1));
    for (float value : version.predictor().scorer().network().parameters().values()) {
      assertThat(blob.getFloat()).isEqualTo(value);
    }
  }

  /// The order of tensors in the file is free.
  @Test
  void readsTensorsInAnyOrder() throws IOException {
    ModelDraft version = ModelFixtures.bare();
    float[] values = version.predictor().scorer().network().parameters().values();
    String header =
        """
        {"output.weight": {"shape": [2, 1], "data_offsets": [4, 12], "dtype": "F32"},
         "output.bias": {"dtype": "F32", "data_offsets": [0, 4], "shape": [1]}}""";
    ByteBuffer blob =
        ByteBuffer.allocate(Long.BYTES + header.length() + 12).order(ByteOrder.LITTLE_ENDIAN);
    blob.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
    blob.putFloat(values[2]).putFloat(values[0]).putFloat(values[1]);

    ModelDraft back =
        Artifacts.CODEC.read(
            Artifacts.CODEC.read(Artifacts.document(version)),
            new ByteArrayInputStream(blob.array()));

    assertThat(back.predictor().scorer().network().parameters().values()).isEqualTo(values);
  }

  /// A case of evaluations that the mapper does not know could not be written.
  @Test
  void everyKindOfEvaluationHasAName() {
    assertThat(
            models()
                .map(arguments -> (ModelDraft) arguments.get()[1])
                .flatMap(draft -> draft.learned().evaluations().values().stream())
                .map(Object::getClass)
                .distinct())
        .containsExactlyInAnyOrder(Evaluation.class.getPermittedSubclasses());
  }
}
