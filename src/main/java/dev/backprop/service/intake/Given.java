package dev.backprop.service.intake;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A part of a request: what it means, and what it said. What it means has the usual values in
/// place of what it did not say.
///
/// @param said the fields that were not null
@JsonDeserialize(using = Given.Reader.class)
record Given<T>(T spec, ObjectNode said) {

  /// What a part means that may be missing.
  static <T> @Nullable T meaning(@Nullable Given<T> part) {
    return part == null ? null : part.spec;
  }

  /// The names of the fields of a part that may be missing.
  static Set<String> names(@Nullable Given<?> part) {
    return part == null ? Set.of() : Set.copyOf(part.said.propertyNames());
  }

  static final class Reader extends ValueDeserializer<Given<?>> {

    private final @Nullable JavaType type;

    Reader() {
      this(null);
    }

    private Reader(@Nullable JavaType type) {
      this.type = type;
    }

    @Override
    public ValueDeserializer<?> createContextual(
        DeserializationContext context, @Nullable BeanProperty property) {
      return new Reader(context.getContextualType().containedType(0));
    }

    @Override
    public Given<?> deserialize(JsonParser json, DeserializationContext context) {
      JsonNode tree = context.readTree(json);
      Object spec = context.readTreeAsValue(tree, type);
      ObjectNode said = JsonNodeFactory.instance.objectNode();
      tree.forEachEntry(
          (name, value) -> {
            if (!value.isNull()) {
              said.set(name, value);
            }
          });
      return new Given<>(spec, said);
    }
  }
}
