package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.AveragingSpec;
import dev.backprop.engine.spec.CategoryEncodingSpec;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.Initializer;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.platform.limits.HeapShare;
import dev.backprop.platform.problem.ProblemCode;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/// What the documents list is what the program has.
class ReadmeTest {
  private static final String README = "README.md";
  private static final String ARCHITECTURE = "docs/architecture.md";
  private static final Pattern PICTURED = Pattern.compile("│ ([\\w.]+) *│ (.*?) *│");
  private static final Pattern CODE = Pattern.compile("`(\\w+)`");

  /// The defaults that depend on the heap. What stands in the table where nothing is set.
  private static final Map<String, String> UNSET =
      Map.of(
          "backprop.security.anonymous", "protected mode",
          "backprop.security.admin-key", "none",
          "backprop.webhook.secret", "none",
          "backprop.security.token.requests-per-second", "no limit",
          "backprop.security.token.concurrent-trainings", "no limit",
          "backprop.security.token.stored-bytes", "no limit");

  private static final Map<String, HeapShare> SHARES =
      Map.of(
          "backprop.dataset.max-bytes", HeapShare.DATASETS,
          "backprop.training.memory-budget", HeapShare.TRAININGS,
          "backprop.model.max-bytes", HeapShare.MODELS,
          "backprop.http.in-flight-bytes", HeapShare.IN_FLIGHT);

  @Test
  void readmeListsEveryCodeWithItsStatusAndCause() throws IOException {
    assertThat(table(README, "code"))
        .containsExactlyElementsOf(
            Arrays.stream(ProblemCode.values())
                .map(c -> List.of("`" + c.code() + "`", "" + c.status(), c.when()))
                .toList());
  }

