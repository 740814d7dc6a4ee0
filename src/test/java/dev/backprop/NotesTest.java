package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Descriptions and tags, from the requests that bring them to the lists that show them.
class NotesTest extends ServiceTest {

  private static final String MODELS = "/api/v1/models";
  private static final String DATASETS = "/api/v1/datasets";
  private static final String JSON_TYPE = "application/json";
  private static final String MERGE_PATCH = "application/merge-patch+json";

  private JsonNode noted(String model, String notes) {
    return succeeded("{" + notes + ", " + Requests.xor(model).substring(1));
  }

  private String uploaded(String query) {
    HttpResponse<String> answer =
        send("POST", DATASETS + "?" + query, "text/csv", "a,b\n1,2\n3,4\n");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return body(answer).path("id").asString();
  }

  private HttpResponse<String> patch(String path, String type, String json) {
    return send("PATCH", path, type, json);
  }

  private static void assertNotes(JsonNode thing, String description, List<String> tags) {
    assertThat(thing.path("description").asString("none")).isEqualTo(description);
    assertThat(thing.path("tags").valueStream().map(JsonNode::asString)).isEqualTo(tags);
  }

  private static List<String> listed(JsonNode page, String field) {
    return page.path("items").valueStream().map(item -> item.path(field).asString()).toList();
  }

  @Test
  void aVersionHasThoseOfItsTraining() {
    JsonNode training =
        noted("noted", "\"description\": \"Zwei\\nZeilen\", \"tags\": [\"é\", \"b c\"]");

    assertNotes(training, "Zwei\nZeilen", List.of("é", "b c"));
    assertNotes(
        body(get("/api/v1/trainings?model=noted")).path("items").path(0),
        "Zwei\nZeilen",
        List.of("é", "b c"));
    for (JsonNode shown :
        List.of(
            body(get(MODELS + "/noted/versions/1")),
            body(get(MODELS + "/noted")).path("current"),
            body(get(MODELS + "/noted/versions")).path("items").path(0),
            body(get(MODELS + "?limit=1")).path("items").path(0))) {
      assertNotes(shown, "Zwei\nZeilen", List.of("é", "b c"));
    }
  }

  @Test
  void changesThoseOfAVersion() {
    noted("changing", "\"description\": \"before\", \"tags\": [\"a\"]");
    String path = MODELS + "/changing/versions/1";

    HttpResponse<String> changed = patch(path, JSON_TYPE, "{\"tags\": [\"b\", \"a\"]}");
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertNotes(body(changed), "before", List.of("b", "a"));
    assertThat(get(path).body()).isEqualTo(changed.body());

    patch(path, MERGE_PATCH, "{\"description\": \"after\"}");
    assertNotes(body(get(path)), "after", List.of("b", "a"));
    patch(path, MERGE_PATCH, "{\"description\": null, \"tags\": null}");
    assertNotes(body(get(path)), "none", List.of());
    patch(path, JSON_TYPE, "{}");
    assertNotes(body(get(MODELS + "/changing/versions")).path("items").path(0), "none", List.of());
  }

