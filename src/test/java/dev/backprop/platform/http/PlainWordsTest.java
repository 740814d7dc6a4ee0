package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/// What goes wrong is told in the service's own words, and to whoever misspelt a field which one
/// was meant.
class PlainWordsTest extends ServiceTest {

  /// Words of the libraries, names of classes and of constants, and what a fault of the service
  /// would say.
  private static final Pattern LIBRARY =
      Pattern.compile(
          "(?i:jackson|jsonparser|feature|unexpected|unrecognized|expecting|servlet|tomcat|coyote"
              + "|\\bspring|hikari|sqlite|postgres|jdbc|exception|deserializ|cannot|content to map"
              + "|\\btokens?\\b|creator|inflat|huffman|bit length|block type|stored block"
              + "|end-of-input|\\bclass\\b|non-standard|ctrl-char|start marker|malformed input)"
              + "|\\b(?:java|javax|jakarta|org|tools|dev|com)\\.[a-z]|\\b[A-Z]{2,}_[A-Z_]+\\b"
              + "|\\b(?:[A-Z][a-z]+){2,}\\b");

  /// Words with capital letters inside that are no class's.
  private static final Pattern OWN = Pattern.compile("'[^']*'|Content-Type|Idempotency-Key");

  private static final List<String> BODIES =
      List.of(
          "",
          " ",
          "{",
          "[",
          "]",
          "{}",
          "[]",
          "null",
          "1",
          "true",
          "\"x\"",
          "nonsense",
          "<html>",
          "{\"a\": NaN}",
          "{\"rows\": [{\"x\": NaN}]}",
          "{\"rows\": [{\"x\": -Infinity}]}",
          "{\"inputs\": [[NaN]]}",
          "{\"rows\": [{\"x\": 1},]}",
          "{\"rows\": [{\"x\": 1}",
          "{\"rows\": [{\"x\": [1]}]}",
          "{\"rows\": [[1]]}",
          "{\"rows\": 5}",
          "{\"rows\": [{\"x\": 1e999999999}]}",
          "{\"rows\": [{\"x\": 1, \"x\": 2}]}",
          "{\"inputs\": [[1e999999999]]}",
          "{\"inputs\": [[\"1\"]]}",
          "{\"inputs\": [[1, 2], [1]]}",
          "{\"inputs\": {}}",
          "{\"version\": \"1\"}",
          "{\"version\": 1.5}",
          "{\"version\": null}",
          "{\"version\": 99999999999}",
          "{\"version\": []}",
          "{\"vrsion\": 1}",
          "{\"model\": 5}",
          "{\"model\": \"x\"}",
          "{\"model\": \"x\", \"data\": []}",
          "{\"model\": \"x\", \"data\": \"y\"}",
          "{\"model\": \"x\", \"data\": {\"target\": 5}}",
          "{\"model\": \"x\", \"data\": {\"target\": [null]}}",
          "{\"model\": \"x\", \"data\": {\"columns\": {\"a\": null}}}",
          "{\"model\": \"x\", \"data\": {\"columns\": {\"a\": {\"type\": \"number\"}}}}",
          "{\"model\": \"x\", \"data\": {\"columns\": {\"a\": {\"type\": 1}}}}",
          "{\"model\": \"x\", \"data\": {\"task\": \"clustering\"}}",
          "{\"model\": \"x\", \"data\": {\"weights\": [[1]]}}",
          "{\"model\": \"x\", \"activate\": \"yes\"}",
          "{\"model\": \"x\", \"preset\": \"fastest\"}",
          "{\"model\": \"x\", \"network\": 5}",
          "{\"model\": \"x\", \"network\": {\"layers\": {}}}",
          "{\"model\": \"x\", \"network\": {\"layers\": [5]}}",
          "{\"model\": \"x\", \"network\": {\"layers\": [{\"units\": 5}]}}",
          "{\"model\": \"x\", \"network\": {\"layers\": [{\"type\": \"dens\", \"units\": 5}]}}",
          "{\"model\": \"x\", \"network\": {\"layers\": [{\"type\": 5}]}}",
          "{\"model\": \"x\", \"network\": {\"layers\": [{\"type\": \"dense\"}]}}",
          "{\"model\": \"x\", \"network\": {\"layers\": [{\"type\": \"dense\", \"units\": null}]}}",
          "{\"model\": \"x\", \"network\": {\"loss\": {\"type\": \"hinge\"}}}",
          "{\"model\": \"x\", \"network\": {\"loss\": \"hinge\"}}",
          "{\"model\": \"x\", \"training\": {\"epochs\": 1.5}}",
          "{\"model\": \"x\", \"training\": {\"epochs\": \"5\"}}",
          "{\"model\": \"x\", \"training\": {\"epochs\": 99999999999}}",
          "{\"model\": \"x\", \"training\": {\"epochs\": -1}}",
          "{\"model\": \"x\", \"training\": {\"seed\": 1e300}}",
          "{\"model\": \"x\", \"training\": {\"optimizer\": []}}",
          "{\"model\": \"x\", \"training\": {\"optimizer\": {\"type\": \"adam\", \"learningRate\": \"x\"}}}",
          "{\"model\": \"x\", \"training\": {\"classWeights\": 5}}",
          "{\"model\": \"x\", \"training\": {\"classWeights\": {\"a\": \"b\"}}}",
          "{\"model\": \"x\", \"ensemble\": []}",
          "{\"model\": \"x\", \"ensemble\": {\"members\": 5}}",
          "{\"model\": \"x\", \"ensemble\": {\"members\": [5]}}",
          "{\"model\": \"x\", \"encoding\": {\"numbers\": 5}}",
          "{\"model\": \"x\", \"encoding\": {\"numbers\": {\"type\": \"bins\"}}}",
          "{\"model\": \"x\", \"warmStart\": 5}",
          "{\"model\": \"x\", \"validation\": {\"dataset\": 5}}",
          "{\"model\": \"x\", \"data\": {\"dataset\": \"none\", \"target\": \"y\"}}",
          "[".repeat(200),
          "{\"model\": " + "9".repeat(2000) + "}",
          "{\"" + "n".repeat(60_000) + "\": 1}",
          "a,b\n1\n",
          "a,a\n1,2\n",
          "a,b\n\"1,2\n",
          "a,b\n\"1\"x,2\n",
          "1,2\n3,4\n",
          "x\nnonsense\n",
          "\u0000\u0001",
          "PK\u0003\u0004 no zip",
          "--b\r\nnonsense\r\n--b--");

