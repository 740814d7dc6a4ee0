package dev.backprop.http;

import dev.backprop.spec.InvalidSpecException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.jdk.StringDeserializer;

/// Reads texts, but for those that could not be written again: JSON can escape half of a surrogate
/// pair, UTF-8 has no bytes for it.
final class TextDeserializer extends StringDeserializer {

  @Override
  public @Nullable String deserialize(JsonParser parser, DeserializationContext context) {
    return checked(super.deserialize(parser, context));
  }

  /// @throws InvalidSpecException where it is no Unicode text
  static @Nullable String checked(@Nullable String text) {
    if (text == null || Excerpt.isWellFormed(text)) {
      return text;
    }
    throw new InvalidSpecException("", "must be Unicode text, has half of a surrogate pair");
  }
}
