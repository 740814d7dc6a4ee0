package dev.backprop.service.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Refusal;
import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import dev.backprop.platform.limits.Budget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class DatasetTest extends ServiceTest {

  private static final String DATASETS = "/api/v1/datasets";

  private static final String CSV = "size,colour,ripe\n1.5,red,true\n,green,false\n3,red,\n";
  private static final String NDJSON =
      """
      {"size": 1.5, "colour": "red", "ripe": true}
      {"size": null, "colour": "green", "ripe": false}
      {"size": 3, "colour": "red"}
      """;
  private static final String JSON_ROWS =
      "{\"rows\": [" + NDJSON.strip().replace("\n", ",\n") + "]}";
  private static final String FORM =
      """
      --limit\r
      Content-Disposition: form-data; name="file"; filename="fruit.csv"\r
      Content-Type: text/csv\r
      \r
      %s\r
      --limit--\r
      """
          .formatted(CSV);
  private static final String FORM_TYPE = "multipart/form-data; boundary=limit";

  private static final String BINARY = "--data-binary @file and -H 'Content-Type: text/csv'";

  private static String field(String name, String value) {
    return "--limit\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(name, value);
  }

  @Autowired private Datasets datasets;
  @Autowired private Budget datasetBudget;

  @BeforeEach
  @AfterEach
  void deleteEverything() {
    body(get(DATASETS + "?limit=500"))
        .path("items")
        .forEach(item -> delete(DATASETS + "/" + item.path("id").asString()));
  }

  static Stream<Arguments> forms() {
    return Stream.of(
        Arguments.of("text/csv", CSV),
        Arguments.of("text/csv; charset=utf-8", CSV),
        Arguments.of("application/x-ndjson", NDJSON),
        Arguments.of("application/json", JSON_ROWS),
        Arguments.of(FORM_TYPE, FORM),
        Arguments.of(FORM_TYPE, FORM.replace("Content-Type: text/csv\r\n", "")),
        Arguments.of(
            FORM_TYPE, FORM.replace("text/csv", "application/json").replace(CSV, JSON_ROWS)),
        Arguments.of(
            FORM_TYPE, FORM.replace("text/csv", "application/x-ndjson").replace(CSV, NDJSON)));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void readsTheSameRowsFromEveryForm(String type, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    for (HttpRequest.BodyPublisher sent :
        List.of(
            HttpRequest.BodyPublishers.ofByteArray(bytes),
            HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))) {
      assertIsFruit(send(upload("fruit", type).POST(sent).build()));
    }
    assertIsFruit(
        send(
            upload("fruit", type)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Requests.gzipped(bytes)))
                .build()));
  }

  private void assertIsFruit(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    String id = body(answer).path("id").asString();
    assertThat(answer.headers().firstValue("Location").orElse("")).endsWith(DATASETS + "/" + id);
    assertThat(body(get(DATASETS + "/" + id))).isEqualTo(body(answer));
    assertThat(body(get(DATASETS + "/" + id + "/rows")).path("rows").toString())
        .isEqualTo(
            """
            [{"size":1.5,"colour":"red","ripe":true},{"size":null,"colour":"green","ripe":false},{"size":3,"colour":"red","ripe":null}]""");
  }

  @Test
  void describesADataSet() throws Exception {
    JsonNode described = uploaded("described", CSV);

    assertThat(described.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "name",
            "rows",
            "bytes",
            "sha256",
            "createdAt",
            "owner",
            "shared",
            "description",
            "tags",
            "columns",
            "missingTokens",
            "warnings");
    assertThat(described.path("name").asString()).isEqualTo("described");
    assertThat(described.path("rows").asInt()).isEqualTo(3);
    assertThat(described.path("bytes").asLong()).isPositive();
    assertThat(described.path("sha256").asString())
        .isEqualTo(
            HexFormat.of()
                .formatHex(
                    MessageDigest.getInstance("SHA-256")
                        .digest(CSV.getBytes(StandardCharsets.UTF_8))));
    assertThat(described.path("warnings")).isEmpty();
    JsonNode size = described.path("columns").path(0);
    assertThat(size.path("name").asString()).isEqualTo("size");
    assertThat(size.path("type").asString()).isEqualTo("numeric");
    assertThat(size.path("missing").asInt()).isEqualTo(1);
    assertThat(size.path("distinct").asInt()).isEqualTo(2);
    assertThat(size.path("min").asDouble()).isEqualTo(1.5);
    assertThat(size.path("max").asDouble()).isEqualTo(3);
    assertThat(size.path("mean").asDouble()).isEqualTo(2.25);
    JsonNode colour = described.path("columns").path(1);
    assertThat(colour.path("type").asString()).isEqualTo("categorical");
    assertThat(colour.path("top").path(0).toString()).contains("red").contains("2");
    assertThat(described.path("columns").path(2).path("type").asString()).isEqualTo("boolean");
  }

  @Test
  void readsPenguins() {
    JsonNode penguins = uploaded("penguins", Requests.penguinsCsv());

    assertThat(penguins.path("rows").asInt()).isEqualTo(344);
    assertThat(penguins.path("columns").valueStream().map(c -> c.path("type").asString()))
        .containsExactly(
            "categorical",
            "numeric",
            "numeric",
            "numeric",
            "numeric",
            "categorical",
            "numeric",
            "categorical");
  }

  @Test
  void listsTheNewestFirstInPages() {
    String a = uploaded("a", CSV).path("id").asString();
    String b = uploaded("b", CSV).path("id").asString();
    String c = uploaded("c", CSV).path("id").asString();

    JsonNode first = body(get(DATASETS + "?limit=2"));
    assertThat(ids(first)).containsExactly(c, b);
    first.path("items").forEach(item -> assertThat(item.has("columns")).isFalse());
    JsonNode second =
        body(get(DATASETS + "?limit=2&cursor=" + first.path("nextCursor").asString()));
    assertThat(ids(second)).containsExactly(a);
    assertThat(second.path("nextCursor").isNull()).isTrue();
    delete(DATASETS + "/" + b);
    assertThat(ids(body(get(DATASETS)))).containsExactly(c, a);
  }

  @Test
  void showsTheFirstRows() {
    String id = uploaded("rows", "n\n" + "1\n2\n".repeat(300)).path("id").asString();

    assertThat(body(get(DATASETS + "/" + id + "/rows")).path("rows")).hasSize(50);
    assertThat(body(get(DATASETS + "/" + id + "/rows?limit=500")).path("rows")).hasSize(500);
    assertThat(body(get(DATASETS + "/" + id + "/rows?limit=1")).path("rows").toString())
        .isEqualTo("[{\"n\":1}]");
    assertProblem(get(DATASETS + "/" + id + "/rows?limit=501"), 400, "invalid-parameter");
    assertProblem(get(DATASETS + "/nowhere/rows"), 404, "not-found");
  }

  @Test
  void deletesADataSetAndGivesItsBytesBack() {
    long before = datasets.bytesHeld();
    String id = uploaded("deleted", CSV).path("id").asString();
    assertThat(datasets.bytesHeld()).isGreaterThan(before);

    HttpResponse<String> answer = delete(DATASETS + "/" + id);

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(datasets.bytesHeld()).isEqualTo(before);
    assertProblem(get(DATASETS + "/" + id), 404, "not-found");
    assertProblem(delete(DATASETS + "/" + id), 404, "not-found");
  }

  @Test
  void refusesToDeleteWhatATrainingNeeds() {
    String id = uploaded("needed", Requests.penguinsCsv()).path("id").asString();
    begin(Requests.endless("needs-first"));
    String training =
        begin(
            """
            {"model": "needs", "data": {"dataset": "%s", "target": "species"}}"""
                .formatted(id));

    assertProblem(delete(DATASETS + "/" + id), 409, "in-use");
    post("/api/v1/trainings/" + training + "/cancel", "");
    ended(training);
    assertThat(delete(DATASETS + "/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void refusesWhatDoesNotFitNowAndKeepsNothingOfIt() {
    try (Budget.Claim most = datasets.reserve()) {
      most.holds(datasetBudget.limit() - datasets.bytesHeld() - 1000);
      long before = datasets.bytesHeld();

      HttpResponse<String> refused = csv("full", CSV);

      assertProblem(refused, 507, "repository-full");
      assertThat(body(refused).path("detail").asString())
          .contains(Long.toString(datasetBudget.limit()));
      assertThat(datasets.bytesHeld()).isEqualTo(before);
      assertThat(body(get(DATASETS)).path("items")).isEmpty();
    }
    assertThat(csv("full", CSV).statusCode()).isEqualTo(201);
  }

  @Test
  void readsTextAsSpreadsheetsWriteIt() {
    JsonNode table =
        uploaded(
            "spreadsheet",
            "\uFEFFname,\"a, \"\"quoted\"\"\nname\"\r\nGrün,\"two\r\nlines\"\r\n\"\",x\r\n");

    assertThat(rows(table))
        .isEqualTo(
            """
            [{"name":"Grün","a, \\"quoted\\"\\nname":"two\\r\\nlines"},{"name":null,"a, \\"quoted\\"\\nname":"x"}]""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"; | %3B", ": | :", "# | %23", "t | t", "' ' | %20"})
  void readsOtherDelimiters(String delimiter, String parameter) {
    HttpResponse<String> answer =
        send(
            "POST",
            DATASETS + "?name=delimited&delimiter=" + parameter,
            "text/csv",
            "a%1$sb\n1%1$s2,5\n".formatted(delimiter));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(rows(body(answer))).isEqualTo("[{\"a\":1,\"b\":\"2,5\"}]");
  }

  @Test
  void namesTheColumnsOfAFileWithoutAHeader() {
    HttpResponse<String> answer =
        send("POST", DATASETS + "?name=bare&header=false", "text/csv", "1,x\n2,y\n");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(rows(body(answer))).isEqualTo("[{\"c1\":1,\"c2\":\"x\"},{\"c1\":2,\"c2\":\"y\"}]");
  }

  @Test
  void takesOtherWordsForMissing() {
    HttpResponse<String> answer =
        send("POST", DATASETS + "?name=gaps&missing=-,NA", "text/csv", "a,b\n-,x\n2,?\nNA,x\n");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(rows(body(answer)))
        .isEqualTo("[{\"a\":null,\"b\":\"x\"},{\"a\":2,\"b\":\"?\"},{\"a\":null,\"b\":\"x\"}]");
  }

  /// As `curl -F name=… -F file=@…` sends it.
  @Test
  void takesItsParametersFromAForm() {
    String form =
        field("name", "größe; 1")
            + field("delimiter", ";")
            + field("decimal", ",")
            + field("missing", "-,x")
            + field("categorical", "b")
            + field("categorical", "c,d")
            + FORM.replace("text/csv", "application/octet-stream")
                .replace(CSV, "a;b;c,d;e\n1,5;007;08;-\n2;x;09;7\n");

    JsonNode dataset = body(send("POST", DATASETS, FORM_TYPE, form));

    assertThat(dataset.path("name").asString()).isEqualTo("größe; 1");
    assertThat(
            body(get(DATASETS + "/" + dataset.path("id").asString() + "/rows"))
                .path("rows")
                .toString())
        .isEqualTo(
            "[{\"a\":1.5,\"b\":\"007\",\"c,d\":\"08\",\"e\":null},{\"a\":2,\"b\":null,\"c,d\":\"09\",\"e\":7}]");
    HttpResponse<String> late =
        send(
            "POST",
            DATASETS,
            FORM_TYPE,
            FORM.replace("--limit--", field("name", "x") + "--limit--"));
    assertProblem(late, 400, "missing-parameter");
    assertThat(body(late).path("detail").asString())
        .contains("in a form it stands before the file");
    assertProblem(
        send("POST", DATASETS, FORM_TYPE, field("name", " ") + FORM), 400, "invalid-parameter");
  }

  @Test
  void warnsOfATextOfOneLineWithoutAHeader() {
    JsonNode dataset =
        body(send("POST", DATASETS + "?name=one&header=false", "text/csv", "1,x2,y"));

    assertThat(dataset.path("rows").asInt()).isEqualTo(1);
    assertThat(dataset.path("warnings").toString()).contains("the text is one line", BINARY);
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        Arguments.of("text/csv", Refusal.of("", 400, "malformed-data").saying("line 1")),
        Arguments.of("text/csv", Refusal.of("a,b\n", 422, "invalid-data").saying("at least 1 row")),
        Arguments.of(
            "text/csv", Refusal.of("a,b\n1,2\n1,2,3\n", 400, "malformed-data").saying("line 3")),
        Arguments.of(
            "text/csv", Refusal.of("a,b\n\"1\n2\",3\n1\n", 400, "malformed-data").saying("line 4")),
        Arguments.of(
            "text/csv", Refusal.of("a,b\n1,\"2\n3,4\n", 400, "malformed-data").saying("line 2")),
        Arguments.of("text/csv", Refusal.of("a,b,a\n1,2,3\n", 400, "malformed-data").saying("'a'")),
        Arguments.of("text/csv", Refusal.of("1,2\n3,4\n", 400, "malformed-data").saying("line 1")),
        Arguments.of(
            "application/x-ndjson",
            Refusal.of("{\"a\": 1}\n{\"a\": }\n", 400, "malformed-data").saying("line 2")),
        Arguments.of(
            "application/x-ndjson",
            Refusal.of("{\"a\": 1}\n[1]\n", 400, "malformed-data").saying("line 2")),
        Arguments.of(
            "application/json",
            Refusal.of("{\"rows\": [{\"a\": 1}", 400, "malformed-json").saying("line 1")),
        Arguments.of(
            "application/json",
            Refusal.of("{\"rows\": [{\"a\": [1]}]}", 400, "wrong-type").at("/rows/0/a")),
        Arguments.of(
            "application/json", Refusal.of("{\"row\": []}", 400, "unknown-field").at("/row")),
        Arguments.of("application/json", Refusal.of("[]", 400, "wrong-type").saying("an object")),
        Arguments.of(
            FORM_TYPE,
            Refusal.of(FORM.replace("\"file\"", "\"data\""), 400, "malformed-data").saying("data")),
        Arguments.of(
            FORM_TYPE,
            Refusal.of(FORM.replace("--limit--\r\n", ""), 400, "malformed-data")
                .saying("boundary")),
        Arguments.of(
            FORM_TYPE,
            Refusal.of(
                    FORM.replace("--limit--", field("missing", "x") + "--limit--"),
                    400,
                    "malformed-data")
                .saying("'missing' behind it: that must stand before the file")),
        Arguments.of(
            FORM_TYPE,
            Refusal.of(field("limit", "1") + FORM, 400, "malformed-data").saying("'limit'")),
        Arguments.of(
            FORM_TYPE,
            Refusal.of(field("name", "twice") + FORM, 400, "repeated-parameter")
                .saying("name: must be given once, was given in the query and in the form")),
        Arguments.of(
            FORM_TYPE,
            Refusal.of(
                    field("header", "true") + field("header", "true") + FORM,
                    400,
                    "repeated-parameter")
                .saying("header: must be given once, was given 2 times")),
        Arguments.of(
            FORM_TYPE,
            Refusal.of(field("missing", "x".repeat(1 << 17)) + FORM, 400, "malformed-data")
                .saying("65536 bytes")),
        Arguments.of(
            FORM_TYPE, Refusal.of(field("name", "x"), 400, "malformed-data").saying("form")),
        Arguments.of("text/csv", Refusal.of("a,b1,23,4", 400, "malformed-data").saying(BINARY)),
        Arguments.of("text/csv", Refusal.of("1,23,4", 400, "malformed-data").saying(BINARY)),
        Arguments.of("text/csv", Refusal.of("a,b,a", 400, "malformed-data").saying(BINARY)),
        Arguments.of("text/csv", Refusal.of("a,\"b", 400, "malformed-data").saying("quote")),
        Arguments.of(
            "text/csv", Refusal.of("x,".repeat(60_000), 400, "malformed-data").saying(BINARY)),
        Arguments.of(
            "application/x-ndjson",
            Refusal.of("{\"a\": 1}{\"a\": 2}", 400, "malformed-data").saying("--data-binary")),
        Arguments.of(
            "application/x-www-form-urlencoded",
            Refusal.of("a,b1,23,4", 415, "unsupported-media-type").saying(BINARY)),
        Arguments.of(FORM_TYPE, Refusal.of("nothing", 400, "malformed-data").saying("form")),
        Arguments.of("multipart/form-data", Refusal.of(FORM, 400, "malformed-data").saying("form")),
        Arguments.of(
            "text/csv; charset=koi8-r",
            Refusal.of(CSV, 415, "unsupported-media-type").saying("UTF-8")),
        Arguments.of(
            "text/csv; charset=utf-32",
            Refusal.of(CSV, 415, "unsupported-media-type").saying("UTF-8")),
        Arguments.of("text/csv; charset=klingon", Refusal.of(CSV, 415, "unsupported-media-type")),
        Arguments.of(
            "text/plain", Refusal.of(CSV, 415, "unsupported-media-type").saying("text/csv")),
        Arguments.of(
            "application/zip", Refusal.of(CSV, 415, "unsupported-media-type").saying("text/csv")));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void refusesWhatIsNoTableAndKeepsNothingOfIt(String type, Refusal refusal) {
    long before = datasets.bytesHeld();

    assertRefused(send("POST", DATASETS + "?name=refused", type, refusal.body()), refusal);
    assertThat(datasets.bytesHeld()).isEqualTo(before);
    assertThat(body(get(DATASETS)).path("items")).isEmpty();
  }

  @Test
  void refusesBytesThatAreNotUtf8WithTheirLine() {
    HttpResponse<String> answer =
        send(
            upload("latin", "text/csv")
                .POST(
                    HttpRequest.BodyPublishers.ofByteArray(
                        "name\nBlau\nGrün\n".getBytes(StandardCharsets.ISO_8859_1)))
                .build());

    assertProblem(answer, 400, "malformed-data");
    assertThat(body(answer).path("detail").asString()).contains("line 3").contains("UTF-8");
  }

  @Test
  void refusesALongUploadWhileItIsStillSent() {
    String long16MiB = "a,b\n1\n" + "1,2\n".repeat(1 << 22);

    assertProblem(csv("ragged", long16MiB), 400, "malformed-data");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | missing-parameter",
        "name= | invalid-parameter",
        "name=%20 | invalid-parameter",
        "name=a%0Ab | invalid-parameter",
        "name=01a22bbd-E446-7000-a4df-6276e3800523 | invalid-parameter",
        "name=a&delimiter=%22 | invalid-parameter",
        "name=a&delimiter=%0A | invalid-parameter",
        "name=a&delimiter=%3B%3B | invalid-parameter",
        "name=a&header=maybe | invalid-parameter",
        "name=a&separator=%3B | unknown-parameter",
        "name=a&name=b | repeated-parameter",
      })
  void refusesParametersThatCannotBe(String query, String code) {
    assertProblem(send("POST", DATASETS + "?" + query, "text/csv", CSV), 400, code);
  }

  private HttpRequest.Builder upload(String name, String type) {
    return request(DATASETS + "?name=" + name).header("Content-Type", type);
  }

  private HttpResponse<String> csv(String name, String csv) {
    return send("POST", DATASETS + "?name=" + name, "text/csv", csv);
  }

  private JsonNode uploaded(String name, String csv) {
    HttpResponse<String> answer = csv(name, csv);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return body(answer);
  }

  private String rows(JsonNode dataset) {
    return body(get(DATASETS + "/" + dataset.path("id").asString() + "/rows"))
        .path("rows")
        .toString();
  }

  private static List<String> ids(JsonNode page) {
    return page.path("items").valueStream().map(item -> item.path("id").asString()).toList();
  }

  @Test
  void histogramsTellHowValuesAreSpread() {
    StringBuilder csv = new StringBuilder("n,same,kind,flag,day,none\n");
    for (int i = 0; i < 20_000; i++) {
      csv.append(i % 1000 == 7 ? "" : Integer.toString(i % 100))
          .append(",5,k")
          .append(i % 10 == 0 ? i % 300 : i % 3)
          .append(i % 4 == 0 ? ",true," : ",false,")
          .append("2024-01-%02d,\n".formatted(1 + i % 20));
    }
    String id =
        body(send("POST", DATASETS + "?name=spread", "text/csv", csv.toString()))
            .path("id")
            .asString();
    assertThat(body(get(DATASETS + "/" + id)).at("/columns/0").has("histogram")).isFalse();

    JsonNode columns = body(get(DATASETS + "/" + id + "?histograms=true")).path("columns");
    JsonNode numbers = columns.at("/0/histogram");
    assertThat(numbers.path("edges")).hasSize(21);
    assertThat(numbers.at("/edges/0").asDouble()).isZero();
    assertThat(numbers.at("/edges/20").asDouble()).isEqualTo(99);
    assertThat(numbers.path("counts")).hasSize(20);
    assertThat(sum(numbers.path("counts"))).isEqualTo(20_000 - 20);
    assertThat(numbers.at("/counts/0").asInt()).isEqualTo(1_000); // 0 to 4
    assertThat(columns.at("/1/histogram").toString())
        .isEqualTo("{\"edges\":[5,5],\"counts\":[20000]}");
    JsonNode kinds = columns.at("/2/histogram");
    assertThat(kinds.path("values")).hasSize(20);
    assertThat(kinds.at("/values/0").asString()).isEqualTo("k0");
    assertThat(sum(kinds.path("counts")) + kinds.path("others").asInt()).isEqualTo(20_000);
    assertThat(columns.at("/3/histogram").toString())
        .isEqualTo("{\"values\":[false,true],\"counts\":[15000,5000],\"others\":0}");
    JsonNode days = columns.at("/4/histogram");
    assertThat(days.at("/edges/0").asString()).isEqualTo("2024-01-01");
    assertThat(days.at("/edges/20").asString()).isEqualTo("2024-01-20");
    assertThat(sum(days.path("counts"))).isEqualTo(20_000);
    assertThat(sum(columns.at("/5/histogram/counts"))).isZero();

    assertThat(delete(DATASETS + "/" + id).statusCode()).isEqualTo(204);
    assertProblem(get(DATASETS + "/" + id + "?histograms=true"), 404, "not-found");
    assertProblem(get(DATASETS + "/" + id + "?histograms=maybe"), 400, "invalid-parameter");
  }

  private static int sum(JsonNode counts) {
    return counts.valueStream().mapToInt(JsonNode::asInt).sum();
  }
}
