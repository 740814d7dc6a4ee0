package dev.backprop.service.prediction;

import dev.backprop.service.model.ModelVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// A JSON object for each prediction: all in the array of one object, or each in a line of its own.
final class JsonAnswers implements AnswerWriter {

  private final JsonGenerator json;
  private final @Nullable ModelVersion named;
  private final List<String> passed;
  private final List<String> columns;

  /// @param json if the predictions stand in lines, puts a line break between two root values
  /// @param named the version that stands before the array; null for lines
  /// @param passed columns that are copied from the rows
  /// @param columns of explanations
  JsonAnswers(
      JsonGenerator json, @Nullable ModelVersion named, List<String> passed, List<String> columns) {
    this.json = json;
    this.named = named;
    this.passed = passed;
    this.columns = columns;
  }

  @Override
  public void begin() {
    if (named != null) {
      json.writeStartObject();
      json.writeStringProperty("model", named.name());
      json.writeNumberProperty("version", named.version());
      json.writeArrayPropertyStart("predictions");
    }
  }

  @Override
  public void answer(Told told, PredictionRows rows, int row) {
    json.writeStartObject();
    PredictionJson.write(json, told.prediction(), rows.warningsOf(row));
    if (told.assured() != null) {
      PredictionJson.write(json, told.assured());
    }
    if (!told.why().isEmpty()) {
      PredictionJson.write(json, told.why(), columns);
    }
    if (!passed.isEmpty()) {
      json.writeObjectPropertyStart(PredictionJson.PASS);
      for (int i = 0; i < passed.size(); i++) {
        PredictionJson.text(json, passed.get(i), rows.passed(i, row));
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  @Override
  public void end() {
    if (named != null) {
      json.writeEndArray();
      json.writeEndObject();
    } else {
      json.writeRaw('\n');
    }
  }

  @Override
  public void flush() {
    json.flush();
  }
}
