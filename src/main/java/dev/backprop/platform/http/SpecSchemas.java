package dev.backprop.platform.http;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.backprop.engine.spec.ClassWeightsSpec;
import dev.backprop.engine.spec.Default;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The specs as OpenAPI schemas, read off their records: a sealed type is one of its names or one
/// of its objects, told apart by `type`. (What springdoc derives by itself knows no bare name and
/// nests the alternatives.)
final class SpecSchemas {

  private final Map<String, Schema<?>> schemas = new TreeMap<>();

  /// Adds these records, and all that they are made of, to the components.
  static void addTo(OpenAPI api, List<Class<? extends Record>> roots) {
    SpecSchemas specs = new SpecSchemas();
    roots.forEach(specs::reference);
    specs.schemas.forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
  }

  private Schema<?> reference(Class<?> type) {
    String name = type.getSimpleName();
    if (!schemas.containsKey(name)) {
      schemas.put(name, new JsonSchema());
      schemas.put(name, type.isRecord() ? object(type) : oneOf(type));
    }
    return new JsonSchema().$ref("#/components/schemas/" + name);
  }

  private Schema<?> oneOf(Class<?> sealed) {
    JsonSubTypes.Type[] types = sealed.getAnnotation(JsonSubTypes.class).value();
    Schema<Object> names = typed("string");
    Schema<Object> result = new JsonSchema();
    for (JsonSubTypes.Type type : types) {
      names.addEnumItemObject(type.name());
      Schema<?> alternative = object(type.value());
      alternative.addProperty("type", typed("string")._const(type.name()));
      alternative.addRequiredItem("type");
      schemas.put(sealed.getSimpleName() + "." + type.value().getSimpleName(), alternative);
      result.addOneOfItem(
          new JsonSchema()
              .$ref(
                  "#/components/schemas/%s.%s"
                      .formatted(sealed.getSimpleName(), type.value().getSimpleName())));
    }
    result.addOneOfItem(names);
    return result;
  }

  private Schema<?> object(Class<?> record) {
    Schema<Object> schema = typed("object");
    for (RecordComponent component : record.getRecordComponents()) {
      Schema<?> property = property(component.getAnnotatedType());
      Default said = component.getAnnotation(Default.class);
      if (said != null) {
        property.setDefault(json(said.value()));
      }
      schema.addProperty(component.getName(), property);
    }
    schema.setAdditionalProperties(false);
    return schema;
  }

  private Schema<?> property(AnnotatedType annotated) {
    if (annotated instanceof AnnotatedParameterizedType generic) {
      AnnotatedType[] arguments = generic.getAnnotatedActualTypeArguments();
      return arguments.length == 2
          ? typed("object").additionalProperties(property(arguments[1]))
          : typed("array").items(property(arguments[0]));
    }
    Class<?> type = (Class<?>) annotated.getType();
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return typed("integer");
    }
    if (type == double.class || type == Double.class) {
      return typed("number");
    }
    if (type == boolean.class) {
      return typed("boolean");
    }
    if (type.isEnum()) {
      Schema<Object> names = typed("string");
      Arrays.stream(type.getEnumConstants())
          .map(Object::toString)
          .forEach(names::addEnumItemObject);
      return names;
    }
    if (type == ClassWeightsSpec.class) {
      return new JsonSchema()
          .addOneOfItem(typed("string")._const("balanced"))
          .addOneOfItem(typed("object").additionalProperties(typed("number")));
    }
    if (type.isRecord() || isSealedSpec(type)) {
      return reference(type);
    }
    throw new IllegalArgumentException("no schema for " + type + " in a spec");
  }

  /// A default as the JSON value that a request would have.
  private static Object json(String said) {
    try {
      return Json31.mapper().readTree(said);
    } catch (JsonProcessingException _) {
      return said; // a name
    }
  }

  private static boolean isSealedSpec(Class<?> type) {
    return type.isSealed() && type.isAnnotationPresent(JsonSubTypes.class);
  }

  private static Schema<Object> typed(String type) {
    Schema<Object> schema = new JsonSchema();
    schema.setTypes(Set.of(type));
    return schema;
  }
}
