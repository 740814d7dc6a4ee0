package dev.backprop.platform.json;

import dev.backprop.engine.table.Label;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/// Writes a label as the bare JSON value that it had in the data.
final class LabelSerializer extends StdSerializer<Label> {

  LabelSerializer() {
    super(Label.class);
  }

  @Override
  public void serialize(Label label, JsonGenerator generator, SerializationContext context) {
    generator.writePOJO(label.json());
  }
}
