package dev.backprop.service.prediction;

import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The JSON Schema of the answer to a row, as [PredictionJson] writes it.
final class AnswerSchema {

  private static final Map<String, Object> NUMBER = JsonSchemas.type("number");

  private static final Map<String, Object> PROBABILITY =
      Map.of("type", "number", "minimum", 0, "maximum", 1);

  private AnswerSchema() {}

  static Map<String, Object> of(Target target) {
    Map<String, Object> properties = new LinkedHashMap<>();
    switch (target) {
      case Target.Classes classes -> {
        properties.put("prediction", JsonSchemas.oneOf(classes.classes()));
        properties.put(
            "probabilities",
            JsonSchemas.each(classes.classes().stream().map(Label::text).toList(), PROBABILITY));
      }
      case Target.Numbers numbers ->
          properties.put(
              "prediction",
              numbers.outputs() == 1 ? NUMBER : JsonSchemas.each(numbers.names(), NUMBER));
      case Target.Quantiles quantiles -> {
        properties.put("prediction", NUMBER);
        properties.put("quantiles", JsonSchemas.each(quantiles.texts(), NUMBER));
      }
      case Target.MultiLabel labels -> {
        properties.put(
            "prediction", JsonSchemas.each(labels.names(), JsonSchemas.oneOf(labels.classes())));
        properties.put("probabilities", JsonSchemas.each(labels.names(), PROBABILITY));
      }
      case Target.Bare bare -> properties.put("outputs", JsonSchemas.array(NUMBER, bare.width()));
    }
    List<String> required = List.copyOf(properties.keySet());
    assured(target, properties);
    List<String> answers = Explaining.answers(target);
    properties.put(
        "explanation",
        answers.isEmpty() ? explanation() : JsonSchemas.each(answers, explanation()));
    properties.put(
        "warnings", Map.of("type", "array", "items", JsonSchemas.type("string"), "minItems", 1));
    properties.put(
        PredictionJson.PASS,
        Map.of(
            "type",
            "object",
            "additionalProperties",
            Map.of("type", List.of("string", "null")),
            "minProperties",
            1));
    return JsonSchemas.object(properties, required);
  }

  /// What answers have if an interval is asked for.
  private static void assured(Target target, Map<String, Object> properties) {
    switch (target) {
      case Target.Classes classes ->
          properties.put(
              "set",
              Map.of(
                  "type",
                  "array",
                  "items",
                  JsonSchemas.oneOf(classes.classes()),
                  "minItems",
                  1,
                  "uniqueItems",
                  true));
      case Target.Numbers numbers when numbers.outputs() > 1 ->
          properties.put(
              "interval", JsonSchemas.each(numbers.names(), JsonSchemas.array(NUMBER, 2)));
      case Target.Numbers _, Target.Quantiles _ ->
          properties.put("interval", JsonSchemas.array(NUMBER, 2));
      case Target.MultiLabel _, Target.Bare _ -> {}
    }
  }

  private static Map<String, Object> explanation() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("class", Map.of("type", List.of("string", "number", "boolean")));
    properties.put("baseline", NUMBER);
    properties.put("answer", NUMBER);
    properties.put("contributions", Map.of("type", "object", "additionalProperties", NUMBER));
    properties.put("residual", NUMBER);
    properties.put("clamped", Map.of("const", true));
    return JsonSchemas.object(
        properties, List.of("baseline", "answer", "contributions", "residual"));
  }
}
