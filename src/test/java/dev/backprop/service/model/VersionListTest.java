package dev.backprop.service.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class VersionListTest extends ServiceTest {

  private static final String MODELS = "/api/v1/models";

  private void version(String model) {
    succeeded(Requests.xor(model));
  }

  private static List<Integer> numbers(JsonNode page) {
    return page.path("items").valueStream().map(item -> item.path("version").asInt()).toList();
  }

  @Test
  void listsTheNewestFirstInPages() {
    for (int i = 0; i < 3; i++) {
      version("listed-in-pages");
    }
    send("PUT", MODELS + "/listed-in-pages/current", "application/json", "{\"version\": 2}");

    HttpResponse<String> answer = get(MODELS + "/listed-in-pages/versions?limit=2");
    JsonNode first = body(answer);
    assertThat(numbers(first)).containsExactly(3, 2);
    String next = first.path("nextCursor").asString();
    assertThat(answer.headers().firstValue("Link"))
        .contains(
            "</api/v1/models/listed-in-pages/versions?limit=2&cursor=" + next + ">; rel=\"next\"");
    JsonNode second = body(get(MODELS + "/listed-in-pages/versions?limit=2&cursor=" + next));
    assertThat(numbers(second)).containsExactly(1);
    assertThat(second.path("nextCursor").isNull()).isTrue();

    List<Boolean> current = new ArrayList<>();
    first.path("items").forEach(item -> current.add(item.path("current").asBoolean()));
    assertThat(current).containsExactly(false, true);
    JsonNode item = second.path("items").path(0);
    JsonNode card = body(get(item.path("self").asString()));
    for (String field : List.of("model", "version", "createdAt", "bytes", "owner")) {
      assertThat(item.path(field)).as(field).isEqualTo(card.path(field));
    }
    assertThat(item.path("trainingId")).isEqualTo(card.path("provenance").path("trainingId"));
  }

  @ParameterizedTest
  @CsvSource({
    "nobody/versions, 404, not-found",
    "A/versions, 400, invalid-parameter",
    "refusing/versions?limit=0, 400, invalid-parameter",
    "refusing/versions?limit=501, 400, invalid-parameter",
    "refusing/versions?cursor=x, 400, invalid-cursor",
    "refusing/versions?page=2, 400, unknown-parameter",
  })
  void refuses(String path, int status, String code) {
    if (get(MODELS + "/refusing").statusCode() == 404) {
      version("refusing");
    }

    assertProblem(get(MODELS + "/" + path), status, code);
  }
}
