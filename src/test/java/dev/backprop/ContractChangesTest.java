package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The description of the API takes nothing away from clients of the last version; and such a
/// change would be seen.
class ContractChangesTest extends ServiceTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void takesNothingAwayFromClients() throws IOException {
    assertThat(ContractChanges.between(newest(), body(get("/v3/api-docs")))).isEmpty();
  }

  @Test
  void theNewestDescriptionIsThatOfThisVersionOrOfAFormerOne() throws IOException {
    JsonNode running = body(get("/v3/api-docs"));
    int[] version = numbers(running.at("/info/version").asString());
    assertThat(Arrays.compare(numbers(newest().at("/info/version").asString()), version))
        .isLessThanOrEqualTo(0);
    assertThat(Files.readString(Path.of("CHANGELOG.md")))
        .contains("## " + running.at("/info/version").asString());
  }

  @Test
  void seesAnOperationThatIsGone() throws IOException {
    ObjectNode after = newest();
    ((ObjectNode) after.at("/paths/~1api~1v1~1models~1{name}")).remove("delete");
    assertThat(changes(after)).containsExactly("delete /api/v1/models/{name}: is gone");
  }

  @Test
  void seesAFieldThatIsGone() throws IOException {
    ObjectNode after = newest();
    ((ObjectNode) after.at("/components/schemas/Training/properties")).remove("startedAt");
    assertThat(changes(after)).contains("Training.startedAt: is gone");
  }

  @Test
  void seesAValueOfAnEnumThatIsGone() throws IOException {
    ObjectNode after = newest();
    ((ArrayNode) after.at("/components/schemas/JobState/enum")).remove(0);
    assertThat(changes(after)).containsExactly("JobState: value queued is gone");
  }

  @Test
  void seesATypeThatChanged() throws IOException {
    ObjectNode after = newest();
    ((ObjectNode) after.at("/components/schemas/Dataset/properties/rows")).put("type", "string");
    assertThat(changes(after)).containsExactly("Dataset.rows: type was \"integer\", is \"string\"");
  }

  @Test
  void seesAFieldThatBecameNeeded() throws IOException {
    ObjectNode after = newest();
    ((ArrayNode) after.at("/components/schemas/TrainingRequest/required")).add("preset");
    assertThat(changes(after)).containsExactly("TrainingRequest: needs preset");
  }

  @Test
  void seesAParameterThatBecameNeededOrIsGone() throws IOException {
    ObjectNode after = newest();
    ((ObjectNode) after.at("/components/parameters/cursor")).put("required", true);
    ((ObjectNode) after.at("/components/parameters/limit")).put("name", "size");
    assertThat(changes(after))
        .contains(
            "get /api/v1/trainings: needs query cursor",
            "get /api/v1/trainings: takes no query limit");
  }

  @Test
  void seesABoundThatBecameNarrower() throws IOException {
    ObjectNode after = newest();
    ((ObjectNode) after.at("/components/schemas/TrainingSpec/properties/epochs"))
        .put("maximum", 100);
    assertThat(changes(after)).containsExactly("TrainingSpec.epochs: maximum was 10000, is 100");
  }

  @Test
  void aNewFieldAndAKeyAreNoBreaks() throws IOException {
    ObjectNode after = newest();
    ((ObjectNode) after.at("/components/schemas/Dataset/properties"))
        .putObject("colour")
        .put("type", "string");
    after.putArray("security").addObject().putArray("key");
    assertThat(changes(after)).isEmpty();
  }

  private static List<String> changes(JsonNode after) throws IOException {
    return ContractChanges.between(newest(), after);
  }

  private static ObjectNode newest() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("docs", "openapi"))) {
      Path newest =
          files
              .max(
                  Comparator.comparing(
                      file -> numbers(file.getFileName().toString().replace(".json", "")),
                      Arrays::compare))
              .orElseThrow();
      return (ObjectNode) JSON.readTree(Files.readString(newest));
    }
  }

  private static int[] numbers(String version) {
    return Stream.of(version.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
  }
}
