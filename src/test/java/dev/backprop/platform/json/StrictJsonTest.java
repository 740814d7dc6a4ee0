package dev.backprop.platform.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.CategoryEncodingSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.FactorSchedule;
import dev.backprop.engine.spec.Initializer;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LearningRateFactorsSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class StrictJsonTest {

  private static final JsonMapper JSON = StrictJson.mapper();

  private static final List<Class<?>> SPECS =
      List.of(
          NumberEncodingSpec.class,
          CategoryEncodingSpec.class,
          Activation.class,
          Initializer.class,
          LayerSpec.class,
          LossSpec.class,
          OptimizerSpec.class,
          ScheduleSpec.class,
          EarlyStoppingSpec.class);

  /// Those that cannot do without a number.
  private static final Set<Class<?>> INCOMPLETE =
      Set.of(
          LayerSpec.Dense.class,
          LayerSpec.Dropout.class,
          LayerSpec.Residual.class,
          ScheduleSpec.Step.class,
          ScheduleSpec.Exponential.class);

  static Stream<Arguments> names() {
    return SPECS.stream()
        .flatMap(
            spec ->
                Arrays.stream(spec.getAnnotation(JsonSubTypes.class).value())
                    .map(type -> Arguments.of(spec, type.name(), type.value())));
  }

  @ParameterizedTest
  @MethodSource("names")
  void readsABareNameAsTheObjectOfThatType(Class<?> spec, String name, Class<?> type) {
    String bare = "\"%s\"".formatted(name);
    String object = "{\"type\": \"%s\"}".formatted(name);
    if (INCOMPLETE.contains(type)) {
      assertThat(problem(bare, spec).problem(null)).isEqualTo(problem(object, spec).problem(null));
      assertThat(problem(bare, spec).errors().getFirst().detail()).isEqualTo("is required");
      return;
    }
    Object read = JSON.readValue(bare, spec);

    assertThat(read).isInstanceOf(type).isEqualTo(JSON.readValue(object, spec));
    String written = JSON.writerFor(spec).writeValueAsString(read);
    assertThat(written).startsWith("{\"type\":\"" + name + "\"");
    assertThat(JSON.readValue(written, spec)).isEqualTo(read);
  }

  @Test
  void everyCaseHasAName() {
    for (Class<?> spec : SPECS) {
      assertThat(
              Arrays.stream(spec.getAnnotation(JsonSubTypes.class).value())
                  .map(JsonSubTypes.Type::value))
          .as(spec.getSimpleName())
          .hasSameElementsAs(Arrays.asList(spec.getPermittedSubclasses()));
    }
  }

  static Stream<Arguments> objects() {
    return Stream.of(
        Arguments.of(
            LayerSpec.class,
            """
            {"type": "dense", "units": 8, "activation": {"type": "leaky-relu", "slope": 0.2},
             "initializer": "unit-normal", "biasInitializer": "scaled-normal"}""",
            new LayerSpec.Dense(
                8,
                new Activation.LeakyRelu(0.2),
                new Initializer.UnitNormal(),
                new Initializer.ScaledNormal())),
        Arguments.of(
            LayerSpec.class, "{\"rate\": 0.5, \"type\": \"dropout\"}", new LayerSpec.Dropout(0.5)),
        Arguments.of(
            LayerSpec.class,
            "{\"type\": \"dropout\", \"rate\": 0.5, \"schedule\": \"flat-cos\"}",
            new LayerSpec.Dropout(0.5, FactorSchedule.FLAT_COS)),
        Arguments.of(
            LayerSpec.class,
            "{\"type\": \"layer-norm\", \"epsilon\": 0.001}",
            new LayerSpec.LayerNorm(0.001)),
        Arguments.of(
            LayerSpec.class,
            "{\"type\": \"batch-norm\", \"momentum\": 0.01}",
            new LayerSpec.BatchNorm(1e-5, 0.01)),
        Arguments.of(
            LayerSpec.class,
            """
            {"layers": ["layer-norm", {"layers": [{"rate": 0.5, "type": "dropout"}], "type": "residual"}],
             "projection": true, "type": "residual"}""",
            new LayerSpec.Residual(
                List.of(
                    Defaults.fill(LayerSpec.LayerNorm.class),
                    new LayerSpec.Residual(List.of(new LayerSpec.Dropout(0.5)), false)),
                true)),
        Arguments.of(LossSpec.class, "{\"type\": \"huber\", \"delta\": 2}", new LossSpec.Huber(2)),
        Arguments.of(
            OptimizerSpec.class,
            "{\"type\": \"sgd\", \"momentum\": 0.9, \"nesterov\": true, \"learningRate\": 1e-1}",
            new OptimizerSpec.Sgd(0.1, 0.9, true)),
        Arguments.of(
            OptimizerSpec.class,
            "{\"type\": \"adamw\", \"weightDecay\": 0.1}",
            new OptimizerSpec.AdamW(0.001, 0.9, 0.999, 1e-8, 0.1)),
        Arguments.of(
            ScheduleSpec.class,
            "{\"type\": \"step\", \"every\": 5}",
            new ScheduleSpec.Step(5, 0.1)),
        Arguments.of(
            ScheduleSpec.class,
            "{\"type\": \"cosine\", \"warmupEpochs\": 3, \"minimumFactor\": 0.01}",
            new ScheduleSpec.Cosine(3, 0.01)),
        Arguments.of(
            EarlyStoppingSpec.class,
            "{\"patience\": 3}",
            new EarlyStoppingSpec.Patience(3, 0, null)));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void readsWhatItWrites(Class<?> spec, String json, Object expected) {
    assertThat((Object) JSON.readValue(json, spec)).isEqualTo(expected);
    assertThat((Object) JSON.readValue(JSON.writerFor(spec).writeValueAsString(expected), spec))
        .isEqualTo(expected);
  }

  @Test
  void readsWholeSpecsThatItWrote() {
    NetworkSpec network =
        JSON.readValue(
            """
            {"layers": [{"type": "dense", "units": 3, "activation": "tanh"}, {"type": "dropout", "rate": 0.1}],
             "output": {"activation": "sigmoid"}, "loss": "quadratic"}""",
            NetworkSpec.class);
    TrainingSpec training =
        JSON.readValue(
            """
            {"epochs": 7, "batchSize": 4, "seed": 9007199254740991, "validationFraction": 0.25,
             "optimizer": "rmsprop", "schedule": {"type": "exponential", "factor": 0.9},
             "regularization": {"l2": 0.5}, "clipNorm": 1, "maxNorm": 2.5,
             "averaging": {"type": "ema", "decay": 0.99}, "earlyStopping": "none"}""",
            TrainingSpec.class);

    assertThat(JSON.readValue(JSON.writeValueAsString(network), NetworkSpec.class))
        .isEqualTo(network);
    assertThat(JSON.readValue(JSON.writeValueAsString(training), TrainingSpec.class))
        .isEqualTo(training);
    assertThat(training.seed()).isEqualTo(TrainingSpec.MAX_SEED);
    assertThat(JSON.readValue("{}", TrainingSpec.class)).isEqualTo(TrainingSpec.defaults());
    assertThat(JSON.readValue("{}", NetworkSpec.class)).isEqualTo(NetworkSpec.of(null, null, null));
  }

  /// Former versions read, and former clients see, what says nothing of them.
  @Test
  void youngFieldsAreLeftOutOfWhatDoesNotNameThem() {
    TrainingSpec training =
        JSON.readValue(
            """
            {"optimizer": "adamw", "earlyStopping": "none", "selection": "log-loss", "decaySchedule": "flat-cos",
             "learningRateFactors": {"biases": 0.1, "inputScale": 6}, "layerStatistics": true}""",
            TrainingSpec.class);
    assertThat(training.selection()).isEqualTo(Metric.LOG_LOSS);
    assertThat(training.decaySchedule()).isEqualTo(FactorSchedule.FLAT_COS);
    assertThat(training.learningRateFactors())
        .isEqualTo(Defaults.fill(LearningRateFactorsSpec.class, 0.1, 6.0));
    assertThat(JSON.readValue(JSON.writeValueAsString(training), TrainingSpec.class))
        .isEqualTo(training);
    assertThat(JSON.writeValueAsString(TrainingSpec.defaults()))
        .doesNotContain("selection", "decaySchedule", "learningRateFactors", "layerStatistics")
        .endsWith("\"crossValidation\":null}");
    String constant =
        """
        {"layers": [{"type": "dropout", "rate": 0.5, "schedule": "constant"}]}""";
    assertThat(JSON.writeValueAsString(JSON.readValue(constant, NetworkSpec.class)))
        .contains("{\"type\":\"dropout\",\"rate\":0.5}");
    assertThat(
            problem("{\"decaySchedule\": \"cosine\"}", TrainingSpec.class)
                .errors()
                .getFirst()
                .detail())
        .isEqualTo("must be constant or flat-cos, was 'cosine'");
  }

  @Test
  void tellsEarlyStoppingThatIsNullFromOneThatIsLeftOut() {
    assertThat(JSON.readValue("{}", TrainingSpec.class).earlyStopping()).isNull();
    for (String none : List.of("null", "\"none\"", "{\"type\": \"none\"}")) {
      assertThat(
              JSON.readValue("{\"earlyStopping\": " + none + "}", TrainingSpec.class)
                  .earlyStopping())
          .as(none)
          .isEqualTo(new EarlyStoppingSpec.None());
    }
    for (String ten : List.of("{}", "\"patience\"", "{\"type\": \"patience\"}")) {
      assertThat(
              JSON.readValue("{\"earlyStopping\": " + ten + "}", TrainingSpec.class)
                  .earlyStopping())
          .as(ten)
          .isEqualTo(EarlyStoppingSpec.Patience.DEFAULT);
    }
  }

  @Test
  void takesOtherNullsForWhatIsLeftOut() {
    assertThat(
            JSON.readValue(
                "{\"epochs\": null, \"optimizer\": null, \"schedule\": null, \"clipNorm\": null}",
                TrainingSpec.class))
        .isEqualTo(TrainingSpec.defaults());
    assertThat(
            JSON.readValue(
                "{\"type\": \"dense\", \"units\": 64, \"activation\": null}", LayerSpec.class))
        .isEqualTo(Defaults.fill(LayerSpec.Dense.class, 64));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"epoch\": 5} | unknown-field | /epoch | did you mean epochs?",
        "{\"optimizer\": {\"type\": \"adam\", \"lr\": 1}} | unknown-field | /optimizer/lr | learningRate",
        "{\"optimizer\": {\"type\": \"adam\", \"learningrate\": 1}} | unknown-field | /optimizer/learningrate | did you mean learningRate?",
        "{\"schedule\": {\"type\": \"constant\", \"x\": 1}} | unknown-field | /schedule/x | not known",
        "{\"a/b~c\": 5} | unknown-field | /a~1b~0c | not known",
        "{\"epochs\": 64.7} | wrong-type | /epochs | a whole number, was 64.7",
        "{\"epochs\": 64.0} | wrong-type | /epochs | a whole number, was 64.0",
        "{\"epochs\": \"64\"} | wrong-type | /epochs | a whole number, was a string",
        "{\"epochs\": true} | wrong-type | /epochs | a whole number, was a boolean",
        "{\"epochs\": [64]} | wrong-type | /epochs | a whole number, was an array",
        "{\"epochs\": {}} | wrong-type | /epochs | a whole number, was an object",
        "{\"clipNorm\": \"1\"} | wrong-type | /clipNorm | a number, was a string",
        "{\"clipNorm\": \"NaN\"} | invalid-spec | /clipNorm | finite number above 0, was NaN",
        "{\"clipNorm\": false} | wrong-type | /clipNorm | a number, was a boolean",
        "{\"clipNorm\": -1} | invalid-spec | /clipNorm | above 0",
        "{\"clipNorm\": 1e400} | invalid-spec | /clipNorm | finite",
        "{\"maxNorm\": 0} | invalid-spec | /maxNorm | finite number above 0, was 0",
        "{\"averaging\": {\"type\": \"ema\", \"decay\": 1}} | invalid-spec | /averaging/decay | below 1, was 1",
        "{\"averaging\": \"emma\"} | invalid-spec | /averaging | must be ema",
        "{\"averaging\": 0.9} | wrong-type | /averaging | an object",
        "{\"maxNorm\": true} | wrong-type | /maxNorm | a number, was a boolean",
        "{\"maxSeconds\": 0} | invalid-spec | /maxSeconds | above 0, was 0.0",
        "{\"epochs\": 1000000000000} | invalid-spec | /epochs | 1000000000000",
        "{\"seed\": 99999999999999999999} | invalid-spec | /seed | 99999999999999999999",
        "{\"optimizer\": {\"type\": \"sgd\", \"nesterov\": 1}} | wrong-type | /optimizer/nesterov | a boolean, was 1",
        "{\"optimizer\": {\"type\": \"sgd\", \"nesterov\": \"true\"}} | wrong-type | /optimizer/nesterov | a boolean, was a string",
        "{\"optimizer\": \"adamm\"} | invalid-spec | /optimizer | lion, rprop or lbfgs, was 'adamm'",
        "{\"optimizer\": {\"type\": \"Adam\"}} | invalid-spec | /optimizer/type | lion, rprop or lbfgs, was 'Adam'",
        "{\"optimizer\": {\"type\": \"lbfgs\", \"learningRate\": 1}} | unknown-field | /optimizer/learningRate | ",
        "{\"optimizer\": {\"type\": \"lbfgs\", \"history\": 0}} | invalid-spec | /optimizer/history | at least 1, was 0",
        "{\"optimizer\": {\"type\": \"lbfgs\", \"tolerance\": -1}} | invalid-spec | /optimizer/tolerance | at least 0, was -1",
        "{\"optimizer\": \"lbfgs\", \"clipNorm\": 2} | invalid-spec | /clipNorm | left out with lbfgs",
        "{\"optimizer\": \"lbfgs\", \"regularization\": {\"l1\": 0.1}} | invalid-spec | /regularization/l1 | 0 with lbfgs",
        "{\"optimizer\": {\"learningRate\": 1}} | invalid-spec | /optimizer/type | is required",
        "{\"optimizer\": 7} | wrong-type | /optimizer | an object or the name of a type, was a number",
        "{\"optimizer\": []} | wrong-type | /optimizer | an object or the name of a type, was an array",
        "{\"optimizer\": true} | wrong-type | /optimizer | an object or the name of a type, was a boolean",
        "{\"optimizer\": {\"type\": 7}} | invalid-spec | /optimizer/type | was '7'",
        "{\"optimizer\": {\"type\": null}} | invalid-spec | /optimizer/type | ",
        "{\"optimizer\": {\"type\": \"adam\", \"type\": \"sgd\"}} | duplicate-field | | line 1",
        "{\"optimizer\": {\"type\": \"sgd\", \"momentum\": 2}} | invalid-spec | /optimizer/momentum | was 2",
        "{\"regularization\": {\"l2\": -1}} | invalid-spec | /regularization/l2 | was -1",
        "{\"regularization\": 1} | wrong-type | /regularization | an object, was 1",
        "{\"regularization\": \"l2\"} | wrong-type | /regularization | an object, was a string",
        "{\"earlyStopping\": {\"patience\": 0}} | invalid-spec | /earlyStopping/patience | was 0",
        "{\"earlyStopping\": {\"patiense\": 5}} | unknown-field | /earlyStopping/patiense | patience",
        "{\"earlyStopping\": false} | wrong-type | /earlyStopping | was a boolean",
        "{\"epochs\": 1, \"epochs\": 1} | duplicate-field | | line 1, column",
        "{\"epochs\": 1} 2 | malformed-json | | must end after its first value",
        "{\"epochs\": 1}} | malformed-json | | line 1, column",
        "{\"epochs\": NaN} | malformed-json | | line 1, column",
        "{\"epochs\": Infinity} | malformed-json | | line 1, column",
        "{\"epochs\": 01} | malformed-json | | line 1, column",
        "{\"epochs\": +1} | malformed-json | | line 1, column",
        "{\"epochs\": .5} | malformed-json | | line 1, column",
        "{epochs: 1} | malformed-json | | line 1, column",
        "{'epochs': 1} | malformed-json | | line 1, column",
        "{\"epochs\": 1,} | malformed-json | | line 1, column",
        "{\"epochs\": 1 /* few */} | malformed-json | | line 1, column",
        "{\"epochs\" | malformed-json | | line 1, column",
        "[] | wrong-type | `` | an object, was an array",
        "\"adam\" | wrong-type | `` | an object, was a string",
      })
  void saysWhatIsWrongWithATraining(String json, String code, String pointer, String detail) {
    assertSaid(problem(json, TrainingSpec.class), code, pointer, detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"layers\": {}} | wrong-type | /layers | an array, was an object",
        "{\"layers\": \"dense\"} | wrong-type | /layers | an array, was a string",
        "{\"layers\": [null]} | invalid-spec | /layers/0 | must be a layer, was null",
        "{\"layers\": [{\"type\": \"dense\", \"units\": 1}, \"dense\"]} | invalid-spec | /layers/1/units | is required",
        "{\"layers\": [{\"type\": \"dense\", \"units\": 1}, {\"type\": \"dense\", \"units\": 0}]} | invalid-spec | /layers/1/units | was 0",
        "{\"layers\": [{\"type\": \"dense\", \"units\": 1000000000000}]} | invalid-spec | /layers/0/units | 1000000000000",
        "{\"layers\": [{\"type\": \"dense\", \"units\": 64.7}]} | wrong-type | /layers/0/units | 64.7",
        "{\"layers\": [{\"type\": \"dense\", \"units\": \"64\"}]} | wrong-type | /layers/0/units | a string",
        "{\"layers\": [{\"type\": \"dense\", \"units\": 64, \"activations\": \"relu\"}]} | unknown-field | /layers/0/activations | did you mean activation?",
        "{\"layers\": [{\"units\": 64}]} | invalid-spec | /layers/0/type | is required, must be dense, dropout, layer-norm, batch-norm or residual",
        "{\"layers\": [{\"type\": \"conv\", \"units\": 64}]} | invalid-spec | /layers/0/type | must be dense, dropout, layer-norm, batch-norm or residual, was 'conv'",
        "{\"layers\": [{\"type\": \"residual\", \"layers\": [{\"type\": \"residual\", \"layers\": [\"layer-norm\", {\"units\": 0, \"type\": \"dense\"}]}]}]} | invalid-spec | /layers/0/layers/0/layers/1/units | was 0",
        "{\"layers\": [{\"type\": \"residual\", \"layers\": [\"layer-norm\", \"lstm\"]}]} | invalid-spec | /layers/0/layers/1 | layer-norm, batch-norm or residual, was 'lstm'",
        "{\"layers\": [{\"type\": \"residual\", \"layers\": [{\"units\": 3}]}]} | invalid-spec | /layers/0/layers/0/type | is required",
        "{\"layers\": [{\"type\": \"residual\", \"layers\": [null]}]} | invalid-spec | /layers/0/layers/0 | must be a layer, was null",
        "{\"layers\": [{\"type\": \"residual\", \"layers\": []}]} | invalid-spec | /layers/0/layers | at least 1 layer, had 0",
        "{\"layers\": [{\"type\": \"residual\", \"layers\": {}}]} | wrong-type | /layers/0/layers | an array, was an object",
        "{\"layers\": [{\"type\": \"residual\", \"layers\": [\"layer-norm\"], \"projection\": 1}]} | wrong-type | /layers/0/projection | a boolean, was 1",
        "{\"layers\": [{\"type\": \"dense\", \"units\": 8, \"activation\": \"rely\"}]} | invalid-spec | /layers/0/activation | was 'rely'",
        "{\"layers\": [{\"type\": \"dense\", \"units\": 8, \"activation\": {\"type\": \"elu\", \"alpha\": 0}}]} | invalid-spec | /layers/0/activation/alpha | was 0",
        "{\"layers\": [{\"type\": \"dense\", \"units\": 8, \"activation\": \"softmax\"}]} | invalid-spec | /layers/0/activation | output layer only",
        "{\"layers\": [{\"type\": \"dense\", \"units\": 8}, {\"type\": \"dense\", \"units\": 8, \"units\": 9}]} | duplicate-field | | line 1",
        "{\"output\": \"sigmoid\"} | wrong-type | /output | an object, was a string",
        "{\"loss\": {\"type\": \"huber\", \"delta\": -1}} | invalid-spec | /loss/delta | was -1",
      })
  void saysWhatIsWrongWithANetwork(String json, String code, String pointer, String detail) {
    assertSaid(problem(json, NetworkSpec.class), code, pointer, detail);
  }

  /// With the type behind the layers, which are then held until it is found.
  @Test
  void refusesBlocksThatAreNestedTooDeep() {
    String deepest = "\"layer-norm\"";
    for (int depth = 1; depth <= 9; depth++) {
      deepest = "{\"layers\": [" + deepest + "], \"type\": \"residual\"}";
    }
    String network = "{\"layers\": [" + deepest + "]}";
    assertSaid(
        problem(network, NetworkSpec.class),
        "invalid-spec",
        "/layers/0/layers",
        "nested at most 8 deep, were 9");
    for (int depth = 10; depth <= 40; depth++) {
      deepest = "{\"layers\": [" + deepest + "], \"type\": \"residual\"}";
    }
    assertSaid(
        problem("{\"layers\": [" + deepest + "]}", NetworkSpec.class),
        "malformed-json",
        null,
        "nested at most 32 deep, is 33 deep");
  }

  @Test
  void refusesWhatIsNestedTooDeep() {
    for (String deep : List.of("[".repeat(100_000), "{\"layers\":".repeat(100_000))) {
      assertSaid(
          problem(deep, Object.class),
          "malformed-json",
          null,
          "nested at most 32 deep, is 33 deep");
      assertThat(problem(deep, NetworkSpec.class).code().status()).isEqualTo(400);
      assertThat(problem("{\"layers\": [" + deep, NetworkSpec.class).code().status())
          .isEqualTo(400);
    }
  }

  @Test
  void repeatsNoLongTexts() {
    String name = "x".repeat(5_000);

    for (String json :
        List.of(
            "{\"optimizer\": \"" + name + "\"}",
            "{\"seed\": " + "9".repeat(900) + "}",
            "{\"epochs\": \"" + name + "\"}")) {
      assertThat(problem(json, TrainingSpec.class).detail().length()).isLessThan(600);
    }
  }

  @Test
  void namesNoClasses() {
    for (String json :
        List.of(
            "{", "{\"optimizer\": 7}", "{\"epochs\": []}", "{\"layers\": 1}", "nul", "\"\\x\"")) {
      assertThat(problem(json, TrainingSpec.class).detail())
          .doesNotContain("dev.backprop", "java.", "Spec", "jackson", "Jackson", "Feature");
    }
  }

  @Test
  void writesLabelsAsTheValuesThatTheyWere() {
    assertThat(
            JSON.writeValueAsString(
                List.of(
                    Label.text("2007"), Label.number(2007), Label.number(0.5), Label.bool(true))))
        .isEqualTo("[\"2007\",2007,0.5,true]");
  }

  private static void assertSaid(
      ProblemException problem, String code, @Nullable String pointer, @Nullable String detail) {
    assertThat(problem.code().code()).as(problem.detail()).isEqualTo(code);
    if (pointer == null) {
      assertThat(problem.errors()).isEmpty();
    } else {
      assertThat(problem.errors()).extracting(Problem.Field::pointer).containsExactly(pointer);
    }
    if (detail != null) {
      assertThat(problem.detail()).contains(detail);
    }
  }

  private static ProblemException problem(String json, Class<?> type) {
    JacksonException e =
        catchThrowableOfType(JacksonException.class, () -> JSON.readValue(json, type));
    assertThat(e).as(json).isNotNull();
    return JsonProblems.of(e);
  }
}
