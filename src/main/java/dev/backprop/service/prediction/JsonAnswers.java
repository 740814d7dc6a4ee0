package dev.backprop.service.prediction;

import dev.backprop.engine.scoring.Prediction;
import dev.backprop.service.model.ModelVersion;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// One JSON object with all predictions in an array.
final class JsonAnswers implements AnswerWriter {

  private final ModelVersion version;
  private final JsonGenerator json;

  JsonAnswers(ModelVersion version, JsonGenerator json) {
    this.version = version;
    this.json = json;
  }

  @Override
  public void begin() {
    json.writeStartObject();
    json.writeStringProperty("model", version.name());
    json.writeNumberProperty("version", version.version());
    json.writeArrayPropertyStart("predictions");
  }

  @Override
  public boolean showsWarnings() {
    return true;
  }

  @Override
  public void answer(Prediction prediction, List<String> warnings) {
    json.writeStartObject();
    PredictionJson.write(json, prediction, warnings);
    json.writeEndObject();
  }

  @Override
  public void end() {
    json.writeEndArray();
    json.writeEndObject();
  }

  @Override
  public void flush() {
    json.flush();
  }
}
