package dev.backprop.engine.spec;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A copy of a spec, of which only those components are said that differ.
public final class SpecCopy<T extends Record> {

  private final Class<T> type;
  private final RecordComponent[] components;
  private final @Nullable Object[] values;

  @SuppressWarnings("unchecked") // a record has no subclasses
  private SpecCopy(T spec) {
    type = (Class<T>) spec.getClass();
    components = type.getRecordComponents();
    values =
        Arrays.stream(components).map(component -> value(component, spec)).toArray(Object[]::new);
  }

  private static @Nullable Object value(RecordComponent component, Record spec) {
    try {
      return component.getAccessor().invoke(spec);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // every component has an accessor, which only answers
    }
  }

  public static <T extends Record> SpecCopy<T> of(T spec) {
    return new SpecCopy<>(spec);
  }

  /// @param component its name
  /// @param value null means the component's default, as of [Defaults#fill]
  public SpecCopy<T> with(String component, @Nullable Object value) {
    for (int i = 0; i < components.length; i++) {
      if (components[i].getName().equals(component)) {
        values[i] = value;
        return this;
      }
    }
    throw new IllegalArgumentException(type.getSimpleName() + " has no " + component);
  }

  /// @throws InvalidSpecException if the components do not go together
  public T spec() {
    return Defaults.fill(type, values);
  }
}
