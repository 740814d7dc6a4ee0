package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Lists are read to their end by following `Link`.
class NextPageTest extends ServiceTest {

  @Test
  void eachPageLinksToTheNextOneOfTheSameRequest() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.addFirst(succeeded(Requests.xor("paged")).path("id").asString());
    }
    succeeded(Requests.xor("not-paged"));

    List<String> read = new ArrayList<>();
    Optional<String> next =
        Optional.of("/api/v1/trainings?limit=2&model=%70aged&&state=succeeded&%63ursor=" + first());
    int pages = 0;
    while (next.isPresent()) {
      HttpResponse<String> page = get(next.get());
      assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
      for (JsonNode item : body(page).path("items")) {
        read.add(item.path("id").asString());
      }
      next = next(page);
      assertThat(next.isPresent()).isNotEqualTo(body(page).path("nextCursor").isNull());
      String cursor = body(page).path("nextCursor").asString();
      next.ifPresent(
          link ->
              assertThat(link)
                  .isEqualTo(
                      "/api/v1/trainings?limit=2&model=%70aged&state=succeeded&cursor=" + cursor));
      pages++;
    }

    assertThat(read).isEqualTo(ids);
    assertThat(pages).isEqualTo(3);
  }

  /// A cursor after which the list begins anew: there is no later training.
  private String first() {
    succeeded(Requests.xor("latest"));
    HttpResponse<String> latest = get("/api/v1/trainings?limit=1");
    return next(latest).orElseThrow().replaceFirst(".*cursor=", "");
  }

  private static Optional<String> next(HttpResponse<String> page) {
    return page.headers()
        .firstValue("Link")
        .map(
            link -> {
              assertThat(link).matches("<[^<>]+>; rel=\"next\"");
              return link.substring(1, link.indexOf('>'));
            });
  }
}
