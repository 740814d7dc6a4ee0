package dev.backprop.service.prediction;

import dev.backprop.engine.explain.Explanation;
import dev.backprop.engine.figures.Bounds;
import dev.backprop.engine.scoring.Assured;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.table.Label;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// A prediction as JSON properties.
///
/// Probabilities and bare outputs are floats and are written as such: the digits that they have and
/// no more.
final class PredictionJson {

  /// The property of texts that are copied from the row.
  static final String PASS = "pass";

  private PredictionJson() {}

  /// Writes `prediction` and `probabilities` or `quantiles`, or `outputs`; and `warnings` if there
  /// are any.
  static void write(JsonGenerator json, Prediction prediction, List<String> warnings) {
    switch (prediction) {
      case Prediction.ClassPrediction p -> write(json, p);
      case Prediction.NumberPrediction p -> write(json, p);
      case Prediction.QuantilePrediction p -> write(json, p);
      case Prediction.MultiLabelPrediction p -> write(json, p);
      case Prediction.Outputs(double[] values) -> {
        json.writeArrayPropertyStart("outputs");
        for (double value : values) {
          json.writeNumber((float) value);
        }
        json.writeEndArray();
      }
    }
    if (!warnings.isEmpty()) {
      json.writeArrayPropertyStart("warnings");
      for (String warning : warnings) {
        json.writeString(warning);
      }
      json.writeEndArray();
    }
  }

  /// Writes `interval` or `set`.
  static void write(JsonGenerator json, Assured assured) {
    switch (assured) {
      case Assured.Classes(_, List<Label> set) -> {
        json.writeArrayPropertyStart("set");
        set.forEach(label -> write(json, label));
        json.writeEndArray();
      }
      case Assured.Numbers(Prediction.NumberPrediction p, List<Bounds> intervals)
          when intervals.size() > 1 -> {
        json.writeObjectPropertyStart("interval");
        for (int j = 0; j < intervals.size(); j++) {
          json.writeName(p.names().get(j));
          write(json, intervals.get(j));
        }
        json.writeEndObject();
      }
      case Assured.Numbers(_, List<Bounds> intervals) -> {
        json.writeName("interval");
        write(json, intervals.getFirst());
      }
    }
  }

  private static void write(JsonGenerator json, Bounds bounds) {
    json.writeStartArray();
    json.writeNumber(bounds.low());
    json.writeNumber(bounds.high());
    json.writeEndArray();
  }

  /// Writes `explanation`: one, or by name those of several answers.
  ///
  /// @param columns to which the contributions belong
  static void write(JsonGenerator json, List<Explaining.Why> why, List<String> columns) {
    json.writeName("explanation");
    if (why.getFirst().answer() == null) {
      write(json, why.getFirst(), columns);
      return;
    }
    json.writeStartObject();
    for (Explaining.Why each : why) {
      json.writeName(each.answer());
      write(json, each, columns);
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Explaining.Why why, List<String> columns) {
    Explanation explanation = why.explanation();
    json.writeStartObject();
    if (why.label() != null) {
      json.writeName("class");
      write(json, why.label());
    }
    json.writeNumberProperty("baseline", explanation.baseline());
    json.writeNumberProperty("answer", explanation.answer());
    json.writeObjectPropertyStart("contributions");
    for (int c = 0; c < columns.size(); c++) {
      json.writeNumberProperty(columns.get(c), explanation.contributions()[c]);
    }
    json.writeEndObject();
    json.writeNumberProperty("residual", explanation.residual());
    if (explanation.clamped()) {
      json.writeBooleanProperty("clamped", true);
    }
    json.writeEndObject();
  }

  /// @param text null if the row has none
  static void text(JsonGenerator json, String name, @Nullable String text) {
    json.writeName(name);
    if (text == null) {
      json.writeNull();
    } else {
      json.writeString(text);
    }
  }

  private static void write(JsonGenerator json, Prediction.ClassPrediction p) {
    json.writeName("prediction");
    write(json, p.label());
    json.writeObjectPropertyStart("probabilities");
    for (int k = 0; k < p.probabilities().length; k++) {
      json.writeName(p.classes().get(k).text());
      json.writeNumber((float) p.probabilities()[k]);
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Prediction.NumberPrediction p) {
    if (p.values().length == 1) {
      json.writeNumberProperty("prediction", p.values()[0]);
      return;
    }
    json.writeObjectPropertyStart("prediction");
    for (int j = 0; j < p.values().length; j++) {
      json.writeNumberProperty(p.names().get(j), p.values()[j]);
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Prediction.QuantilePrediction p) {
    json.writeNumberProperty("prediction", p.value());
    json.writeObjectPropertyStart("quantiles");
    for (int j = 0; j < p.values().length; j++) {
      json.writeNumberProperty(p.taus().get(j), p.values()[j]);
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Prediction.MultiLabelPrediction p) {
    json.writeObjectPropertyStart("prediction");
    for (int j = 0; j < p.names().size(); j++) {
      json.writeName(p.names().get(j));
      write(json, p.label(j));
    }
    json.writeEndObject();
    json.writeObjectPropertyStart("probabilities");
    for (int j = 0; j < p.names().size(); j++) {
      json.writeName(p.names().get(j));
      json.writeNumber((float) p.probabilities()[j]);
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Label label) {
    switch (label.kind()) {
      case TEXT -> json.writeString(label.text());
      case NUMBER -> json.writeNumber(label.text());
      case BOOLEAN -> json.writeBoolean(Boolean.parseBoolean(label.text()));
    }
  }
}