  private static final List<String> TYPES =
      List.of("application/json", "text/csv", "application/x-ndjson", "application/zip");

  private static final List<String> OTHER_TYPES =
      List.of(
          "application/json;charset=latin",
          "text/csv;charset=nonsense",
          "text/csv;charset=utf-16",
          "multipart/form-data",
          "multipart/form-data;boundary=b",
          "application/x-www-form-urlencoded",
          "text/plain",
          "x");

  @Autowired private RequestMappingHandlerMapping requestMappingHandlerMapping;

  @Test
  void noOperationAnswersInALibrarysWords() {
    train(Requests.xor("plain"), "Prefer", "wait=60");
    Set<String> details = new TreeSet<>();
    operations()
        .forEach(
            operation -> {
              boolean hasBody =
                  operation.method().equals("POST") || operation.method().equals("PUT");
              for (String type : hasBody ? TYPES : List.of("application/json")) {
                for (String body : hasBody ? BODIES : List.of("")) {
                  details.addAll(said(operation, type, body.getBytes(StandardCharsets.UTF_8)));
                }
                details.addAll(said(operation, type, new byte[] {'{', (byte) 0xff, '}'}));
              }
              for (String type : OTHER_TYPES) {
                for (String body : List.of(BODIES.getFirst(), "{}", BODIES.getLast())) {
                  details.addAll(said(operation, type, body.getBytes(StandardCharsets.UTF_8)));
                }
              }
            });

    assertThat(details.size()).isGreaterThan(150);
    assertThat(details)
        .contains(
            "/training/epochs: must be a whole number, was a string",
            "/training/optimizer/learningRate: must be a number, was a string",
            "/training/classWeights/a: must be a number, was a string",
            "/network/layers/0: must be an object or the name of a type, was a number")
        .noneMatch(detail -> detail.contains("something else"));
    assertPlain(details);
  }

