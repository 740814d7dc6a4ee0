package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.util.Arrays;
import java.util.Objects;

/// How the types of the specs, and the constants of their enums, are called: as in requests.
final class TypeName {

  private TypeName() {}

  /// Such as `flat-cos` for [FactorSchedule#FLAT_COS].
  ///
  /// @param constant that is annotated with its name
  static String of(Enum<?> constant) {
    try {
      return constant
          .getDeclaringClass()
          .getField(constant.name())
          .getAnnotation(JsonProperty.class)
          .value();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e); // every constant is a field
    }
  }

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