  @Test
  void readmeListsEveryPropertyWithItsDefault() throws Exception {
    Map<String, String> expected = new LinkedHashMap<>();
    for (Class<?> type : propertyRecords()) {
      ConfigurationProperties prefix =
          Objects.requireNonNull(type.getAnnotation(ConfigurationProperties.class));
      addProperties(prefix.value(), type, expected);
    }
    Map<String, String> listed = listedProperties();
    listed.keySet().removeIf(name -> !name.startsWith("backprop."));
    assertThat(listed).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void readmeRepeatsWhatTheConfigurationFileSets() throws IOException {
    PropertySource<?> file =
        new YamlPropertySourceLoader()
            .load("application", new ClassPathResource("application.yaml"))
            .getFirst();
    Map<String, String> listed = listedProperties();
    for (String name :
        List.of(
            "server.address",
            "server.max-http-request-header-size",
            "spring.lifecycle.timeout-per-shutdown-phase")) {
      assertThat(listed).containsEntry(name, "`" + file.getProperty(name) + "`");
    }
    // Nothing else is set there, so that the framework's own defaults hold.
    assertThat(file.getProperty("server.port")).isNull();
    assertThat(listed).containsEntry("server.port", "`8080`");
    assertThat(file.getProperty("logging.structured.format.console")).isNull();
    assertThat(listed).containsEntry("logging.structured.format.console", "none");
  }

  @Test
  void readmeListsTheTypesThatATrainingCanBeToldOf() throws IOException {
    List<List<String>> listed =
        table(README, "field").stream()
            .map(row -> Arrays.stream(row.get(1).replace("`", "").split(", ", -1)).toList())
            .toList();
    assertThat(listed)
        .containsExactlyElementsOf(
            Stream.of(
                    LayerSpec.class,
                    NumberEncodingSpec.class,
                    CategoryEncodingSpec.class,
                    Activation.class,
                    Initializer.class,
                    LossSpec.class,
                    OptimizerSpec.class,
                    ScheduleSpec.class,
                    AveragingSpec.class,
                    EarlyStoppingSpec.class)
                .map(ReadmeTest::types)
                .toList());
  }

  private static List<String> types(Class<?> spec) {
    JsonSubTypes types = Objects.requireNonNull(spec.getAnnotation(JsonSubTypes.class));
    return Arrays.stream(types.value()).map(JsonSubTypes.Type::name).toList();
  }

  @Test
  void readmeDrawsThePackagesInTheirOrder() throws IOException {
    List<List<String>> pictured =
        PICTURED
            .matcher(Files.readString(Path.of(README)))
            .results()
            .map(match -> List.of(match.group(1), match.group(2)))
            .toList();
    assertThat(pictured).containsExactlyElementsOf(packages());
  }

  @Test
  void architectureListsThePackagesInTheirOrder() throws IOException {
    List<List<String>> rows = packageRows();
    assertThat(rows.stream().map(row -> List.of(name(row), row.get(2))))
        .containsExactlyElementsOf(packages());
    assertThat(rows.stream().map(List::getFirst))
        .containsExactlyElementsOf(
            Stream.iterate(1, i -> i + 1).limit(rows.size()).map(i -> "" + i).toList());
  }

  @Test
  void architectureNamesTypesThatExist() throws IOException {
    for (List<String> row : packageRows()) {
      List<String> types = CODE.matcher(row.get(3)).results().map(m -> m.group(1)).toList();
      assertThat(types).isNotEmpty();
      assertThat(types)
          .allSatisfy(type -> assertThat(sources(name(row)).resolve(type + ".java")).exists());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {README, "CONTRIBUTING.md", ARCHITECTURE, "docs/samples/README.md"})
  void linksLeadToFiles(String document) throws IOException {
    Path file = Path.of(document);
    Pattern link = Pattern.compile("\\]\\((?!https?:)([^)#]+)");
    assertThat(link.matcher(Files.readString(file)).results().map(match -> match.group(1)))
        .allSatisfy(target -> assertThat(file.resolveSibling(target)).exists());
  }

  /// The packages in their order, each with the sentence of its package-info.
  private static List<List<String>> packages() throws IOException {
    List<List<String>> packages = new ArrayList<>();
    for (String name : ArchitectureTest.ORDERED) {
      String info = Files.readString(sources(name).resolve("package-info.java"));
      String sentence =
          info.lines().filter(line -> line.startsWith("/// ")).findFirst().orElseThrow();
      packages.add(List.of(name, sentence.substring(4)));
    }
    return packages;
  }

  private static Path sources(String name) {
    return Path.of("src/main/java/dev/backprop", name.split("\\."));
  }

  private static List<List<String>> packageRows() throws IOException {
    return table(ARCHITECTURE, "#").stream().filter(row -> !row.getFirst().isEmpty()).toList();
  }

  private static String name(List<String> row) {
    return row.get(1).replace("`", "");
  }

  private static Map<String, String> listedProperties() throws IOException {
    Map<String, String> listed = new LinkedHashMap<>();
    for (List<String> row : table(README, "property")) {
      assertThat(listed.put(row.get(0).replace("`", ""), row.get(1))).as(row.get(0)).isNull();
    }
    return listed;
  }

  private static List<Class<?>> propertyRecords() {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    return scanner.findCandidateComponents("dev.backprop").stream()
        .<Class<?>>map(
            found ->
                ClassUtils.resolveClassName(
                    Objects.requireNonNull(found.getBeanClassName()),
                    ReadmeTest.class.getClassLoader()))
        .toList();
  }

  /// Adds the properties of the record and of the records in it, with the default as the README
  /// writes it.
  private static void addProperties(String prefix, Class<?> type, Map<String, String> properties)
      throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Constructor<?> constructor =
        type.getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    for (Parameter parameter : constructor.getParameters()) {
      String name = prefix + "." + dashed(parameter.getName());
      if (parameter.getType().isRecord()) {
        addProperties(name, parameter.getType(), properties);
      } else {
        properties.put(name, defaultOf(name, parameter));
      }
    }
  }

  private static String dashed(String camelCase) {
    String dashed = camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    return ConfigurationPropertyName.of(dashed).toString();
  }

  private static String defaultOf(String name, Parameter parameter) {
    DefaultValue value = parameter.getAnnotation(DefaultValue.class);
    if (value != null) {
      return value.value().length == 0 ? "none" : "`" + String.join(",", value.value()) + "`";
    }
    if (name.equals("backprop.training.threads")) {
      return "cores - 1, at least 1";
    }
    if (name.equals("backprop.training.keep-finished")) {
      return "`1000`, with a database `100000`";
    }
    if (UNSET.containsKey(name)) {
      return Objects.requireNonNull(UNSET.get(name));
    }
    HeapShare share = SHARES.get(name);
    assertThat(share).as("the default of " + name).isNotNull();
    return "%.0f %% of the heap".formatted(100 * Objects.requireNonNull(share).share());
  }

  /// The rows of the table whose head begins with that column.
  private static List<List<String>> table(String document, String firstColumn) throws IOException {
    return Files.readString(Path.of(document))
        .lines()
        .dropWhile(line -> !line.startsWith("| " + firstColumn + " |"))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
        .map(cells -> cells.subList(1, cells.size() - 1))
        .toList();
  }
}