  private record Operation(String method, String path) {}

  /// All that the service has, also those of its libraries.
  private Stream<Operation> operations() {
    return requestMappingHandlerMapping.getHandlerMethods().keySet().stream()
        .flatMap(
            mapping ->
                mapping.getPatternValues().stream()
                    .filter(path -> path.startsWith("/api/"))
                    .flatMap(
                        path ->
                            mapping.getMethodsCondition().getMethods().stream()
                                .map(RequestMethod::name)
                                .map(method -> new Operation(method, concrete(path)))));
  }

  private static String concrete(String path) {
    return path.replace("{name}", "plain").replace("{version}", "1").replace("{id}", "none");
  }

  private Set<String> said(Operation operation, String type, byte[] body) {
    Set<String> details = new TreeSet<>();
    String query =
        operation.path().endsWith("/datasets") && operation.method().equals("POST")
            ? "?name=plain"
            : "";
    if (operation.method().equals("DELETE")) {
      query = "?none=1";
    }
    HttpResponse<String> answer =
        send(
            request(operation.path() + query)
                .header("Content-Type", type)
                .method(operation.method(), BodyPublishers.ofByteArray(body))
                .build());
    if (answer.statusCode() >= 400) {
      assertThat(answer.statusCode())
          .as(
              "%s %s %s %s: %s",
              operation, query, type, new String(body, StandardCharsets.UTF_8), answer.body())
          .isLessThan(500);
      JsonNode problem = body(answer);
      details.add(problem.path("detail").asString());
      problem.path("errors").forEach(error -> details.add(error.path("detail").asString()));
    }
    return details;
  }

