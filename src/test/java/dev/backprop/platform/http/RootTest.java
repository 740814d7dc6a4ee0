package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Whoever begins at the root finds everything by following links, or sees the page.
class RootTest extends ServiceTest {

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/v1"})
  void linksToWhatThereIs(String path) {
    JsonNode links = body(get(path)).path("links");

    assertThat(links.propertyNames())
        .contains("trainings", "datasets", "models", "openapi", "swagger", "health", "metrics");
    for (Map.Entry<String, JsonNode> link : links.properties()) {
      assertThat(get(link.getValue().asString()).statusCode()).as(link.getKey()).isIn(200, 302);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/v1"})
  void tellsTheRoleOfWhoAsks(String path) {
    assertThat(body(get(path)).path("role").asString()).isEqualTo("admin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/v1"})
  void itsLinksHaveThePrefixOfAProxy(String path) {
    JsonNode plain = body(get(path)).path("links");
    JsonNode links = body(get(path, "X-Forwarded-Prefix", "/nets")).path("links");

    for (Map.Entry<String, JsonNode> link : links.properties()) {
      assertThat(link.getValue().asString())
          .isEqualTo("/nets" + plain.path(link.getKey()).asString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "application/json", "application/json, text/html", ""})
  void answersWithLinksUnlessHtmlIsPreferred(String accept) {
    HttpResponse<String> answer = accept.isEmpty() ? get("/") : get("/", "Accept", accept);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "text/html,application/xhtml+xml,*/*;q=0.8",
        "application/json;q=0.5, text/html"
      })
  void answersWhoPrefersHtmlWithThePage(String accept) {
    HttpResponse<String> answer = get("/", "Accept", accept);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
    assertThat(answer.headers().firstValue("Vary")).hasValue("Accept");
    assertThat(answer.headers().allValues("Content-Security-Policy"))
        .singleElement()
        .asString()
        .contains("script-src 'self'", "require-trusted-types-for 'script'");
    assertThat(answer.body()).contains("<title>Backprop</title>");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertProblem(get("/?x=1"), 400, "unknown-parameter");
    assertProblem(get("/?x=1", "Accept", "text/html"), 400, "unknown-parameter");
    assertProblem(get("/", "Accept", "image/png"), 406, "not-acceptable");
  }
}
