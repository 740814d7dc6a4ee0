package dev.backprop.service.model;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.backprop.platform.artifact.Artifacts;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelFixtures;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is no artifact, or one that does not fit together, is refused with its place and both
/// numbers, and leaves nothing behind.
class ArtifactRefusalTest {

  /// Classes of columns, one of them embedded.
  private static final ModelDraft CLASSES =
      Artifacts.columns(
          """
              {"target": ["two"], "columns": {"three": {"type": "ignore"}, "amount": {"type": "ignore"}}}""",
          """
              {"layers": [{"type": "dense", "units": 4}, "layer-norm"], "embeddings": {"city": {"units": 2}}}""",
          "{\"epochs\": 2}");

  private static final ModelDraft NUMBERS =
      Artifacts.columns(
          "{\"target\": [\"amount\"], \"columns\": {}}",
          "{\"layers\": [], \"loss\": {\"type\": \"quantile\", \"taus\": [0.25, 0.75]}}",
          "{\"epochs\": 2}");

  private static final ModelDraft BARE = ModelFixtures.bare();

  private static final long BUDGET = 10_000_000;

  private final Models models =
      Models.inMemory(BUDGET, InstantSource.fixed(ModelFixtures.START), 0);
  private final Budget inFlight = Budget.inFlight(12_000_000);
  private final ModelImport imports =
      new ModelImport(Artifacts.CODEC, models, inFlight, InstantSource.fixed(ModelFixtures.START));

  private static String document(ModelDraft version) {
    return new String(Artifacts.document(version), StandardCharsets.UTF_8);
  }

