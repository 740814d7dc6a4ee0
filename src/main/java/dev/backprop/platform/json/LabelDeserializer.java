package dev.backprop.platform.json;

import dev.backprop.engine.table.Label;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/// Reads a label from the bare JSON value that it had in the data.
final class LabelDeserializer extends StdDeserializer<Label> {

  private static final double MAX_EXACT = 1L << 53;

  LabelDeserializer() {
    super(Label.class);
  }

  @Override
  public Label deserialize(JsonParser parser, DeserializationContext context) {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> Label.text(parser.getString());
      case VALUE_TRUE -> Label.bool(true);
      case VALUE_FALSE -> Label.bool(false);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser, context);
      default -> (Label) context.handleUnexpectedToken(Label.class, parser);
    };
  }

  private static Label number(JsonParser parser, DeserializationContext context) {
    double value = parser.getDoubleValue();
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && Math.abs(value) > MAX_EXACT
        && Double.isFinite(value)) {
      return Label.integer(parser.getString());
    }
    return Double.isFinite(value)
        ? Label.number(value)
        : (Label) context.handleWeirdStringValue(Label.class, parser.getString(), "must be finite");
  }
}
