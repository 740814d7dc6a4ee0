package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// Equal rows are answered equally, by whatever way they come, wherever they stand.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EqualRowsServiceTest extends ServiceTest {

  private static final String PREDICTIONS = "/api/v1/models/det/predictions";

  private static final String ROW =
      "{\"a\": 0.326698242651259, \"b\": 0.42888627140750624, \"c\": \"q\"}";
  private static final String OTHER =
      "{\"a\": 0.8479840747120673, \"b\": 5.168169660248393, \"c\": \"p\"}";
  private static final String LINE = "0.326698242651259,0.42888627140750624,q\n";
  private static final String OTHER_LINE = "0.8479840747120673,5.168169660248393,p\n";

  @BeforeAll
  void train() throws IOException {
    JsonNode training = trained(resource("seven-equal-rows-training.json"));
    assertThat(training.path("state").asString()).as(training.toString()).isEqualTo("succeeded");
  }

  @Test
  void sevenEqualRowsGetOneAnswerThatIsTheAnswerToARowAlone() throws IOException {
    JsonNode predictions =
        body(post(PREDICTIONS, resource("seven-equal-rows.json"))).path("predictions");

    assertThat(predictions).hasSize(7).allMatch(answer -> answer.equals(predictions.path(0)));
    assertThat(predictions.path(0).path("prediction")).isEqualTo(alone());
  }

  @Test
  void everyWayGivesThatAnswerAmongOtherRowsToo() {
    JsonNode alone = alone();
    for (int count : new int[] {1, 2, 5, 13, 255, 256, 257, 700}) {
      List<JsonNode> answers = new ArrayList<>();
      body(post(PREDICTIONS, "{\"rows\": [" + rows(ROW, OTHER, count, ",") + "]}"))
          .path("predictions")
          .forEach(answers::add);
      body(send("POST", PREDICTIONS, "text/csv", "a,b,c\n" + rows(LINE, OTHER_LINE, count, "")))
          .path("predictions")
          .forEach(answers::add);
      body(send("POST", PREDICTIONS, "application/x-ndjson", rows(ROW, OTHER, count, "\n")))
          .path("predictions")
          .forEach(answers::add);

      assertThat(answers).hasSize(3 * count);
      for (int i = 0; i < answers.size(); i++) {
        if (isRow(i % count)) {
          assertThat(answers.get(i).path("prediction")).as("%d of %d", i, count).isEqualTo(alone);
        }
      }
    }
  }

  private static boolean isRow(int i) {
    return i % 3 != 1;
  }

  private static String rows(String row, String other, int count, String between) {
    return IntStream.range(0, count)
        .mapToObj(i -> isRow(i) ? row : other)
        .collect(Collectors.joining(between));
  }

  private JsonNode alone() {
    return body(get(PREDICTIONS + "?a=0.326698242651259&b=0.42888627140750624&c=q"))
        .path("prediction");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(EqualRowsServiceTest.class.getResourceAsStream("/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
