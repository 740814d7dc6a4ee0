package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Holds the answers that `.ci/blackbox.py --record` wrote against the description of the API,
/// which is their first line.
@EnabledIfEnvironmentVariable(named = "BACKPROP_RECORDED_ANSWERS", matches = ".+")
class RecordedAnswersTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void areAsDescribed() throws IOException {
    List<String> lines = Files.readAllLines(Path.of(System.getenv("BACKPROP_RECORDED_ANSWERS")));
    Contract contract = new Contract(lines.getFirst());
    assertThat(lines).hasSizeGreaterThan(100);
    for (String line : lines.subList(1, lines.size())) {
      JsonNode answer = JSON.readTree(line);
      String type = answer.path("type").asString();
      contract.check(
          answer.path("method").asString(),
          plain(answer.path("path").asString()),
          answer.path("status").asInt(),
          type.isEmpty() ? null : type,
          answer.path("content").asString());
    }
  }

  /// Decoded, and without parameters of its parts.
  private static String plain(String path) {
    return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8)
        .replaceAll(";[^/]*", "");
  }
}
