package dev.backprop.service.prediction;

import dev.backprop.engine.scoring.Prediction;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// A line for each prediction, each a JSON object.
final class NdjsonAnswers implements AnswerWriter {

  private final JsonGenerator json;

  /// @param json puts a line break between two root values
  NdjsonAnswers(JsonGenerator json) {
    this.json = json;
  }

  @Override
  public void begin() {}

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
    json.writeRaw('\n');
  }

  @Override
  public void flush() {
    json.flush();
  }
}
