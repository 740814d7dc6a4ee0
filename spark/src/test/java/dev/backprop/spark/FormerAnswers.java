package dev.backprop.spark;

import dev.backprop.platform.json.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/// What a former version of the service answered to a table: the fixtures of the service's own
/// tests.
///
/// @param artifact the file of the version
/// @param question a table in CSV
/// @param answers the columns of each row's answer
record FormerAnswers(String artifact, String question, List<Map<String, Object>> answers) {

  static FormerAnswers of(int format, String model) throws IOException {
    Path home = Path.of("../src/test/resources/formats", Integer.toString(format));
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(home.resolve("answers.json.gz")))) {
      for (JsonNode asked : StrictJson.mapper().readTree(in)) {
        if (asked.path("path").asString("").equals("/api/v1/models/" + model + "/predictions")
            && asked.path("type").asString("").equals("text/csv")) {
          List<Map<String, Object>> answers = new ArrayList<>();
          asked.path("answer").path("predictions").forEach(each -> answers.add(columns(each)));
          return new FormerAnswers(
              home.resolve(model + ".zip").toString(), asked.path("body").asString(), answers);
        }
      }
    }
    throw new IllegalStateException(home + " has no answers of " + model);
  }

  private static Map<String, Object> columns(JsonNode answer) {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("prediction", answer.path("prediction").asString());
    answer
        .path("probabilities")
        .forEachEntry((label, value) -> columns.put("probability_" + label, value.asDouble()));
    answer
        .path("quantiles")
        .forEachEntry((tau, value) -> columns.put("quantile_" + tau, value.asDouble()));
    return columns;
  }
}
