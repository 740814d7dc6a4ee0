package dev.backprop.platform.http;

import dev.backprop.platform.http.IdempotencyStore.Remembered;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Takes the prefix off the links of an answer that is remembered, and puts another one before
/// those of an answer that is given again: who asks the second time may come another way.
final class RememberedLinks {

  private static final String LINKS = "links";
  private static final JsonMapper JSON = JsonMapper.shared();

  private RememberedLinks() {}

  static Remembered without(String prefix, Remembered answer) {
    return changed(
        prefix,
        answer,
        link -> link.startsWith(prefix + '/') ? link.substring(prefix.length()) : link);
  }

  static Remembered with(String prefix, Remembered answer) {
    return changed(prefix, answer, link -> prefix + link);
  }

  private static Remembered changed(
      String prefix, Remembered answer, UnaryOperator<String> change) {
    return prefix.isEmpty()
        ? answer
        : new Remembered(
            answer.fingerprint(),
            answer.status(),
            answer.contentType(),
            changed(answer.location(), change),
            changed(answer.body(), change),
            answer.at());
  }

  private static @Nullable String changed(@Nullable String location, UnaryOperator<String> change) {
    return location == null ? null : change.apply(location);
  }

  private static byte[] changed(byte[] body, UnaryOperator<String> change) {
    JsonNode answer = JSON.readTree(body);
    if (!(answer.path(LINKS) instanceof ObjectNode links)) {
      return body;
    }
    links
        .propertyStream()
        .forEach(
            link -> {
              if (link.getValue().isString()) {
                links.put(link.getKey(), change.apply(link.getValue().stringValue()));
              }
            });
    return JSON.writeValueAsBytes(answer);
  }
}
