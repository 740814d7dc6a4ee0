package dev.backprop.service.intake;

import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.Problem;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The first difference between two specs, as they stand in JSON.
///
/// @param pointer from the spec to the place
/// @param known the value at that place in the first spec, cut if it is long; `nothing` if there is
///   none
/// @param given the value at that place in the second spec, in the same form
record SpecDifference(String pointer, String known, String given) {

  private static final JsonMapper JSON = StrictJson.mapper();

  static Optional<SpecDifference> between(Record known, Record given) {
    return known.equals(given)
        ? Optional.empty()
        : between("", JSON.valueToTree(known), JSON.valueToTree(given));
  }

  private static Optional<SpecDifference> between(String pointer, JsonNode known, JsonNode given) {
    if (known.isObject() && given.isObject()) {
      Set<String> names = new LinkedHashSet<>(known.propertyNames());
      names.addAll(given.propertyNames());
      return names.stream()
          .map(
              name ->
                  between(
                      pointer + "/" + Problem.Field.part(name), known.path(name), given.path(name)))
          .flatMap(Optional::stream)
          .findFirst();
    }
    if (known.isArray() && given.isArray()) {
      if (known.size() != given.size()) {
        return Optional.of(
            new SpecDifference(pointer, known.size() + " of them", given.size() + " of them"));
      }
      for (int i = 0; i < known.size(); i++) {
        Optional<SpecDifference> difference =
            between(pointer + "/" + i, known.path(i), given.path(i));
        if (difference.isPresent()) {
          return difference;
        }
      }
      return Optional.empty();
    }
    return known.equals(given)
        ? Optional.empty()
        : Optional.of(new SpecDifference(pointer, text(known), text(given)));
  }

  private static String text(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? "nothing" : Excerpt.of(node.toString());
  }
}