  @Test
  void parametersAndHeadersAreRefusedInPlainWords() {
    train(Requests.xor("plain"), "Prefer", "wait=60");
    Set<String> details = new TreeSet<>();
    for (String path :
        List.of(
            "/api/v1/models?limit=x",
            "/api/v1/models?cursor=%00",
            "/api/v1/models/plain/versions/x",
            "/api/v1/models/plain/versions/99999999999",
            "/api/v1/models/NO!/versions/1",
            "/api/v1/models/plain/predictions",
            "/api/v1/models/plain/predictions?inputs=x,y",
            "/api/v1/models/plain/predictions?inputs=0x1,1",
            "/api/v1/trainings?state=done",
            "/api/v1/trainings/x",
            "/api/v1/datasets/x/rows?limit=0",
            "/v3/api-docs/x",
            "/actuator/metrics/none",
            "/actuator/metrics/jvm.memory.used?tag=none",
            "/actuator/none",
            "/swagger-ui/none")) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.statusCode()).as(path).isBetween(400, 499);
      assertThat(answer.body()).as(path).isNotEmpty();
      details.add(body(answer).path("detail").asString());
    }
    for (List<String> header :
        List.of(
            List.of("Accept", "no type"),
            List.of("Accept", "text/html"),
            List.of("Prefer", "wait=x"),
            List.of("Idempotency-Key", "ä"),
            List.of("Content-Encoding", "br"),
            List.of("Content-Encoding", "gzip"),
            List.of("Last-Event-ID", "x"))) {
      HttpResponse<String> answer =
          train(Requests.xor("plain-words"), header.getFirst(), header.getLast());
      if (answer.statusCode() >= 400) {
        details.add(body(answer).path("detail").asString());
      }
    }
    assertPlain(details);
  }

  private static void assertPlain(Set<String> details) {
    assertThat(details)
        .allSatisfy(
            detail ->
                assertThat(
                        LIBRARY
                            .matcher(OWN.matcher(detail).replaceAll(""))
                            .results()
                            .map(match -> match.group())
                            .toList())
                    .as(detail)
                    .isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"modle\": \"x\"} | /modle | did you mean model?",
        "{\"model\": \"x\", \"zzz\": 1} | /zzz | there are model",
        "{\"model\": \"x\", \"data\": {\"tarket\": \"y\"}} | /data/tarket | did you mean target?",
        "{\"model\": \"x\", \"data\": {\"split\": {\"groop\": \"y\"}}} | /data/split/groop | did you mean group?",
        "{\"model\": \"x\", \"data\": {\"columns\": {\"a\": {\"typ\": \"numeric\"}}}} | /data/columns/a/typ | did you mean type?",
        "{\"model\": \"x\", \"network\": {\"layerz\": []}} | /network/layerz | did you mean layers?",
        "{\"model\": \"x\", \"network\": {\"layers\": [{\"type\": \"dense\", \"unit\": 8}]}} | /network/layers/0/unit | did you mean units?",
        "{\"model\": \"x\", \"network\": {\"layers\": [{\"typ\": \"dense\", \"units\": 8}]}} | /network/layers/0/typ | did you mean type?",
        "{\"model\": \"x\", \"network\": {\"layers\": [{\"type\": \"dense\", \"size\": 8}]}} | /network/layers/0/size | there are units",
        "{\"model\": \"x\", \"network\": {\"layers\": [{\"unit\": 8, \"type\": \"dense\"}]}} | /network/layers/0/unit | did you mean units?",
        "{\"model\": \"x\", \"network\": {\"layers\": [{\"type\": \"dense\", \"units\": 8, \"activation\": {\"type\": \"leaky-relu\", \"slop\": 1}}]}} | /network/layers/0/activation/slop | did you mean slope?",
        "{\"model\": \"x\", \"training\": {\"epoch\": 5}} | /training/epoch | did you mean epochs?",
        "{\"model\": \"x\", \"training\": {\"optimizer\": {\"type\": \"adam\", \"learnngRate\": 5}}} | /training/optimizer/learnngRate | did you mean learningRate?",
        "{\"model\": \"x\", \"training\": {\"schedule\": {\"type\": \"step\", \"everyEpoch\": 5}}} | /training/schedule/everyEpoch | there ",
        "{\"model\": \"x\", \"ensemble\": {\"members\": [{\"netwrk\": {}}]}} | /ensemble/members/0/netwrk | did you mean network?",
        "{\"model\": \"x\", \"warmStart\": {\"modell\": \"y\"}} | /warmStart/modell | did you mean model?"
      })
  void aMisspeltFieldIsToldBeforeWhatIsAbsent(String body, String pointer, String hint) {
    HttpResponse<String> answer = train(body);

    assertProblem(answer, 400, "unknown-field", pointer);
    assertThat(body(answer).path("detail").asString()).contains(hint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"verson\": 1} | unknown-field | /verson | did you mean version?",
        "{} | wrong-type | /version | is required",
        "{\"version\": null} | wrong-type | /version | must be a whole number, was null"
      })
  void theVersionToActivateIsAskedFor(String body, String code, String pointer, String detail) {
    HttpResponse<String> answer =
        send("PUT", "/api/v1/models/plain/current", "application/json", body);

    assertProblem(answer, 400, code, pointer);
    assertThat(body(answer).path("detail").asString()).contains(detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/json | {\"rows\": [{\"a\": NaN}]} | NaN is no JSON; send null for a missing value",
        "application/json | {\"rows\": [{\"a\": -Infinity}]} | -Infinity is no JSON; send a finite number",
        "application/x-ndjson | {\"a\": NaN} | NaN is no JSON; send null for a missing value"
      })
  void noNumberIsNoJson(String type, String body, String detail) {
    String said =
        body(send("POST", "/api/v1/datasets?name=nan", type, body)).path("detail").asString();
    assertThat(said).startsWith("line 1").contains(detail);
    String trained =
        body(train(
                "{\"model\":\"nan\",\"data\":{\"target\":\"y\",\"rows\":[{\"a\":NaN,\"y\":1.5},{\"a\":2,\"y\":2.5}]}}"))
            .path("detail")
            .asString();
    assertThat(trained)
        .isEqualTo("line 1, column 53: NaN is no JSON; send null for a missing value");
  }
}
