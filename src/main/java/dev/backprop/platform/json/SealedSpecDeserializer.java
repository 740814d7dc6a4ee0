package dev.backprop.platform.json;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.platform.problem.NearestName;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.bean.BeanDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.module.SimpleModule;

/// Reads a sealed spec from its object form, or from its bare type name: `"relu"` is `{"type":
/// "relu"}`.
final class SealedSpecDeserializer extends DelegatingDeserializer {

  static final String TYPE = "type";

  private SealedSpecDeserializer(ValueDeserializer<?> objects) {
    super(objects);
  }

  /// A module that uses this deserializer for every sealed type that names its cases.
  static SimpleModule module() {
    SimpleModule module = new SimpleModule("specs");
    module.setValueInstantiators(new SpecDefaults());
    module.setDeserializerModifier(
        new ValueDeserializerModifier() {
          @Override
          public ValueDeserializer<?> modifyDeserializer(
              DeserializationConfig config,
              BeanDescription.Supplier description,
              ValueDeserializer<?> deserializer) {
            Class<?> type = description.getBeanClass();
            if (type.isSealed() && type.isAnnotationPresent(JsonSubTypes.class)) {
              return new SealedSpecDeserializer(deserializer);
            }
            return type.isRecord() && deserializer instanceof BeanDeserializer record
                ? new RecordDeserializer(record)
                : deserializer;
          }
        });
    return module;
  }

  @Override
  protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> delegatee) {
    return new SealedSpecDeserializer(delegatee);
  }

  @Override
  public Object deserializeWithType(
      JsonParser parser, DeserializationContext context, TypeDeserializer types) {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> named(parser.getString(), context, types);
      case START_OBJECT -> object(parser, context, types);
      default -> context.handleUnexpectedToken(context.constructType(handledType()), parser);
    };
  }

  private Object named(String name, DeserializationContext context, TypeDeserializer types) {
    try (JsonParser object =
        context.treeAsTokens(context.getNodeFactory().objectNode().put(TYPE, name))) {
      object.nextToken();
      return _delegatee.deserializeWithType(object, context, types);
    }
  }

  private Object object(JsonParser parser, DeserializationContext context, TypeDeserializer types) {
    JsonNode tree = context.readTree(parser);
    checkType(parser, tree);
    try (JsonParser object = context.treeAsTokens(tree)) {
      object.nextToken();
      return _delegatee.deserializeWithType(object, context, types);
    } catch (InvalidTypeIdException e) {
      throw e.getPath().isEmpty() ? e.prependPath(handledType(), TYPE) : e;
    }
  }

  /// A field that is a misspelt `type` is told before that there is no type.
  private void checkType(JsonParser parser, JsonNode object) {
    String misspelt = object.has(TYPE) ? null : NearestName.of(TYPE, object.propertyNames());
    if (misspelt != null) {
      throw UnrecognizedPropertyException.from(parser, handledType(), misspelt, List.of(TYPE));
    }
  }

  /// `"earlyStopping": null` switches early stopping off. Elsewhere null means that the field was
  /// left out.
  @Override
  public @Nullable Object getNullValue(DeserializationContext context) {
    return handledType() == EarlyStoppingSpec.class ? new EarlyStoppingSpec.None() : null;
  }

  @Override
  public @Nullable Object getAbsentValue(DeserializationContext context) {
    return null;
  }
}
