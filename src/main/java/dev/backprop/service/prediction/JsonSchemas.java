package dev.backprop.service.prediction;

import dev.backprop.engine.table.Label;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Parts of a JSON Schema, draft 2020-12.
final class JsonSchemas {

  private JsonSchemas() {}

  static Map<String, Object> type(String name) {
    return Map.of("type", name);
  }

  /// The type of a label in JSON.
  static String type(Label label) {
    return switch (label.kind()) {
      case TEXT -> "string";
      case NUMBER -> "number";
      case BOOLEAN -> "boolean";
    };
  }

  /// One of these labels.
  static Map<String, Object> oneOf(Collection<Label> labels) {
    return Map.of("enum", labels.stream().map(Label::json).toList());
  }

  /// @param length how many items there are
  static Map<String, Object> array(Map<String, Object> items, int length) {
    Map<String, Object> array = new LinkedHashMap<>();
    array.put("type", "array");
    array.put("items", items);
    array.put("minItems", length);
    array.put("maxItems", length);
    return array;
  }

  /// An object without other properties.
  static Map<String, Object> object(Map<String, Object> properties, Collection<String> required) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", "object");
    object.put("properties", properties);
    object.put("required", List.copyOf(required));
    object.put("additionalProperties", false);
    return object;
  }

  /// An object that has each of these properties and no other.
  static Map<String, Object> each(Collection<String> names, Map<String, Object> value) {
    Map<String, Object> properties = new LinkedHashMap<>();
    names.forEach(name -> properties.put(name, value));
    return object(properties, names);
  }
}
