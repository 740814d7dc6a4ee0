package dev.backprop.platform.json;

import dev.backprop.engine.spec.Default;
import dev.backprop.engine.spec.Defaults;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.NullValueProvider;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.module.SimpleValueInstantiators;
import tools.jackson.databind.util.AccessPattern;

/// Gives the components of a spec that are left out or null their defaults, see [Default].
final class SpecDefaults extends SimpleValueInstantiators {

  @Override
  public ValueInstantiator modifyValueInstantiator(
      DeserializationConfig config,
      BeanDescription.Supplier description,
      ValueInstantiator instantiator) {
    Class<?> type = description.getBeanClass();
    return type.isRecord() && type.getPackage() == Default.class.getPackage()
        ? new WithDefaults(instantiator)
        : instantiator;
  }

  private static final class WithDefaults extends ValueInstantiator.Delegating {

    WithDefaults(ValueInstantiator plain) {
      super(plain);
    }

    @Override
    public SettableBeanProperty @Nullable [] getFromObjectArguments(DeserializationConfig config) {
      SettableBeanProperty[] properties = super.getFromObjectArguments(config);
      return properties == null
          ? null
          : Arrays.stream(properties).map(this::withDefault).toArray(SettableBeanProperty[]::new);
    }

    private SettableBeanProperty withDefault(SettableBeanProperty property) {
      return Arrays.stream(getValueClass().getRecordComponents())
          .filter(component -> component.getName().equals(property.getName()))
          .filter(
              component ->
                  component.isAnnotationPresent(Default.class) || component.getType().isPrimitive())
          .map(component -> property.withNullProvider(new LeftOut(component)))
          .findFirst()
          .orElse(property);
    }
  }

  private record LeftOut(RecordComponent component) implements NullValueProvider {

    @Override
    public @Nullable Object getNullValue(DeserializationContext context) {
      return Defaults.otherwise(component, "");
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
      return Defaults.otherwise(component, "/" + component.getName());
    }

    @Override
    public AccessPattern getNullAccessPattern() {
      return AccessPattern.DYNAMIC;
    }
  }
}