  @Test
  void anImportedVersionHasThoseOfItsUpload() {
    noted("noted-origin", "\"description\": \"original\", \"tags\": [\"first\"]");
    byte[] artifact = bytes(MODELS + "/noted-origin/versions/1/artifact");

    HttpResponse<String> copied =
        send(
            request(MODELS + "/noted-copy/versions?description=copy&tags=x,%20y")
                .header("Content-Type", "application/zip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(artifact))
                .build());

    assertThat(copied.statusCode()).as(copied.body()).isEqualTo(201);
    assertNotes(body(copied), "copy", List.of("x", "y"));
    assertNotes(body(get(MODELS + "/noted-copy/versions/1")), "copy", List.of("x", "y"));
  }

  @Test
  void aDataSetHasThoseOfItsUploadAndOfChanges() {
    String id = uploaded("name=described&description=what%20it%20is&tags=t1,t2");
    String path = DATASETS + "/" + id;
    assertNotes(body(get(path)), "what it is", List.of("t1", "t2"));
    assertNotes(
        body(get(DATASETS + "?limit=1")).path("items").path(0), "what it is", List.of("t1", "t2"));

    HttpResponse<String> changed = patch(path, MERGE_PATCH, "{\"description\": null}");
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertNotes(body(changed), "none", List.of("t1", "t2"));
    assertThat(body(changed).path("columns")).hasSize(2);
    patch(path, JSON_TYPE, "{\"description\": \"new\", \"tags\": []}");
    assertNotes(body(get(path)), "new", List.of());
  }

  @Test
  void listsWhatHasATag() {
    noted("tagged-a", "\"tags\": [\"Ab_\", \"other\"]");
    noted("tagged-b", "\"tags\": [\"ab_\"]");
    noted("tagged-a", "\"tags\": [\"late\"], \"activate\": false");
    assertThat(listed(body(get(MODELS + "?tag=Ab_")), "name")).containsExactly("tagged-a");
    assertThat(listed(body(get(MODELS + "?tag=late")), "name")).isEmpty();
    assertThat(listed(body(get(MODELS + "/tagged-a/versions?tag=late")), "version"))
        .containsExactly("2");

    String one = uploaded("name=one&tags=50%25,x");
    String two = uploaded("name=two&tags=y,50%25");
    uploaded("name=three&tags=50x,X");
    JsonNode first = body(get(DATASETS + "?tag=50%25&limit=1"));
    assertThat(listed(first, "id")).containsExactly(two);
    String rest = "?tag=50%25&limit=1&cursor=" + first.path("nextCursor").asString();
    assertThat(listed(body(get(DATASETS + rest)), "id")).containsExactly(one);
    assertThat(listed(body(get(DATASETS + "?tag=x")), "id")).containsExactly(one);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"tags\": [\"a\", \"a\"]} | 422 | invalid-spec | /tags/1",
        "{\"tags\": [\"a,b\"]} | 422 | invalid-spec | /tags/0",
        "{\"tags\": [\"a\", \" b\"]} | 422 | invalid-spec | /tags/1",
        "{\"tags\": [\"\"]} | 422 | invalid-spec | /tags/0",
        "{\"tags\": [\"\\u0007\"]} | 422 | invalid-spec | /tags/0",
        "{\"tags\": [\"\\ud800\"]} | 422 | invalid-spec | /tags/0",
        "{\"description\": \"\\u0000\"} | 422 | invalid-spec | /description",
        "{\"description\": \"\\udc00x\"} | 422 | invalid-spec | /description",
        "{\"description\": \" \"} | 422 | invalid-spec | /description",
        "{\"description\": 1} | 400 | wrong-type | /description",
        "{\"tags\": \"a\"} | 400 | wrong-type | /tags",
        "{\"tags\": [null]} | 400 | wrong-type | /tags/0",
        "{\"tags\": [1]} | 400 | wrong-type | /tags/0",
        "{\"tag\": [\"a\"]} | 400 | unknown-field | /tag",
        "{\"tags\": [], \"tags\": []} | 400 | duplicate-field |",
        "[] | 400 | wrong-type |",
        "null | 400 | malformed-json |",
        "{ | 400 | malformed-json |",
      })
  void refusesAChange(String json, int status, String code, String pointer) {
    if (get(MODELS + "/strict").statusCode() == 404) {
      noted("strict", "\"description\": \"stays\"");
    }
    String dataset = uploaded("name=strict&description=stays");
    for (String path : List.of(MODELS + "/strict/versions/1", DATASETS + "/" + dataset)) {
      HttpResponse<String> refused = patch(path, JSON_TYPE, json);

      assertProblem(refused, status, code);
      if (pointer != null) {
        assertThat(body(refused).path("errors").path(0).path("pointer").asString())
            .isEqualTo(pointer);
      }
      assertNotes(body(get(path)), "stays", List.of());
    }
  }

  @Test
  void refusesWhatIsTooLongOrTooMuchWithBothNumbers() {
    String tags =
        String.join(",", IntStream.range(0, 21).mapToObj(Integer::toString).toArray(String[]::new));
    HttpResponse<String> many =
        send("POST", DATASETS + "?name=n&tags=" + tags, "text/csv", "a\n1\n");
    assertProblem(many, 400, "invalid-parameter");
    assertThat(body(many).path("detail").asString()).isEqualTo("tags: must be at most 20, were 21");
    HttpResponse<String> longTag =
        send("POST", DATASETS + "?name=n&tags=" + "x".repeat(51), "text/csv", "a\n1\n");
    assertThat(body(longTag).path("detail").asString()).contains("50", "51");
    String smiles = "😀".repeat(1_000);
    uploaded("name=long&description=" + URLEncoder.encode(smiles, StandardCharsets.UTF_8));
    HttpResponse<String> longText =
        train("{\"description\": \"" + smiles + "x\", " + Requests.xor("m").substring(1));
    assertProblem(longText, 422, "invalid-spec");
    assertThat(body(longText).path("detail").asString()).contains("1000", "1001");
    assertThat(body(longText).path("errors").path(0).path("pointer").asString())
        .isEqualTo("/description");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/models?tag=, 400, invalid-parameter",
    "/api/v1/models?tag=a%2Cb, 400, invalid-parameter",
    "/api/v1/models?tag=a&tag=b, 400, repeated-parameter",
    "/api/v1/datasets?tag=%09, 400, invalid-parameter",
  })
  void refusesATagThatThereCannotBe(String path, int status, String code) {
    assertProblem(get(path), status, code);
  }

  @Test
  void refusesAChangeOfWhatThereIsNotAndBodiesOfOtherTypes() {
    noted("typed", "\"tags\": [\"a\"]");
    String path = MODELS + "/typed/versions/";
    assertProblem(patch(path + "2", JSON_TYPE, "{}"), 404, "not-found");
    assertProblem(patch(MODELS + "/nobody/versions/1", JSON_TYPE, "{}"), 404, "not-found");
    assertProblem(patch(DATASETS + "/nobody", JSON_TYPE, "{}"), 404, "not-found");
    assertProblem(patch(path + "1", "text/plain", "{}"), 415, "unsupported-media-type");
    assertProblem(patch(MODELS + "/typed", JSON_TYPE, "{}"), 405, "method-not-allowed");
    assertProblem(
        send("POST", MODELS + "/typed/versions?tags=a,a", "application/zip", "x"),
        400,
        "invalid-parameter");
  }
}
