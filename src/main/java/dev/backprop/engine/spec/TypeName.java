package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.util.Arrays;
import java.util.Objects;

/// How the types of the specs are called in messages: as in requests.
final class TypeName {

  private TypeName() {}

  /// Such as `leaky-relu` for a [Activation.LeakyRelu].
  ///
  /// @param spec one of the types that a sealed interface lists for JSON
  static String of(Object spec) {
    return Arrays.stream(spec.getClass().getInterfaces())
        .map(kind -> kind.getAnnotation(JsonSubTypes.class))
        .filter(Objects::nonNull)
        .flatMap(types -> Arrays.stream(types.value()))
        .filter(type -> type.value() == spec.getClass())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(spec.getClass() + " has no name"))
        .name();
  }
}
