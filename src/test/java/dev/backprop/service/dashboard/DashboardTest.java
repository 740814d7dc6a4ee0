package dev.backprop.service.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The files of the page over HTTP.
class DashboardTest extends ServiceTest {

  @ParameterizedTest
  @CsvSource({
    "page.js, text/javascript",
    "vendor/uplot.js, text/javascript",
    "page.css, text/css",
    "sample/penguins.csv, text/csv"
  })
  void filesAreKeptAndMayDoNoMoreThanThePage(String file, String type) {
    HttpResponse<String> answer = get("/page/" + file);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith(type);
    assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-cache");
    assertThat(answer.headers().allValues("Content-Security-Policy"))
        .singleElement()
        .asString()
        .contains("default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'")
        .doesNotContain("unsafe");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    String changed = answer.headers().firstValue("Last-Modified").orElseThrow();
    assertThat(get("/page/" + file, "If-Modified-Since", changed).statusCode()).isEqualTo(304);
  }

  @Test
  void otherFilesAreNotThere() {
    assertProblem(get("/page/nothing.js"), 404, "not-found");
    assertProblem(get("/page/"), 404, "not-found");
    assertProblem(get("/page/%2e%2e/application.yaml"), 400, "bad-request");
    assertProblem(post("/page/page.js", "{}"), 405, "method-not-allowed");
  }
}
