package dev.backprop;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// What of a description of the API a later one has taken away from clients. That something needs a
/// key is no such thing.
final class ContractChanges {

  private static final List<String> PARTS = List.of("items", "additionalProperties", "not");

  private final JsonNode before;
  private final JsonNode after;
  private final List<String> breaks = new ArrayList<>();
  private final Set<String> inRequests;
  private final Set<String> inAnswers;

  private ContractChanges(JsonNode before, JsonNode after) {
    this.before = before;
    this.after = after;
    this.inRequests = reachable(before, "parameters", "requestBody");
    this.inAnswers = reachable(before, "responses");
  }

  /// @return a line for each break
  static List<String> between(JsonNode before, JsonNode after) {
    ContractChanges changes = new ContractChanges(before, after);
    changes.compareOperations();
    changes
        .before
        .at("/components/schemas")
        .forEachEntry(
            (name, schema) ->
                changes.compare(
                    name,
                    schema,
                    after.at("/components/schemas").path(name),
                    changes.inRequests.contains(name),
                    changes.inAnswers.contains(name)));
    return changes.breaks;
  }

  private void compareOperations() {
    before
        .path("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (method, operation) ->
                        compareOperation(
                            method + " " + path,
                            operation,
                            after.path("paths").path(path).path(method))));
  }

  private void compareOperation(String at, JsonNode was, JsonNode is) {
    if (is.isMissingNode()) {
      breaks.add(at + ": is gone");
      return;
    }
    if (!was.path("operationId").equals(is.path("operationId"))) {
      breaks.add("%s: is called %s".formatted(at, is.path("operationId")));
    }
    compareParameters(at, was.path("parameters"), is.path("parameters"));
    JsonNode bodyWas = followed(before, was.path("requestBody"));
    JsonNode bodyIs = followed(after, is.path("requestBody"));
    compareContent(at + " body", bodyWas, bodyIs, true);
    if (bodyIs.path("required").asBoolean(false) && !bodyWas.path("required").asBoolean(false)) {
      breaks.add(at + ": needs a body");
    }
    was.path("responses")
        .forEachEntry(
            (status, response) -> {
              JsonNode other = is.path("responses").path(status);
              if (other.isMissingNode()) {
                breaks.add("%s: answers no %s".formatted(at, status));
              } else {
                compareContent(
                    at + " " + status, followed(before, response), followed(after, other), false);
              }
            });
  }

  private void compareContent(String at, JsonNode was, JsonNode is, boolean request) {
    was.path("content")
        .forEachEntry(
            (type, media) -> {
              JsonNode other = is.path("content").path(type);
              if (other.isMissingNode()) {
                breaks.add("%s: has no %s".formatted(at, type));
              } else {
                compare(
                    at + " " + type, media.path("schema"), other.path("schema"), request, !request);
              }
            });
  }

  private void compareParameters(String at, JsonNode was, JsonNode is) {
    Set<String> known = new HashSet<>();
    for (JsonNode parameter : was) {
      JsonNode said = followed(before, parameter);
      String name = name(said);
      known.add(name);
      JsonNode other = parameter(is, name);
      if (other.isMissingNode()) {
        breaks.add("%s: takes no %s".formatted(at, name));
      } else {
        if (isRequired(other) && !isRequired(said)) {
          breaks.add("%s: needs %s".formatted(at, name));
        }
        compare(at + " " + name, said.path("schema"), other.path("schema"), true, false);
      }
    }
    for (JsonNode parameter : is) {
      JsonNode said = followed(after, parameter);
      if (isRequired(said) && !known.contains(name(said))) {
        breaks.add("%s: needs %s".formatted(at, name(said)));
      }
    }
  }

  private JsonNode parameter(JsonNode parameters, String name) {
    return parameters
        .valueStream()
        .map(parameter -> followed(after, parameter))
        .filter(parameter -> name(parameter).equals(name))
        .findFirst()
        .orElse(after.path("nothing"));
  }

  private static String name(JsonNode parameter) {
    return parameter.path("in").asString() + " " + parameter.path("name").asString();
  }

  private static boolean isRequired(JsonNode parameter) {
    return parameter.path("required").asBoolean(false);
  }

  /// @param request whether clients send it
  /// @param answer whether they get it
  private void compare(String at, JsonNode was, JsonNode is, boolean request, boolean answer) {
    if (is.isMissingNode()) {
      breaks.add(at + ": is gone");
      return;
    }
    for (String kept : List.of("type", "format", "$ref")) {
      if (!texts(was.path(kept)).equals(texts(is.path(kept)))) {
        breaks.add("%s: %s was %s, is %s".formatted(at, kept, was.path(kept), is.path(kept)));
      }
    }
    without(at, "value", texts(was.path("enum")), texts(is.path("enum")));
    without(at, "form", forms(was), forms(is));
    was.path("properties")
        .forEachEntry(
            (name, property) ->
                compare(
                    at + "." + name, property, is.path("properties").path(name), request, answer));
    Set<String> needed = texts(was.path("required"));
    if (request) {
      texts(is.path("required")).stream()
          .filter(name -> !needed.contains(name))
          .forEach(name -> breaks.add("%s: needs %s".formatted(at, name)));
      compareBounds(at, was, is);
    }
    if (answer) {
      needed.stream()
          .filter(name -> !texts(is.path("required")).contains(name))
          .forEach(name -> breaks.add("%s: may lack %s".formatted(at, name)));
    }
    for (String part : PARTS) {
      if (was.path(part).isObject()) {
        compare(at + " " + part, was.path(part), is.path(part), request, answer);
      }
    }
  }

  private void compareBounds(String at, JsonNode was, JsonNode is) {
    for (String bound : List.of("minimum", "exclusiveMinimum")) {
      if (is.has(bound)
          && (!was.has(bound) || is.path(bound).asDouble() > was.path(bound).asDouble())) {
        breaks.add("%s: %s was %s, is %s".formatted(at, bound, was.path(bound), is.path(bound)));
      }
    }
    for (String bound : List.of("maximum", "exclusiveMaximum")) {
      if (is.has(bound)
          && (!was.has(bound) || is.path(bound).asDouble() < was.path(bound).asDouble())) {
        breaks.add("%s: %s was %s, is %s".formatted(at, bound, was.path(bound), is.path(bound)));
      }
    }
  }

  /// An enum that is no longer counted has every value.
  private void without(String at, String what, Set<String> was, Set<String> is) {
    if (!is.isEmpty() || what.equals("form")) {
      was.stream()
          .filter(each -> !is.contains(each))
          .forEach(each -> breaks.add("%s: %s %s is gone".formatted(at, what, each)));
    }
  }

  /// The alternatives of a schema.
  private static Set<String> forms(JsonNode schema) {
    Set<String> forms = new TreeSet<>();
    for (String key : List.of("oneOf", "anyOf", "allOf")) {
      schema.path(key).forEach(form -> forms.add(form.toString()));
    }
    return forms;
  }

  private static Set<String> texts(JsonNode value) {
    Set<String> texts = new TreeSet<>();
    if (value.isArray()) {
      value.forEach(each -> texts.add(each.asString()));
    } else if (!value.isMissingNode()) {
      texts.add(value.asString());
    }
    return texts;
  }

  private static JsonNode followed(JsonNode document, JsonNode part) {
    String reference = part.path("$ref").asString("");
    return reference.isEmpty() ? part : document.at(reference.substring(1));
  }

  /// The names of the schemas that these parts of operations are made of.
  private static Set<String> reachable(JsonNode document, String... parts) {
    Set<String> seen = new HashSet<>();
    document
        .path("paths")
        .forEach(
            item ->
                item.forEach(
                    operation -> {
                      for (String part : parts) {
                        reach(document, operation.path(part), seen);
                      }
                    }));
    Set<String> names = new HashSet<>();
    String schemas = "#/components/schemas/";
    seen.stream()
        .filter(reference -> reference.startsWith(schemas))
        .forEach(reference -> names.add(reference.substring(schemas.length())));
    return names;
  }

  private static void reach(JsonNode document, JsonNode part, Set<String> seen) {
    String reference = part.path("$ref").asString("");
    if (!reference.isEmpty() && seen.add(reference)) {
      reach(document, document.at(reference.substring(1)), seen);
    }
    part.forEach(inner -> reach(document, inner, seen));
  }
}