  /// A zip as the service writes it, of these parts.
  private static byte[] zip(byte[] document, byte[] weights) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      store(zip, "model.json", document);
      store(zip, "model.safetensors", weights);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
  }

  private static byte[] file(ModelDraft version) {
    return zip(Artifacts.document(version), Artifacts.weights(version));
  }

  private ModelVersion add(byte[] file) throws IOException {
    try (ModelImport.Incoming incoming = imports.read(new ByteArrayInputStream(file));
        Models.Addition addition = incoming.write(new Models.Made("copy", null, Notes.NONE))) {
      return addition.add(true);
    }
  }

  private Problem refused(byte[] file) {
    Throwable refusal = catchThrowable(() -> add(file));
    assertThat(refusal).isInstanceOf(ProblemException.class);
    assertThat(models.usage()).isEqualTo(new Models.Usage(0, 0, 0, BUDGET));
    assertThat(inFlight.held()).isZero();
    return ((ProblemException) refusal).problem(null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"format\":4 | {\"format\":99 | invalid-artifact | /format | must be at most 5, the newest that is read here, was 99",
        "{\"format\":4 | {\"format\":0 | invalid-spec | /format | must be from 1 to 5, the formats that are read here, was 0",
        "\"version\":3 | \"version\":0 | invalid-artifact | /origin/version | must be at least 1, was 0",
        "\"model\":\"model\" | \"model\":\"A\" | invalid-artifact | /origin/model | must be 1 to 63",
        "\"bestEpoch\":2 | \"bestEpoch\":2,\"bestEpoc\":2 | unknown-field | /bestEpoc | did you mean bestEpoch?",
        "\"bestEpoch\":2, | | wrong-type | /bestEpoch | is required",
        "\"bestEpoch\":2 | \"bestEpoch\":3 | invalid-artifact | /bestEpoch | must be from 1 to the 2 epochs of the history, was 3",
        "\"epoch\":2 | \"epoch\":3 | invalid-artifact | /history/1/epoch | must be 2, was 3",
        "\"epochs\":2 | \"epochs\":1 | invalid-artifact | /history | must have at most the 1 epochs of the spec, has 2",
        "\"units\":4 | \"units\":0 | invalid-spec | /spec/network/layers/0/units | must be at least 1, was 0",
        "\"units\":4 | \"units\":1 | invalid-artifact | /spec/network/layers/1 | must have at least 2 inputs to normalize, has 1",
        "\"units\":2 | \"units\":null | invalid-artifact | /spec/network/embeddings/city/units | must be resolved, was null",
        "\"embeddings\":{\"city\" | \"embeddings\":{\"x\" | invalid-artifact | /spec/network/embeddings/x | must be a categorical feature, is none",
        "\"batchSize\":32 | \"selection\":\"rmse\",\"batchSize\":32 | invalid-artifact | /spec/training/selection | must suit the target, was rmse",
        "\"epoch\":2 | \"selected\":{\"metric\":\"loss\",\"value\":1},\"epoch\":2 | invalid-artifact | /history/1/selected/metric | must be that of the spec, null, was loss",
        "\"batchSize\":32 | \"batchSize\":null | invalid-artifact | /spec/training/batchSize | must be resolved, was null",
        "\"history\":[ | \"crossValidation\":{\"epochs\":1,\"metrics\":{},\"folds\":[{\"fold\":1,\"rows\":1,\"epochs\":1,\"bestEpoch\":1,\"metrics\":{}}]},\"history\":[ | invalid-artifact | /crossValidation | must have the 0 folds of the spec, has 1",
        "\"output\":{\"activation\":{\"type\":\"sigmoid\"} | \"output\":{\"activation\":{\"type\":\"tanh\"} | invalid-artifact | /spec/network/output/activation | must be sigmoid for this target, was tanh",
        "\"classes\":[\"no\",\"yes\"] | \"classes\":[\"no\"] | invalid-artifact | /target/classes | must be at least 2, were 1",
        "\"classes\":[\"no\",\"yes\"] | \"classes\":[\"yes\",\"no\"] | invalid-artifact | /target/classes/1 | 'no' came after 'yes'",
        "\"classes\":[\"no\",\"yes\"] | \"classes\":[\"no\",\"no\"] | invalid-artifact | /target/classes/1 | 'no' came after 'no'",
        "\"classes\":[\"no\",\"yes\"] | \"classes\":[\"maybe\",\"no\"] | invalid-artifact | /target/names/0 | 'two' is a categorical target",
        "\"type\":\"classes\" | \"type\":\"labels\" | invalid-artifact | /target/classes | must be 0 and 1 for labels, or left out",
        "\"type\":\"classes\" | \"type\":\"things\" | invalid-artifact | /target/type | was 'things'",
        "\"names\":[\"two\"] | \"names\":[\"x\"] | invalid-artifact | /target/names/0 | 'x' is a numeric feature",
        "\"names\":[\"two\"] | \"names\":[\"two\",\"x\"] | invalid-artifact | /target/names | must be 1 column of classes, were 2",
        "\"baseline\":[ | \"baseline\":[0.5, | invalid-artifact | /target/baseline | must be one for each of the 1 outputs, were 2",
        "\"baseline\":[ | \"baseline\":[1e999, | wrong-type | /target/baseline/0 | must be a number",
        "\"baseline\":[ | \"baseline\":[\"NaN\", | wrong-type | /target/baseline/0 | must be a number, was a string",
        "\"baseline\":[ | \"baseline\":[null, | wrong-type | /target/baseline/0 | must be a number, was null",
        "\"silentInputs\":[] | \"silentInputs\":[-1] | invalid-artifact | /input/silentInputs/0 | must be from 0 to",
        "\"missingTokens\":[ | \"missingTokens\":[null, | wrong-type | /input/missingTokens/0 | must be a string, was null",
        "\"role\":\"feature\" | \"role\":\"target\" | invalid-artifact | /input/columns/0/statistics | are given for a numeric target",
        "\"role\":\"feature\" | \"role\":\"weight\" | invalid-artifact | /input/columns/0/statistics | are given for a numeric weight",
        "\"type\":\"numeric\" | \"type\":\"number\" | invalid-artifact | /input/columns/0/type | must be numeric, categorical, boolean or date, was 'number'",
        "\"categories\":[\"city 0\",\"city 1\" | \"categories\":[\"city 1\",\"city 1\" | invalid-artifact | /input/columns/2/categories/1 | 'city 1' came after 'city 1'",
        "\"categories\":[\"city 0\",\"city 1\" | \"categories\":[1,\"1\" | invalid-artifact | /input/columns/2/categories/1 | '1' came after '1'",
        "\"categories\":[false,true] | \"categories\":[] | invalid-artifact | /input/columns/4/categories | must be from 1 to 2, were 0",
        "\"categories\":[false,true] | \"categories\":[false,\"x\"] | invalid-artifact | /input/columns/4/categories/1 | must be true or false, was 'x'",
        "\"name\":\"city\" | \"name\":\"x\" | invalid-artifact | /input/columns/2/name | must be another than those before",
        "\"confusionMatrix\":[[ | \"confusionMatrix\":[[1, | invalid-artifact | /evaluations/validation/confusionMatrix/0 | must be 2, were 3",
        "\"type\":\"classification\" | \"type\":\"regression\" | unknown-field | /evaluations/validation/accuracy | is not known",
        "\"spec\":{ | \"spec\":{\"data\":{\"split\":{\"group\":\"nobody\"}}, | invalid-artifact | /spec/data/split/group | must be a column that is no target, 'nobody' is none",
        "\"spec\":{ | \"spec\":{\"data\":{\"split\":{\"order\":\"two\"}}, | invalid-artifact | /spec/data/split/order | must be a column that is no target, 'two' is a target",
        "\"spec\":{ | \"spec\":{\"data\":{\"split\":{}}, | invalid-spec | /spec/data/split | must have exactly 1 of group and order, has 0",
        "\"spec\":{ | \"spec\":{\"data\":{\"split\":{\"group\":\"city\",\"by\":\"x\"}}, | unknown-field | /spec/data/split/by | is not known",
        "\"spec\":{ | \"spec\":{\"data\":{}, | wrong-type | /spec/data/split | is required",
        "\"provenance\":{ | \"provenance\":{\"class\":\"java.lang.Runtime\", | unknown-field | /provenance/class | is not known",
        "\"trainingId\":\"training-1\" | \"trainingId\":\"01234567890123456789012345678901234567890123456789012345678901234\" | invalid-artifact | /provenance/trainingId | must be 1 to 64 visible ASCII characters, had 65",
        "\"trainingId\":\"training-1\" | \"trainingId\":\"a\\u0000\" | invalid-artifact | /provenance/trainingId | must be 1 to 64 visible ASCII characters, had 2",
        "\"dataSha256\":\"00\" | \"dataSha256\":\"\" | invalid-artifact | /provenance/dataSha256 | must be 1 to 64 visible ASCII characters, had 0",
        "\"warmStart\":null | \"warmStart\":{\"model\":\"A\",\"version\":1} | invalid-artifact | /provenance/warmStart/model | must be 1 to 63",
        "\"warmStart\":null | \"warmStart\":{\"model\":\"a\",\"version\":0} | invalid-artifact | /provenance/warmStart/version | must be at least 1, was 0",
        "} | }} | malformed-json | | line 1",
        "{ | [ | wrong-type | | must be an object, was an array",
      })
  void refusesADocumentThatDoesNotFit(
      String before,
      @Nullable String after,
      String code,
      @Nullable String pointer,
      @Nullable String detail) {
    String whole = document(CLASSES);
    assertThat(whole).contains(before);
    String changed =
        before.equals("}")
            ? whole + "}"
            : whole.replaceFirst(
                Pattern.quote(before), Matcher.quoteReplacement(after == null ? "" : after));
    checkRefused(CLASSES, changed, code, pointer, detail);
  }

  private void checkRefused(
      ModelDraft version,
      String document,
      String code,
      @Nullable String pointer,
      @Nullable String detail) {
    Problem problem =
        refused(zip(document.getBytes(StandardCharsets.UTF_8), Artifacts.weights(version)));
    assertThat(problem.code()).as(problem.detail()).isEqualTo(code);
    assertThat(problem.status()).isBetween(400, 499);
    assertThat(problem.detail()).startsWith("model.json: ").contains(detail == null ? "" : detail);
    assertThat(problem.errors().isEmpty() ? "" : problem.errors().getFirst().pointer())
        .as(problem.detail())
        .isEqualTo(pointer == null ? "" : pointer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "(\"scales\":\\[\\{\"mean\":[^,]*,\"std\":)[^}]*} | $10.0} | invalid-artifact | /target/scales/0/std | must be above 0, was 0.0",
        "(\"scales\":\\[\\{\"mean\":[^,]*,\"std\":)[^}]*} | $11e101} | invalid-artifact | /target/scales/0/std | must be from -1.0E100 to 1.0E100, was 1.0E101",
        "(\"scales\":\\[\\{\"mean\":)[^,]*, | $1-1e101, | invalid-artifact | /target/scales/0/mean | must be from -1.0E100 to 1.0E100, was -1.0E101",
        "(\"baseline\":\\[)[^,]*, | $11e39, | invalid-artifact | /target/baseline/0 | must be from -3.4028234663852886E38 to 3.4028234663852886E38, was 1.0E39",
        "\"scales\":\\[ | \"scales\":[{\"mean\":0,\"std\":1}, | invalid-artifact | /target/scales | must be one for each of the 1 names, were 2",
        "\"taus\":\\[0.25, | \"taus\":[0.25,0.3, | invalid-artifact | /target/baseline | must be one for each of the 3 outputs, were 2",
        "(\"statistics\":\\{\"median\":[^,]*,\"mean\":[^,]*,\"std\":)[^,]* | $1-1 | invalid-artifact | /input/columns/0/statistics/std | must be above 0, was -1.0",
        "(\"statistics\":\\{.*?\"min\":).*?,\"max\":.*?} | $12,\"max\":1} | invalid-artifact | /input/columns/0/statistics/min | must be at most the max 1.0, was 2.0",
        "(\"statistics\":\\{.*?\"min\":).*?,\"max\":.*?} | $12} | wrong-type | /input/columns/0/statistics/max | is required",
      })
  void refusesNumbersThatCannotEncode(
      String before, String after, String code, String pointer, String detail) {
    String whole = document(NUMBERS);
    String changed = whole.replaceFirst(before, after);
    assertThat(changed).isNotEqualTo(whole);
    checkRefused(NUMBERS, changed, code, pointer, detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"input\":{\"numbers\":2} | \"input\":{} | /input | has neither",
        "\"input\":{\"numbers\":2} | \"input\":{\"numbers\":0} | /input/numbers | must be at least 1, was 0",
        "\"input\":{\"numbers\":2} | \"input\":{\"numbers\":2,\"missing\":[]} | /input/missing | does not go",
        "\"embeddings\":{} | \"embeddings\":{\"a\":{\"units\":1}} | /spec/network/embeddings | must be 0 for bare numbers, were 1",
        "\"spec\":{ | \"spec\":{\"data\":{\"split\":{\"group\":\"a\"}}, | /spec/data | does not go",
        "\"numbers\":1, | \"numbers\":0, | /target/numbers | must be at least 1, was 0",
        "\"type\":\"bare\",\"numbers\":1, | \"type\":\"labels\",\"names\":[\"a\"], | /spec/network/output/activation | must be sigmoid",
      })
  void refusesBareNumbersThatDoNotFit(String before, String after, String pointer, String detail) {
    String whole = document(BARE);
    assertThat(whole).contains(before);
    checkRefused(BARE, whole.replace(before, after), "invalid-artifact", pointer, detail);
  }

  @Test
  void refusesParametersThatNoArrayHolds() {
    Problem problem =
        refused(
            zip(
                document(BARE)
                    .replace("\"layers\":[]", "\"layers\":[%s,%s]".formatted(wide(), wide()))
                    .getBytes(StandardCharsets.UTF_8),
                Artifacts.weights(BARE)));
    assertThat(problem.code()).as(problem.detail()).isEqualTo("too-large");
    assertThat(problem.detail())
        .contains(
            "at most 2147483639 parameters, has %d".formatted(65_536L * (3 + 65_537 + 1) + 1));
  }

  private static String wide() {
    return "{\"type\":\"dense\",\"units\":65536,\"activation\":\"relu\",\"initializer\":\"zeros\",\"biasInitializer\":\"zeros\"}";
  }

  @Test
  void refusesWhatTheBudgetCanNeverHoldBeforeItReadsTheParameters() {
    String wide =
        document(BARE)
            .replace(
                "\"layers\":[]",
                "\"layers\":[%s,%s]".formatted(wide(), wide().replace("65536", "100")));
    byte[] file = zip(wide.getBytes(StandardCharsets.UTF_8), new byte[0]);
    Problem problem = refused(file);
    assertThat(problem.code()).as(problem.detail()).isEqualTo("too-large");
    assertThat(problem.detail()).contains("models may take 10000000 together");
  }

  @Test
  void refusesWhatDoesNotFitNow() {
    models.reserve(BUDGET - 1_000);
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> add(file(BARE)))
        .satisfies(e -> assertThat(e.code().status()).isEqualTo(507));
  }

  @Test
  void refusesADocumentThatIsTooLong() {
    Problem problem = refused(zip(new byte[1_000_001], Artifacts.weights(BARE)));
    assertThat(problem.code()).as(problem.detail()).isEqualTo("too-large");
    assertThat(problem.detail())
        .isEqualTo("model.json: may have at most 1000000 bytes, has 1000001");
  }

  static Stream<Arguments> tensors() {
    String weight = "\"output.weight\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}";
    String bias = "\"output.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}";
    String both = weight + "," + bias;
    return Stream.of(
        Arguments.of(both.replaceFirst("F32", "F64"), "dtype must be F32, was F64"),
        Arguments.of(
            both.replace("\"dtype\":\"F32\",\"shape\":[1]", "\"shape\":[1]"),
            "dtype must be F32, was null"),
        Arguments.of(both.replace("[2,1]", "[1,2]"), "shape must be [2, 1], was [1, 2]"),
        Arguments.of(both.replace("[2,1]", "[2,1,1]"), "must have at most 2 numbers"),
        Arguments.of(both.replace("[2,1]", "[2.0,1]"), "must have a whole number here"),
        Arguments.of(both.replace("[2,1]", "[99999999999999999999,1]"), "header"),
        Arguments.of(both.replace("[0,8]", "[0,4]"), "must be 8 bytes apart, were [0, 4]"),
        Arguments.of(both.replace("[0,8]", "[-8,0]"), "must be 8 bytes apart, were [-8, 0]"),
        Arguments.of(both.replace("[0,8]", "[8,0]"), "must be 8 bytes apart, were [8, 0]"),
        Arguments.of(
            both.replace("[0,8]", "[9223372036854775804,-9223372036854775804]"),
            "must be 8 bytes apart"),
        Arguments.of(both.replace("[0,8]", "[0]"), "must be 2 numbers, were 1"),
        Arguments.of(
            both.replace("[8,12]", "[4,8]"),
            "must begin at 8, where the tensor before ends, begin at 4"),
        Arguments.of(
            both.replace("[8,12]", "[12,16]"),
            "must begin at 8, where the tensor before ends, begin at 12"),
        Arguments.of(
            both.replace("[0,8]", "[4,12]"),
            "must begin at 0, where the tensor before ends, begin at 4"),
        Arguments.of(weight, "tensor 'output.bias': must be there, 1 of 2 tensors are"),
        Arguments.of(
            both + "," + bias.replace("output", "x"),
            "tensor 'x.bias': must be one of the network's 2"),
        Arguments.of(both + "," + bias, "a field of this name stands in the object already"),
        Arguments.of(
            both.replaceFirst("\"dtype\"", "\"strides\":[1],\"dtype\""), "unknown field 'strides'"),
        Arguments.of(
            "\"__metadata__\":{\"a\":1}," + both,
            "__metadata__: must have a string here, has a whole number"),
        Arguments.of(
            "\"__metadata__\":[]," + both, "__metadata__: must have an object here, has an array"),
        Arguments.of("\"output.weight\":[]," + bias, "must have an object here, has an array"),
        Arguments.of(both + "}{", "must end after its object, goes on"),
        Arguments.of(both.substring(1), "is not JSON here"),
        Arguments.of(both + ",", "is not JSON here"));
  }

  @ParameterizedTest
  @MethodSource("tensors")
  void refusesTensorsThatAreNotThoseOfTheNetwork(String tensors, String detail) {
    checkRefused(safetensors("{" + tensors + "}", new float[3]), detail);
  }

  private static byte[] safetensors(String header, float... values) {
    byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer blob =
        ByteBuffer.allocate(Long.BYTES + bytes.length + values.length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    blob.putLong(bytes.length).put(bytes);
    for (float value : values) {
      blob.putFloat(value);
    }
    return blob.array();
  }

  private void checkRefused(byte[] weights, String detail) {
    Problem problem = refused(zip(Artifacts.document(BARE), weights));
    assertThat(problem.code()).isEqualTo("invalid-artifact");
    assertThat(problem.detail()).startsWith("model.safetensors: ").contains(detail);
  }

  @Test
  void refusesParametersThatAreNotFinite() {
    byte[] weights = Artifacts.weights(BARE);
    ByteBuffer values = ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN);
    values.putFloat(weights.length - 8, Float.NaN);
    checkRefused(weights, "tensor 'output.weight': must be finite, was NaN at 1");
    values.putFloat(weights.length - 8, 0);
    values.putFloat(weights.length - 4, Float.NEGATIVE_INFINITY);
    checkRefused(weights, "tensor 'output.bias': must be finite, was -Infinity at 0");
  }

  @Test
  void refusesAVarianceBelowZero() throws IOException {
    ModelDraft version =
        Artifacts.bare(
            2,
            new double[][] {{0}, {1}, {1}, {0}},
            "{\"layers\": [{\"type\": \"dense\", \"units\": 3}, \"batch-norm\"]}");
    byte[] weights = Artifacts.weights(version);
    ByteBuffer values = ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN);
    values.putFloat(weights.length - 4 * Float.BYTES, -0.5f); // the last of the means
    values.putFloat(weights.length - Float.BYTES, -0.5f);

    Problem problem = refused(zip(Artifacts.document(version), weights));

    assertThat(problem.code()).isEqualTo("invalid-artifact");
    assertThat(problem.detail())
        .isEqualTo(
            "model.safetensors: tensor 'layers.1.variance': must be at least 0, was -0.5 at 2");
    values.putFloat(weights.length - Float.BYTES, 0);
    assertThat(add(zip(Artifacts.document(version), weights)).name()).isEqualTo("copy");
  }

  @Test
  void refusesParametersThatEndTooEarlyOrGoOn() {
    byte[] weights = Artifacts.weights(BARE);
    checkRefused(Arrays.copyOf(weights, 5), "header: must begin with its length in 8 bytes, had 5");
    checkRefused(Arrays.copyOf(weights, 20), "header: ends ");
    checkRefused(
        Arrays.copyOf(weights, weights.length - 1), "'output.bias': ends after 3 of 4 bytes");
    checkRefused(
        Arrays.copyOf(weights, weights.length + 1),
        "must have %d bytes, has more".formatted(weights.length));
  }

  @ParameterizedTest
  @CsvSource({"100000001, 100000001", "-1, 18446744073709551615"})
  void refusesAHeaderThatIsTooLong(long length, String said) {
    byte[] weights = Artifacts.weights(BARE);
    ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    checkRefused(weights, "header: must have at most 100000000 bytes, has " + said);
  }

  @Test
  void refusesAFileThatIsNoZip() {
    checkRefusedFile(new byte[0], "has no entry where model.json should be");
    checkRefusedFile("{}".getBytes(StandardCharsets.UTF_8), "has no entry where model.json");
    checkRefusedFile(Artifacts.weights(BARE), "has no entry where model.json");
  }

  private void checkRefusedFile(byte[] file, String detail) {
    Problem problem = refused(file);
    assertThat(problem.code()).isEqualTo("invalid-artifact");
    assertThat(problem.detail()).contains(detail);
  }

  @Test
  void refusesEntriesThatAreCompressed() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("model.json"));
      zip.write(new byte[50_000_000]);
    }
    checkRefusedFile(out.toByteArray(), "model.json: must be stored in the zip as it is");
  }

  @Test
  void refusesAnEntryOfFewerThanNoBytes() {
    byte[] name = "model.json".getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = ByteBuffer.allocate(30 + name.length + 20).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0x04034b50).putShort((short) 45); // a local header that needs zip64
    header.position(18).putInt(-1).putInt(-1).putShort((short) name.length).putShort((short) 20);
    header.put(name).putShort((short) 1).putShort((short) 16).putLong(-9).putLong(-9);

    checkRefusedFile(header.array(), "model.json: must have at least 0 bytes, has -9");
  }

  @Test
  void refusesOtherEntries() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      store(zip, "model.safetensors", Artifacts.weights(BARE));
      store(zip, "model.json", Artifacts.document(BARE));
    }
    checkRefusedFile(out.toByteArray(), "has 'model.safetensors' where model.json should be");
    out.reset();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      store(zip, "model.json", Artifacts.document(BARE));
      store(zip, "../../etc/passwd", Artifacts.weights(BARE));
    }
    checkRefusedFile(out.toByteArray(), "has '../../etc/passwd' where model.safetensors should be");
    out.reset();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      store(zip, "model.json", Artifacts.document(BARE));
      store(zip, "model.safetensors", Artifacts.weights(BARE));
      store(zip, "more", new byte[0]);
    }
    checkRefusedFile(out.toByteArray(), "a directory of 2 entries");
  }

  /// Wherever a file is cut off, and whatever follows it.
  @Test
  void refusesAFileThatEndsTooEarlyOrGoesOn() throws IOException {
    byte[] file = file(BARE);
    for (int length = 0; length < file.length; length++) {
      assertThat(refused(Arrays.copyOf(file, length)).status())
          .as("%d bytes", length)
          .isBetween(400, 499);
    }
    assertThat(refused(Arrays.copyOf(file, file.length + 1)).status()).isEqualTo(422);
    assertThat(refused(Arrays.copyOf(file, file.length + 100_000)).status()).isEqualTo(422);
    assertThat(add(file).name()).isEqualTo("copy");
  }

  /// Bytes flipped, copied about and cut out, in the file and in its parts: 4xx or a model that
  /// answers.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void noDamageIsTheServicesFault(int seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    ModelDraft version = seed == 1 ? CLASSES : seed == 2 ? NUMBERS : BARE;
    byte[] document = Artifacts.document(version);
    byte[] weights = Artifacts.weights(version);
    int accepted = 0;
    for (int i = 0; i < 3_000; i++) {
      byte[] file =
          switch (i % 3) {
            case 0 -> damaged(zip(document, weights), random);
            case 1 -> zip(damaged(document, random), weights);
            default -> zip(document, damaged(weights, random));
          };
      try {
        ModelVersion read = add(file);
        accepted++;
        double[] cells = new double[read.predictor().cells()];
        assertThat(read.predictor().predict(cells, read.workspaces().borrow())).isNotNull();
        models.delete("copy", ANYBODY);
      } catch (ProblemException e) {
        assertThat(e.code().status()).as(e.detail()).isBetween(400, 499);
      }
    }
    // A digit of a metric may be any other.
    assertThat(accepted).isBetween(1, 2_500);
    assertThat(inFlight.held()).isZero();
  }

  private static byte[] damaged(byte[] bytes, SplittableRandom random) {
    byte[] changed = bytes.clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(4)) {
      case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> changed[at] = (byte) random.nextInt(256);
      case 2 -> {
        int from = random.nextInt(bytes.length);
        int n = Math.min(random.nextInt(1, 40), bytes.length - Math.max(at, from));
        System.arraycopy(bytes, from, changed, at, n);
      }
      default -> {
        int n = Math.min(random.nextInt(1, 40), bytes.length - at);
        changed = new byte[bytes.length - n];
        System.arraycopy(bytes, 0, changed, 0, at);
        System.arraycopy(bytes, at + n, changed, at, bytes.length - at - n);
      }
    }
    return changed;
  }
}
