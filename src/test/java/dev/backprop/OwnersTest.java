package dev.backprop;

import static dev.backprop.ServiceCalls.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.storage.Databases;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// Whose data sets, models and trainings are, and what that means to others. Requests without a key
/// have the role admin here.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnersTest {

  private static final String CSV =
      IntStream.range(0, 20)
          .mapToObj(i -> i + "," + 3 * i + "\n")
          .collect(Collectors.joining("", "a,b\n", ""));

  private RunningService service;
  private KeyHolder admin;
  private KeyHolder one;
  private KeyHolder other;
  private KeyHolder predictor;
  private KeyHolder limited;

  /// As a property.
  String storage() {
    return "--backprop.data-directory=" + Databases.temporaryDirectory();
  }

  @BeforeAll
  void start() {
    service = RunningService.start(List.of(storage(), "--backprop.security.anonymous=admin"));
    admin = KeyHolder.firstAdmin(service);
    one = admin.make("\"train\"");
    other = admin.make("\"train\"");
    predictor = admin.make("\"predict\"");
    limited = admin.make("\"train\", \"modelPrefixes\": [\"x-\", \"x_\"]");
  }

  @AfterAll
  void stop() {
    service.close();
  }

  /// Of a data set, by its id or its name.
  private static String training(String model, String dataset) {
    return """
    {"model": "%s", "preset": "plain", "data": {"dataset": "%s", "target": "b"},
     "training": {"epochs": 1}}"""
        .formatted(model, dataset);
  }

  /// That a thing is not there for somebody: the answer is that for what nobody has.
  ///
  /// @param named what the answer was asked for
  /// @param unknown likewise, in the answer that is expected
  private static void assertSame(
      HttpResponse<String> answer, String named, HttpResponse<String> expected, String unknown) {
    assertThat(answer.statusCode()).isEqualTo(expected.statusCode()).isBetween(400, 499);
    assertThat(answer.body().replace(named, unknown)).isEqualTo(expected.body());
  }

  private static List<String> names(JsonNode page, String field) {
    List<String> names = new ArrayList<>();
    page.path("items").forEach(item -> names.add(item.path(field).asString()));
    return names;
  }

  private static void assertEnded(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
  }

  @Test
  void aDataSetIsSeenByItsOwnerAndAdmins() {
    String id = one.uploaded("name=alone", CSV);
    String none = "00000000-0000-7000-8000-000000000000";
    String path = "/api/v1/datasets/";

    assertThat(one.shown(path + id).path("owner").asString()).isEqualTo(one.id());
    assertThat(one.shown(path + id).path("shared").asBoolean(true)).isFalse();
    assertThat(admin.shown(path + id).path("owner").asString()).isEqualTo(one.id());
    assertThat(names(one.shown("/api/v1/datasets?limit=500"), "id")).contains(id);
    assertThat(names(admin.shown("/api/v1/datasets?limit=500"), "id")).contains(id);

    assertSame(other.get(path + id), id, other.get(path + none), none);
    assertSame(other.get(path + id + "/rows"), id, other.get(path + none + "/rows"), none);
    assertSame(other.delete(path + id), id, other.delete(path + none), none);
    assertThat(names(other.shown("/api/v1/datasets?limit=500"), "id")).doesNotContain(id);
    for (String named : List.of(id, "alone")) {
      assertSame(
          other.train(training("owned", named)), named, other.train(training("owned", none)), none);
      assertSame(
          other.train(validated("owned", named)),
          named,
          other.train(validated("owned", none)),
          none);
    }

    assertEnded(one.delete(path + id), 204);
  }

  private static String validated(String model, String dataset) {
    return """
    {"model": "%s", "data": {"rows": [%s], "target": "b"}, "validation": {"dataset": "%s"}}"""
        .formatted(
            model,
            IntStream.range(0, 20)
                .mapToObj(i -> "{\"a\": %d, \"b\": %d}".formatted(i, 3 * i))
                .collect(Collectors.joining(", ")),
            dataset);
  }

  @Test
  void whatIsSharedAllSeeAndItsOwnerDeletes() {
    String id = one.uploaded("name=common&shared=true", CSV);
    String form =
        """
        --limit\r
        Content-Disposition: form-data; name="name"\r
        \r
        form\r
        --limit\r
        Content-Disposition: form-data; name="shared"\r
        \r
        true\r
        --limit\r
        Content-Disposition: form-data; name="file"; filename="a.csv"\r
        Content-Type: text/csv\r
        \r
        %s\r
        --limit--\r
        """
            .formatted(CSV);
    HttpResponse<String> ofForm =
        one.send("POST", "/api/v1/datasets", "multipart/form-data; boundary=limit", form);
    assertThat(ServiceCalls.body(ofForm).path("shared").asBoolean()).isTrue();
    assertProblem(one.upload("name=common&shared=yes", CSV), 400, "invalid-parameter");

    String path = "/api/v1/datasets/" + id;
    assertThat(other.shown(path).path("shared").asBoolean()).isTrue();
    assertThat(other.shown(path).path("owner").asString()).isEqualTo(one.id());
    assertEnded(other.get(path + "/rows"), 200);
    assertThat(names(other.shown("/api/v1/datasets?limit=500"), "id")).contains(id);
    assertProblem(predictor.get(path), 403, "forbidden");
    one.succeeded(training("evaluated", id));
    assertEnded(evaluated(predictor, id), 200);
    assertEnded(evaluated(predictor, "common"), 200);
    assertProblem(other.delete(path), 403, "forbidden");
    assertEnded(one.delete(path), 204);
  }

  private static HttpResponse<String> evaluated(KeyHolder holder, String dataset) {
    return holder.post(
        "/api/v1/models/evaluated/evaluations", "{\"dataset\": \"%s\"}".formatted(dataset));
  }

  @Test
  void aNameIsLookedForAmongWhatIsSeen() {
    String ofOne = one.uploaded("name=twice", CSV);
    other.uploaded("name=twice", CSV);

    assertThat(one.succeeded(training("named", "twice")).path("dataset").asString())
        .isEqualTo(ofOne);
    for (String hidden : List.of(one.uploaded("name=hidden", CSV), "hidden")) {
      assertSame(
          evaluatedBy(predictor, hidden), hidden, evaluatedBy(predictor, "unknown"), "unknown");
    }
    assertProblem(admin.train(training("named", "twice")), 409, "ambiguous-name");
    one.uploaded("name=twice", CSV);
    HttpResponse<String> answer = one.train(training("named", "twice"));
    assertProblem(answer, 409, "ambiguous-name");
    assertThat(ServiceCalls.body(answer).path("ids")).hasSize(2);
  }

  private static HttpResponse<String> evaluatedBy(KeyHolder holder, String dataset) {
    return holder.post(
        "/api/v1/models/named/evaluations", "{\"dataset\": \"%s\"}".formatted(dataset));
  }

  @Test
  void whatWasMadeWithoutAKeyAllSeeAndAdminsDelete() {
    String id =
        ServiceCalls.body(service.send("POST", "/api/v1/datasets?name=nobodys", "text/csv", CSV))
            .path("id")
            .asString();
    JsonNode training = service.succeeded(Requests.xor("nobodys"));

    assertThat(one.shown("/api/v1/datasets/" + id).path("owner").isNull()).isTrue();
    assertThat(training.path("owner").isNull()).isTrue();
    assertThat(one.shown("/api/v1/models/nobodys/versions/1").path("owner").isNull()).isTrue();
    assertProblem(one.delete("/api/v1/datasets/" + id), 403, "forbidden");
    assertProblem(one.delete("/api/v1/models/nobodys"), 403, "forbidden");
    assertProblem(one.delete("/api/v1/models/nobodys/versions/1"), 403, "forbidden");
    assertEnded(admin.delete("/api/v1/datasets/" + id), 204);
    assertEnded(admin.delete("/api/v1/models/nobodys"), 204);
  }

  @Test
  void aModelIsDeletedByWhoMadeAllOfIt() throws IOException {
    JsonNode first = one.succeeded(Requests.xor("mixed"));
    other.succeeded(Requests.xor("mixed"));
    String path = "/api/v1/models/mixed";

    assertThat(first.path("owner").asString()).isEqualTo(one.id());
    assertThat(one.shown(path).at("/versions/0/owner").asString()).isEqualTo(other.id());
    assertThat(one.shown(path).at("/versions/1/owner").asString()).isEqualTo(one.id());
    assertThat(one.shown(path).at("/current/owner").asString()).isEqualTo(other.id());
    assertThat(one.shown(path + "/versions/1").path("owner").asString()).isEqualTo(one.id());
    byte[] zip = one.bytes(path + "/versions/1/artifact");
    assertThat(unzipped(zip)).contains("provenance").doesNotContain(one.id());
    HttpResponse<String> imported = other.imports("copied", zip);
    assertThat(ServiceCalls.body(imported).path("owner").asString()).isEqualTo(other.id());

    assertProblem(one.delete(path), 403, "forbidden");
    assertProblem(one.delete(path + "/versions/2"), 403, "forbidden");
    assertThat(one.shown(path).path("versions")).hasSize(2);
    assertProblem(one.delete("/api/v1/models/copied"), 403, "forbidden");
    assertProblem(one.delete(path + "/versions/3"), 404, "not-found");
    assertEnded(one.delete(path + "/versions/1"), 204);
    assertEnded(other.delete(path), 204);
    assertEnded(other.delete("/api/v1/models/copied"), 204);
  }

  private static String unzipped(byte[] zip) throws IOException {
    StringBuilder all = new StringBuilder();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      while (in.getNextEntry() != null) {
        all.append(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void aKeyThatIsLimitedToNamesSeesNoOthers() {
    JsonNode hidden = one.succeeded(Requests.xor("secret"));
    JsonNode shown = limited.succeeded(Requests.xor("x-mine"));
    one.succeeded(Requests.xor("x_theirs"));
    one.succeeded(Requests.xor("xx"));
    String id = hidden.path("id").asString();
    String none = "00000000-0000-7000-8000-000000000000";

    for (String path :
        List.of("", "/predictions?inputs=0,1", "/schema", "/versions/1", "/versions/1/artifact")) {
      assertSame(
          limited.get("/api/v1/models/secret" + path),
          "secret",
          limited.get("/api/v1/models/nobody" + path),
          "nobody");
    }
    for (String path : List.of("", "/versions/1")) {
      assertSame(
          limited.delete("/api/v1/models/secret" + path),
          "secret",
          limited.delete("/api/v1/models/nobody" + path),
          "nobody");
    }
    assertProblem(
        limited.send(
            "PUT", "/api/v1/models/secret/current", "application/json", "{\"version\": 1}"),
        404,
        "not-found");
    assertProblem(
        limited.post("/api/v1/models/secret/predictions", "{\"inputs\": [[0, 1]]}"),
        404,
        "not-found");
    for (String path : List.of("", "/events")) {
      assertSame(
          limited.get("/api/v1/trainings/" + id + path),
          id,
          limited.get("/api/v1/trainings/" + none + path),
          none);
    }
    for (String path : List.of("/cancel", "/finish")) {
      assertSame(
          limited.post("/api/v1/trainings/" + id + path, ""),
          id,
          limited.post("/api/v1/trainings/" + none + path, ""),
          none);
    }
    assertSame(
        limited.delete("/api/v1/trainings/" + id),
        id,
        limited.delete("/api/v1/trainings/" + none),
        none);
    assertSame(
        limited.train(goingOn("x-on", "secret")),
        "secret",
        limited.train(goingOn("x-on", "nobody")),
        "nobody");
    assertEnded(limited.get("/api/v1/trainings/" + shown.path("id").asString()), 200);
    assertEnded(limited.get("/api/v1/models/x_theirs/predictions?inputs=0,1"), 200);
    assertProblem(limited.delete("/api/v1/models/x_theirs"), 403, "forbidden");
  }

  private static String goingOn(String model, String from) {
    return """
    {"model": "%s", "data": %s, "warmStart": {"model": "%s"}, "training": {"epochs": 1}}"""
        .formatted(model, Requests.XOR_DATA, from);
  }

  @Test
  void aKeyThatIsLimitedToNamesMakesNoOthers() {
    one.succeeded(Requests.xor("exported"));
    byte[] zip = one.bytes("/api/v1/models/exported/versions/1/artifact");

    assertProblem(limited.train(Requests.xor("exported")), 403, "forbidden");
    assertProblem(limited.train(Requests.xor("new")), 403, "forbidden");
    assertProblem(
        limited.post("/api/v1/trainings?validateOnly=true", Requests.xor("new")), 403, "forbidden");
    assertProblem(limited.imports("exported", zip), 403, "forbidden");
    assertProblem(limited.imports("new", zip), 403, "forbidden");
    assertThat(one.shown("/api/v1/models/exported").path("versions")).hasSize(1);
    assertProblem(one.get("/api/v1/models/new"), 404, "not-found");
    assertThat(limited.imports("x-imported", zip).statusCode()).isEqualTo(201);
  }

  @Test
  void pagesAreFullWhateverIsHidden() {
    KeyHolder some = admin.make("\"train\", \"modelPrefixes\": [\"page-\"]");
    for (int i = 0; i < 3; i++) {
      one.succeeded(Requests.xor("page-" + i));
      one.succeeded(Requests.xor("other-" + i));
      one.uploaded("name=own-%d".formatted(i), CSV);
      other.uploaded("name=paged-%d&shared=true".formatted(i), CSV);
    }
    for (String path : List.of("/api/v1/models?limit=2", "/api/v1/trainings?limit=2")) {
      String field = path.contains("models") ? "name" : "model";
      JsonNode first = some.shown(path);
      assertThat(names(first, field)).containsExactly("page-2", "page-1");
      JsonNode next = some.shown(path + "&cursor=" + first.path("nextCursor").asString());
      assertThat(names(next, field)).containsExactly("page-0");
      assertThat(next.path("nextCursor").isNull()).isTrue();
    }
    assertThat(names(some.shown("/api/v1/trainings?model=other-0"), "model")).isEmpty();
    JsonNode first = some.shown("/api/v1/datasets?limit=2");
    assertThat(names(first, "name")).containsExactly("paged-2", "paged-1");
  }

  @Test
  void anAdminMayBeLimitedToNamesToo() {
    KeyHolder some = admin.make("\"admin\", \"modelPrefixes\": [\"team-\"]");
    one.succeeded(Requests.xor("outside"));
    one.succeeded(Requests.xor("team-a"));

    assertProblem(some.delete("/api/v1/models/outside"), 404, "not-found");
    assertProblem(some.train(Requests.xor("outside")), 403, "forbidden");
    assertEnded(some.delete("/api/v1/models/team-a"), 204);
    assertEnded(some.get("/api/v1/datasets/" + one.uploaded("name=seen", CSV)), 200);
  }

  @Test
  void anIdempotencyKeyBelongsToItsCaller() {
    String body = Requests.xor("idempotent");

    List<String> ids = new ArrayList<>();
    for (KeyHolder holder : List.of(one, other, one)) {
      HttpResponse<String> answer = holder.train(body, "Idempotency-Key", "same");
      assertEnded(answer, 202);
      ids.add(ServiceCalls.body(answer).path("id").asString());
    }
    HttpResponse<String> withoutKey = service.train(body, "Idempotency-Key", "same");
    ids.add(ServiceCalls.body(withoutKey).path("id").asString());

    assertThat(ids.get(2)).isEqualTo(ids.get(0));
    assertThat(List.of(ids.get(0), ids.get(1), ids.get(3))).doesNotHaveDuplicates();
    assertProblem(
        other.train(Requests.xor("another"), "Idempotency-Key", "same"),
        422,
        "idempotency-key-reused");
    ids.forEach(service::ended);
  }

  @Test
  void aKeyHasSoManyTrainingsAtOnce() {
    KeyHolder some = admin.make("\"train\", \"concurrentTrainings\": 2");
    List<String> running =
        List.of(some.begin(Requests.endless("many")), some.begin(Requests.endless("many")));

    HttpResponse<String> third = some.train(Requests.endless("many"));
    assertProblem(third, 429, "quota-reached");
    assertThat(third.body()).contains("may have 2 trainings that wait or run, and has 2");
    assertThat(third.headers().firstValue("Retry-After")).hasValue("10");
    assertThat(third.headers().firstValue("RateLimit")).hasValue("\"trainings\";r=0;t=10");
    assertThat(third.headers().firstValue("RateLimit-Policy")).hasValue("\"trainings\";q=2");
    String ofOther = other.begin(Requests.endless("many"));

    assertEnded(some.cancel(running.getFirst()), 202);
    service.ended(running.getFirst());
    String last = some.begin(Requests.endless("many"));
    for (String id : List.of(running.getLast(), ofOther, last)) {
      admin.cancel(id);
      service.ended(id);
    }
  }

  @Test
  void aKeyKeepsSoManyBytes() {
    long bytes =
        one.shown("/api/v1/datasets/" + one.uploaded("name=size", CSV)).path("bytes").asLong();
    long most = 2 * bytes + bytes / 2;
    KeyHolder some = admin.make("\"train\", \"storedBytes\": " + most);
    String first = some.uploaded("name=first", CSV);
    some.uploaded("name=second", CSV);

    HttpResponse<String> third = some.upload("name=third", CSV);
    assertProblem(third, 507, "quota-exceeded");
    assertThat(third.body())
        .contains("have %d of at most %d bytes, %d more".formatted(2 * bytes, most, bytes));
    assertThat(names(some.shown("/api/v1/datasets?limit=500"), "name")).doesNotContain("third");
    assertProblem(
        some.train("{\"model\": \"own\", \"data\": {%s}}".formatted(Requests.bareRows(100))),
        507,
        "quota-exceeded");
    one.succeeded(Requests.xor("weighty"));
    byte[] zip = one.bytes("/api/v1/models/weighty/versions/1/artifact");
    assertProblem(some.imports("own", zip), 507, "quota-exceeded");
    assertProblem(some.get("/api/v1/models/own"), 404, "not-found");

    // A version counts as soon as it is there; what is used up is used up.
    some.succeeded(training("own", "first"));
    assertProblem(some.train(training("own", "first")), 507, "quota-exceeded");
    assertEnded(some.delete("/api/v1/datasets/" + first), 204);
    assertEnded(some.delete("/api/v1/models/own"), 204);
    some.uploaded("name=third", CSV);
  }

  @Test
  void aKeyWithoutBytesKeepsNothing() {
    KeyHolder none = admin.make("\"train\", \"storedBytes\": 0");

    assertProblem(none.upload("name=none", CSV), 507, "quota-exceeded");
    assertProblem(none.train(Requests.xor("none")), 507, "quota-exceeded");
    assertEnded(none.post("/api/v1/trainings?validateOnly=true", Requests.xor("none")), 200);
  }
}
