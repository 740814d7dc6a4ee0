package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Sends the examples of the API's description as they stand, in the order in which somebody would
/// who tries them on an empty service: upload, train, the rest, delete.
class ExamplesTest {

  /// A request that the description has all parts of.
  ///
  /// @param example the name of the example; empty if there is one only
  private record Example(
      String method, String path, JsonNode operation, String type, String body, String example) {

    int turn() {
      return switch (operation.path("operationId").asString()) {
        case "uploadDataset" -> 0;
        case "startTraining" -> 1;
        default -> method.equals("DELETE") ? 3 : 2;
      };
    }
  }

  @Test
  void examplesAreAnsweredInTheirOrder() {
    try (RunningService service = RunningService.start(List.of("--backprop.storage=memory"))) {
      JsonNode api = ServiceCalls.body(service.get("/v3/api-docs"));
      List<String> sent = new ArrayList<>();
      examples(api).stream()
          .sorted(Comparator.comparingInt(Example::turn))
          .forEach(example -> send(service, api, example, sent));
      assertThat(sent)
          .contains(
              "uploadDataset",
              "startTraining",
              "predictRow",
              "predictRows",
              "evaluateModel",
              "activateVersion",
              "getVersion");
      assertThat(sent.stream().filter("predictRows"::equals)).hasSize(3);
      assertThat(sent.stream().filter("uploadDataset"::equals)).hasSize(3);
    }
  }

  @Test
  void bodiesOfExamplesAreAsDescribed() {
    try (RunningService service = RunningService.start(List.of("--backprop.storage=memory"))) {
      JsonNode api = ServiceCalls.body(service.get("/v3/api-docs"));
      List<Example> bodies =
          examples(api).stream().filter(e -> e.type.equals("application/json")).toList();
      assertThat(bodies).hasSizeGreaterThan(5);
      bodies.forEach(
          example -> service.contract().checkRequest(example.method, example.path, example.body));
    }
  }

  /// Of an upload, the name stands under the same key as the body.
  private static void send(
      RunningService service, JsonNode api, Example example, List<String> sent) {
    String path = example.path;
    Map<String, String> query = new LinkedHashMap<>();
    List<String> headers = new ArrayList<>();
    for (JsonNode parameter : example.operation.path("parameters")) {
      JsonNode said = resolved(api, parameter);
      JsonNode value =
          said.has("example")
              ? said.path("example")
              : said.path("examples").path(example.example).path("value");
      String name = said.path("name").asString();
      if (value.isMissingNode()) {
        if (said.path("in").asString().equals("path")) {
          return; // an id, which no example can know
        }
        continue;
      }
      switch (said.path("in").asString()) {
        case "path" -> path = path.replace("{" + name + "}", value.asString());
        case "header" -> headers.addAll(List.of(name, value.asString()));
        case "query" -> {
          if (value.isObject()) {
            value.forEachEntry((key, each) -> query.put(key, each.asString()));
          } else {
            query.put(name, value.asString());
          }
        }
        default -> throw new IllegalArgumentException(said.toString());
      }
    }
    HttpResponse<String> answer =
        example.body.isEmpty()
            ? service.send(
                service
                    .request(path + written(query), headers.toArray(String[]::new))
                    .method(example.method, HttpRequest.BodyPublishers.noBody())
                    .build())
            : service.send(
                example.method,
                path + written(query),
                example.type,
                example.body,
                headers.toArray(String[]::new));
    assertThat(answer.statusCode())
        .as("%s %s %s: %s", example.method, path, example.type, answer.body())
        .isBetween(200, 299);
    sent.add(example.operation.path("operationId").asString());
  }

  private static String written(Map<String, String> query) {
    return query.isEmpty()
        ? ""
        : query.entrySet().stream()
            .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static List<Example> examples(JsonNode api) {
    List<Example> examples = new ArrayList<>();
    api.path("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (method, operation) ->
                        bodies(api, operation)
                            .map(
                                body ->
                                    new Example(
                                        method.toUpperCase(Locale.ROOT),
                                        path,
                                        operation,
                                        body.type,
                                        body.content,
                                        body.name))
                            .forEach(examples::add)));
    return examples;
  }

  private record Body(String type, String content, String name) {}

  /// An empty one if the operation takes none.
  private static Stream<Body> bodies(JsonNode api, JsonNode operation) {
    if (!operation.has("requestBody")) {
      return Stream.of(new Body("", "", ""));
    }
    List<Body> bodies = new ArrayList<>();
    resolved(api, operation.path("requestBody"))
        .path("content")
        .forEachEntry(
            (type, media) -> {
              @Nullable JsonNode one = media.get("example");
              if (one != null) {
                bodies.add(new Body(type, text(one), ""));
              }
              media
                  .path("examples")
                  .forEachEntry(
                      (name, each) -> bodies.add(new Body(type, text(each.path("value")), name)));
            });
    return bodies.stream();
  }

  private static String text(JsonNode example) {
    return example.isString() ? example.asString() : example.toString();
  }

  private static JsonNode resolved(JsonNode api, JsonNode part) {
    return part.has("$ref") ? api.at(part.path("$ref").asString().substring(1)) : part;
  }
}
