package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Makes specs from requests that leave something out.
public final class Defaults {

  private Defaults() {}

  /// @param given one value for each component, in their order; null means the component's
  ///   [Default]. The last ones may be left out, which also means their defaults
  /// @throws InvalidSpecException if a component is left out that has no default and may not be
  ///   null
  public static <T> T fill(Class<T> type, @Nullable Object... given) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] values = Arrays.copyOf(given, components.length);
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      if (values[i] == null) {
        values[i] = otherwise(components[i], "/" + components[i].getName());
      }
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof InvalidSpecException invalid
          ? invalid
          : new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // every record has this constructor
    }
  }

  /// The value of a component that is left out.
  ///
  /// @param pointer for errors
  /// @throws InvalidSpecException if it has no default and may not be null
  public static @Nullable Object otherwise(RecordComponent component, String pointer) {
    Default said = component.getAnnotation(Default.class);
    Class<?> type = component.getType();
    if (said == null) {
      if (type.isPrimitive()) {
        throw new InvalidSpecException(pointer, "is required");
      }
      return null;
    }
    String value = said.value();
    if (type == double.class) {
      return Double.valueOf(value);
    }
    if (type == int.class) {
      return Integer.valueOf(value);
    }
    if (type == long.class) {
      return Long.valueOf(value);
    }
    if (type == boolean.class) {
      return Boolean.valueOf(value);
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> constant.toString().equals(value))
          .findFirst()
          .orElseThrow();
    }
    return type.isRecord() ? fill(type) : named(type, value);
  }

  private static Object named(Class<?> sealed, String name) {
    return Arrays.stream(sealed.getAnnotation(JsonSubTypes.class).value())
        .filter(type -> type.name().equals(name))
        .map(type -> (Object) fill(type.value()))
        .findFirst()
        .orElseThrow();
  }
}
