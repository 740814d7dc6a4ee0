package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.AveragingSpec;
import dev.backprop.engine.spec.CategoryEncodingSpec;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.Initializer;
import dev.backprop.engine.spec.Interval;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.service.dataset.BodyParameters;
import dev.backprop.service.intake.SchemaRequest;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The table of options is what the specs are: names, settings, defaults, and intervals, whose ends
/// are tried.
class OptionsDocumentTest {

  private static final JsonMapper JSON = StrictJson.mapper();

  private static final Pattern SETTING =
      Pattern.compile("`(\\w+)` (.+?)(?: ([\\[(])(\\S+), (\\S+)([\\])]))?");

  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "numbers", NumberEncodingSpec.class,
          "categories", CategoryEncodingSpec.class,
          "layer", LayerSpec.class,
          "activation", Activation.class,
          "initializer", Initializer.class,
          "loss", LossSpec.class,
          "optimizer", OptimizerSpec.class,
          "schedule", ScheduleSpec.class,
          "averaging", AveragingSpec.class,
          "early stopping", EarlyStoppingSpec.class);

  /// A line of the table.
  record Option(String kind, String name, String settings) {
    @Override
    public String toString() {
      return kind + " " + name;
    }

    Class<?> spec() {
      return Objects.requireNonNull(KINDS.get(kind));
    }

    Class<?> type() {
      return types(spec())
          .filter(type -> type.name().equals(name))
          .findFirst()
          .orElseThrow()
          .value();
    }

    List<Setting> list() {
      return settings.isEmpty()
          ? List.of()
          : Arrays.stream(settings.split("; ", -1)).map(Setting::of).toList();
    }

    /// The option's JSON with its required settings and one more.
    String json(@Nullable String setting, String value) {
      StringBuilder json = new StringBuilder("{\"type\": \"" + name + "\"");
      for (Setting other : list()) {
        if (other.required() && !other.name.equals(setting)) {
          String some =
              switch (other.name) {
                case "rate" -> "0";
                case "layers" -> "[\"layer-norm\"]";
                default -> "1";
              };
          json.append(", \"%s\": %s".formatted(other.name, some));
        }
      }
      return json + (setting == null ? "}" : ", \"%s\": %s}".formatted(setting, value));
    }
  }

  /// An end of an interval.
  ///
  /// @param included whether it is part of the interval
  record End(String value, boolean included) {}

  /// @param from null if there is no interval
  record Setting(String name, String value, @Nullable End from, @Nullable End to) {

    static Setting of(String text) {
      Matcher matcher = SETTING.matcher(text);
      assertThat(matcher.matches()).as(text).isTrue();
      boolean bounded = matcher.group(4) != null;
      return new Setting(
          matcher.group(1),
          matcher.group(2),
          bounded ? new End(matcher.group(4), matcher.group(3).equals("[")) : null,
          bounded ? new End(matcher.group(5), matcher.group(6).equals("]")) : null);
    }

    boolean required() {
      return value.equals("required");
    }
  }

  private static Stream<JsonSubTypes.Type> types(Class<?> spec) {
    return Arrays.stream(Objects.requireNonNull(spec.getAnnotation(JsonSubTypes.class)).value());
  }

  /// The kinds by their headings.
  private static final Map<String, String> SECTIONS =
      Map.ofEntries(
          Map.entry("Encodings of numbers", "numbers"),
          Map.entry("Encodings of categories", "categories"),
          Map.entry("Layers", "layer"),
          Map.entry("Activations", "activation"),
          Map.entry("Initializers", "initializer"),
          Map.entry("Losses", "loss"),
          Map.entry("Optimizers", "optimizer"),
          Map.entry("Schedules", "schedule"),
          Map.entry("Averaging", "averaging"),
          Map.entry("Early stopping", "early stopping"),
          Map.entry("Encoding", "encoding"),
          Map.entry("Network", "network"),
          Map.entry("Training", "training"),
          Map.entry("Ensemble", "ensemble"),
          Map.entry("Data", "data"),
          Map.entry("Validation", "validation"),
          Map.entry("How a body with rows is written", "body"));

  private static List<Option> table() throws IOException {
    List<Option> options = new ArrayList<>();
    String kind = "";
    for (String line : Files.readAllLines(Path.of("docs/options.md"))) {
      if (line.startsWith("## ")) {
        kind = SECTIONS.getOrDefault(line.substring(3), "");
      } else if (line.startsWith("| `") && !kind.isEmpty()) {
        List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
        options.add(new Option(kind, cells.get(1).replace("`", ""), cells.get(2)));
      }
    }
    return options;
  }

  @Test
  void noCellIsAWall() throws IOException {
    for (String line : Files.readAllLines(Path.of("docs/options.md"))) {
      if (line.startsWith("|")) {
        assertThat(line.split("\\|", -1)).allMatch(cell -> cell.strip().length() <= 300, line);
      }
    }
  }

  static List<Option> options() throws IOException {
    return table().stream().filter(option -> KINDS.containsKey(option.kind)).toList();
  }

  private static List<String> names(String kind) throws IOException {
    return table().stream().filter(o -> o.kind.equals(kind)).map(Option::name).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "numbers",
        "categories",
        "layer",
        "activation",
        "initializer",
        "loss",
        "optimizer",
        "schedule",
        "averaging",
        "early stopping"
      })
  void listsEveryTypeOfAKind(String kind) throws IOException {
    assertThat(names(kind))
        .containsExactlyInAnyOrderElementsOf(
            types(Objects.requireNonNull(KINDS.get(kind))).map(JsonSubTypes.Type::name).toList());
  }

  @ParameterizedTest
  @ValueSource(
      classes = {EncodingSpec.class, NetworkSpec.class, TrainingSpec.class, EnsembleSpec.class})
  void listsEveryFieldOfWhatIsFitted(Class<?> record) throws IOException {
    assertThat(names(record.getSimpleName().replace("Spec", "").toLowerCase(Locale.ROOT)))
        .containsExactlyElementsOf(
            Arrays.stream(record.getRecordComponents()).map(RecordComponent::getName).toList());
  }

  @Test
  void listsEveryOptionOfABody() throws IOException {
    assertThat(names("body"))
        .containsExactlyElementsOf(
            Stream.concat(
                    Arrays.stream(BodyParameters.class.getRecordComponents())
                        .map(RecordComponent::getName),
                    Stream.of("categorical (uploads)", "keep (uploads)"))
                .toList());
  }

  @Test
  void listsEveryFieldOfDataAndValidation() throws IOException {
    JsonNode schemas = describedSchemas();
    assertThat(names("data").stream().filter(name -> !name.contains(".")))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of("RowsData", "DatasetData", "NumbersData")
                .flatMap(form -> schemas.path(form).path("properties").propertyNames().stream())
                .distinct()
                .toList());
    assertThat(names("validation"))
        .containsExactlyElementsOf(schemas.at("/Validation/properties").propertyNames());
  }

  @Test
  void theSchemaHasEveryTypeOfAColumn() throws IOException {
    JsonNode types = describedSchemas().at("/ColumnUse/properties/type/enum");
    assertThat(types).isEqualTo(JSON.valueToTree(SchemaRequest.ColumnUse.Type.values()));
  }

  private static JsonNode describedSchemas() throws IOException {
    return JSON.readTree(Files.readString(Path.of("src/main/resources/openapi/operations.json")))
        .at("/components/schemas");
  }

  @ParameterizedTest
  @MethodSource("options")
  void listsEverySettingWithItsDefault(Option option) throws Exception {
    Object read = JSON.readValue(option.json(null, ""), option.spec());
    List<String> names = new ArrayList<>();
    for (RecordComponent component : option.type().getRecordComponents()) {
      names.add(component.getName());
      Object actual = component.getAccessor().invoke(read);
      for (Setting setting : option.list()) {
        if (setting.name.equals(component.getName()) && !setting.required()) {
          checkDefault(setting, actual);
        }
      }
    }
    assertThat(option.list().stream().map(Setting::name)).containsExactlyElementsOf(names);
  }

  private static void checkDefault(Setting setting, @Nullable Object actual) {
    switch (actual) {
      case Number number ->
          assertThat(number.doubleValue())
              .as(setting.name)
              .isEqualTo(Double.parseDouble(setting.value));
      case null -> assertThat(setting.value).isEqualTo("none");
      case Boolean flag -> assertThat(setting.value).isEqualTo(flag.toString());
      case Activation activation ->
          assertThat(activation)
              .isEqualTo(JSON.readValue("\"" + setting.value + "\"", Activation.class));
      case Initializer initializer -> {
        if (!setting.value.startsWith("that of")) {
          assertThat(initializer)
              .isEqualTo(JSON.readValue("\"" + setting.value + "\"", Initializer.class));
        }
      }
      default -> throw new IllegalArgumentException("a default of " + actual.getClass());
    }
  }

  /// Inside an end of an interval is taken, outside refused.
  @ParameterizedTest
  @MethodSource("options")
  void intervalsAreThoseOfTheSpecs(Option option) throws Exception {
    for (RecordComponent component : option.type().getRecordComponents()) {
      Setting setting =
          option.list().stream()
              .filter(s -> s.name.equals(component.getName()))
              .findFirst()
              .orElseThrow();
      boolean number =
          List.of(int.class, Integer.class, double.class, Double.class)
              .contains(component.getType());
      assertThat(setting.from != null).as("interval of %s", setting.name).isEqualTo(number);
      checkInterval(setting, component.getAnnotation(Interval.class));
      if (setting.from != null && setting.to != null) {
        BigDecimal step =
            new BigDecimal(
                List.of(int.class, Integer.class).contains(component.getType()) ? "1" : "1e-7");
        checkEnd(option, setting, setting.from, step.negate());
        checkEnd(option, setting, setting.to, step);
      }
    }
  }

  /// An end that is another setting is no number, which the description of the API has.
  private static void checkInterval(Setting setting, @Nullable Interval said) {
    if (setting.from == null || setting.to == null) {
      assertThat(said).isNull();
    } else if (Stream.of(setting.from, setting.to)
        .allMatch(end -> end.value.matches("[\\d.]+|∞"))) {
      assertThat(Objects.requireNonNull(said).value())
          .isEqualTo(
              "%s%s, %s%s"
                  .formatted(
                      setting.from.included ? "[" : "(",
                      setting.from.value,
                      setting.to.value,
                      setting.to.included ? "]" : ")"));
    }
  }

  /// @param outwards a small step that leaves the interval
  private static void checkEnd(Option option, Setting setting, End end, BigDecimal outwards) {
    if (end.value.equals("∞")) {
      assertRefused(option, setting, "1e400");
    } else if (end.value.matches("[\\d.]+")) { // else another setting
      BigDecimal bound = new BigDecimal(end.value);
      assertTaken(
          option, setting, (end.included ? bound : bound.subtract(outwards)).toPlainString());
      assertRefused(option, setting, (end.included ? bound.add(outwards) : bound).toPlainString());
    }
  }

  private static void assertTaken(Option option, Setting setting, String value) {
    assertThat((Object) JSON.readValue(option.json(setting.name, value), option.spec()))
        .isInstanceOf(option.type());
  }

  private static void assertRefused(Option option, Setting setting, String value) {
    assertThatThrownBy(() -> JSON.readValue(option.json(setting.name, value), option.spec()))
        .as("%s of %s, %s", setting.name, option, value)
        .hasMessageContaining("/" + setting.name + ": must be");
  }
}
