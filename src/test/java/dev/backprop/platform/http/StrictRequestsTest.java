package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Requests that are written in an unusual way mean what they say, or are refused before they act.
class StrictRequestsTest extends ServiceTest {

  private static final String CSV = "a,b\n1,x\n2,y\n";
  private static final String KEY = "Idempotency-Key";

  @Autowired private RequestMappingHandlerMapping requestMappingHandlerMapping;

  @Test
  void refusesWhatIsNotAcceptableBeforeItActs() {
    assertProblem(
        train(Requests.xor("unacceptable"), "Accept", "text/html"), 406, "not-acceptable");
    assertProblem(
        send("POST", "/api/v1/datasets?name=unacceptable", "text/csv", CSV, "Accept", "text/csv"),
        406,
        "not-acceptable");

    assertThat(body(get("/api/v1/trainings?model=unacceptable")).path("items")).isEmpty();
    assertThat(get("/api/v1/datasets?limit=500").body()).doesNotContain("unacceptable");
    assertThat(
            train(Requests.xor("acceptable"), "Accept", "text/html, application/*;q=0.1")
                .statusCode())
        .isEqualTo(202);
  }

  @Test
  void doesNotActivateWhatItCannotTellOf() {
    trained(Requests.xor("told"));
    trained(Requests.xor("told"));

    assertProblem(
        send(
            "PUT",
            "/api/v1/models/told/current",
            "application/json",
            "{\"version\": 1}",
            "Accept",
            "text/html"),
        406,
        "not-acceptable");

    assertThat(body(get("/api/v1/models/told")).path("currentVersion").asInt()).isEqualTo(2);
  }

  /// A method that changes something and has an answer says in its mapping what that is, so that
  /// Spring refuses before it is called. One that answers in several forms looks at `Accept`
  /// itself.
  @Test
  void everyMethodThatActsSaysWhatItAnswers() {
    for (Map.Entry<RequestMappingInfo, HandlerMethod> handler :
        requestMappingHandlerMapping.getHandlerMethods().entrySet()) {
      RequestMappingInfo mapping = handler.getKey();
      Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
      boolean acts = methods.contains(RequestMethod.POST) || methods.contains(RequestMethod.PUT);
      boolean isPrediction = mapping.getPatternValues().toString().endsWith("/predictions]");
      if (acts && !isPrediction) {
        assertThat(mapping.getProducesCondition().isEmpty()).as("%s", mapping).isFalse();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/v1/trainings",
    "POST, /api/v1/datasets?name=x",
    "POST, /api/v1/models/x/predictions",
    "POST, /api/v1/models/x/versions/1/predictions",
    "POST, /api/v1/models/x/evaluations",
    "POST, /api/v1/models/x/versions/1/evaluations",
    "POST, /api/v1/models/x/versions",
    "PUT, /api/v1/models/x/current"
  })
  void refusesBodiesOfNoCertainType(String method, String path) {
    for (String type :
        List.of("*/*", "application/*", "text/*", "application/*+json", "json", "a/", "/", ";")) {
      assertProblem(send(method, path, type, "{}"), 415, "unsupported-media-type");
    }
    assertProblem(
        send(request(path).method(method, HttpRequest.BodyPublishers.ofString("{}")).build()),
        415,
        "unsupported-media-type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/d%61tasets", "/%61pi/v1/datasets"})
  void knowsAKeyHoweverThePathIsWritten(String path) {
    String name = "path-" + path.replaceAll("[^a-z0-9]", "");
    HttpResponse<String> first =
        send("POST", "/api/v1/datasets?name=" + name, "text/csv", CSV, KEY, name);
    HttpResponse<String> again = send("POST", path + "?name=" + name, "text/csv", CSV, KEY, name);

    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
    assertThat(again.body()).isEqualTo(first.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0x10",
        "%205",
        "5%20",
        "%2B5",
        "1e1",
        "05",
        "5.0",
        "%235",
        "5L",
        "99999999999",
        "%D9%A5"
      })
  void readsWholeNumbersAsJsonWritesThem(String number) {
    assertProblem(get("/api/v1/models?limit=" + number), 400, "invalid-parameter");
    if (!number.isEmpty()) {
      assertProblem(get("/api/v1/models/x/versions/" + number), 400, "invalid-parameter");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yes", "on", "1", "TRUE", "True", "%20true", "true%20", "no", "null"})
  void readsTruthValuesAsJsonWritesThem(String value) {
    HttpResponse<String> answer =
        post("/api/v1/trainings?validateOnly=" + value, Requests.xor("validated-strictly"));

    assertProblem(answer, 400, "invalid-parameter");
    assertThat(body(answer).path("detail").asString())
        .startsWith("validateOnly: must be true or false, was '");
    assertThat(body(get("/api/v1/trainings?model=validated-strictly")).path("items")).isEmpty();
    assertProblem(
        send("POST", "/api/v1/datasets?name=x&header=" + value, "text/csv", CSV),
        400,
        "invalid-parameter");
  }

  @Test
  void refusesAnEmptyTextThatWouldCountAsLeftOut() {
    assertProblem(
        send("POST", "/api/v1/datasets?name=x&delimiter=", "text/csv", CSV),
        400,
        "invalid-parameter");
  }
}
