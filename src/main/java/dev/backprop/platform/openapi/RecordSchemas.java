package dev.backprop.platform.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.backprop.engine.spec.Default;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.platform.json.Values;
import io.swagger.v3.oas.models.media.Discriminator;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;

/// The records of requests and answers as schemas. What a record's fields are called, which of them
/// are left out and which types a sealed one has is read off the mapper that writes them; what may
/// be null, off the annotations of nullness. So the description follows the code.
final class RecordSchemas {

  private static final String OURS = "dev.backprop.";

  /// Whose types stand as bare names too.
  private static final Package SPECS = Default.class.getPackage();

  private final JsonMapper json;
  private final Map<Class<?>, Schema<?>> replaced;
  private final Map<String, Class<?>> names = new TreeMap<>();
  private final Map<String, Schema<?>> schemas = new TreeMap<>();

  /// @param replaced the schemas of types of which a walk would not tell what they look like
  RecordSchemas(JsonMapper json, Map<Class<?>, Schema<?>> replaced) {
    this.json = json;
    this.replaced = replaced;
  }

  /// All that were asked for, and what these are made of, by name.
  Map<String, Schema<?>> schemas() {
    return schemas;
  }

  /// A reference to the schema of a record, a sealed type or an enum.
  Schema<?> reference(Type type) {
    Class<?> raw = raw(type);
    Schema<?> other = replaced.get(raw);
    if (other != null) {
      return other;
    }
    String name = SchemaName.of(type);
    Class<?> known = names.putIfAbsent(name, raw);
    if (known == null) {
      schemas.put(name, raw.isEnum() ? names(raw) : raw.isSealed() ? sealed(raw) : object(type));
    } else if (known != raw) {
      throw new IllegalStateException(
          "%s and %s have one name, %s".formatted(known.getName(), raw.getName(), name));
    }
    return Schemas.reference(name);
  }

  /// One of its objects, which differ by `type`; a spec may also be one of the names that say all.
  private Schema<?> sealed(Class<?> type) {
    boolean spec = type.getPackage() == SPECS;
    Schema<Object> names = Schemas.of("string");
    Schema<?> oneOf = Schemas.any();
    if (spec) {
      schemas.put(SchemaName.of(type) + "Name", names);
      oneOf.addOneOfItem(Schemas.reference(SchemaName.of(type) + "Name"));
    }
    Discriminator discriminator = new Discriminator().propertyName("type");
    for (NamedType alternative : alternatives(type)) {
      String name = alternative(alternative, spec);
      oneOf.addOneOfItem(Schemas.reference(name));
      discriminator.mapping(alternative.getName(), Schemas.pointer(name));
      if (spec && standsAlone(type, alternative.getName())) {
        names.addEnumItemObject(alternative.getName());
      }
    }
    oneOf.setDiscriminator(discriminator);
    return oneOf;
  }

  /// @return the name of its schema
  private String alternative(NamedType alternative, boolean spec) {
    String name = SchemaName.of(alternative.getType());
    if (names.putIfAbsent(name, alternative.getType()) == null) {
      Schema<Object> type = Schemas.of("string");
      type.addEnumItemObject(alternative.getName());
      Schema<?> object = Schemas.of("object");
      object.addProperty("type", type);
      object.addRequiredItem("type");
      addFields(object, alternative.getType());
      if (spec) {
        object.setAdditionalProperties(false);
      }
      schemas.put(name, object);
    }
    return name;
  }

  /// Whether the bare name says all that the type needs.
  private boolean standsAlone(Class<?> sealed, String name) {
    try {
      json.readValue("\"" + name + "\"", sealed);
      return true;
    } catch (JacksonException | InvalidSpecException _) {
      return false;
    }
  }

  private Collection<NamedType> alternatives(Class<?> sealed) {
    SerializationConfig config = json.serializationConfig();
    AnnotatedClass annotated =
        config.classIntrospectorInstance().introspectClassAnnotations(json.constructType(sealed));
    return Objects.requireNonNull(
        config.getAnnotationIntrospector().findSubtypes(config, annotated),
        () -> sealed + " does not say its types");
  }

  private Schema<?> object(Type type) {
    Schema<Object> schema = Schemas.of("object");
    addFields(schema, type);
    if (raw(type).getPackage() == SPECS) {
      schema.setAdditionalProperties(false);
    }
    return schema;
  }

  private void addFields(Schema<?> schema, Type type) {
    BeanDescription bean = introspect(type);
    JsonInclude.Include usual =
        bean.findPropertyInclusion(JsonInclude.Value.empty()).getValueInclusion();
    for (BeanPropertyDefinition field : bean.findProperties()) {
      if (field.getAccessor() == null) {
        continue;
      }
      if (field.getAccessor().hasAnnotation(JsonUnwrapped.class)) {
        addFields(schema, field.getRawPrimaryType());
      } else {
        JsonInclude.Include own = field.findInclusion().getValueInclusion();
        JsonInclude.Include inclusion = own == JsonInclude.Include.USE_DEFAULTS ? usual : own;
        boolean always =
            inclusion == JsonInclude.Include.USE_DEFAULTS
                || inclusion == JsonInclude.Include.ALWAYS;
        addField(schema, raw(type), field, always, arguments(type));
      }
    }
  }

  private BeanDescription introspect(Type type) {
    SerializationConfig config = json.serializationConfig();
    ClassIntrospector introspector = config.classIntrospectorInstance();
    JavaType bean = json.constructType(type);
    return introspector.introspectForSerialization(
        bean, introspector.introspectClassAnnotations(bean));
  }

  /// @param always whether answers have the field even if there is no value
  private void addField(
      Schema<?> object,
      Class<?> type,
      BeanPropertyDefinition field,
      boolean always,
      Map<String, Type> arguments) {
    RecordComponent component = component(type, field.getInternalName());
    AnnotatedType annotated =
        component != null
            ? component.getAnnotatedType()
            : ((Method) field.getAccessor().getMember()).getAnnotatedReturnType();
    boolean mayBeNull = always && annotated.isAnnotationPresent(Nullable.class);
    Schema<?> schema = value(annotated, arguments, component);
    boolean needed = always;
    if (component != null) {
      schema = Schemas.described(schema, component);
    }
    if (component != null && type.getPackage() == SPECS) {
      needed = Schemas.isRequired(component);
    }
    object.addProperty(
        field.getName(), mayBeNull ? orNull(schema, raw(annotated.getType())) : schema);
    if (needed) {
      object.addRequiredItem(field.getName());
    }
  }

  /// If a sealed type may be null somewhere, that is said of the type: classes of generated clients
  /// refuse null unless it is one of their own values.
  private Schema<?> orNull(Schema<?> schema, Class<?> type) {
    if (!type.isSealed() || !type.isAnnotationPresent(JsonSubTypes.class)) {
      return replaced.containsKey(type) ? schema : Schemas.orNull(schema);
    }
    Schema<?> sealed = Objects.requireNonNull(schemas.get(SchemaName.of(type)));
    Schema<Object> none = Schemas.of("null");
    if (!sealed.getOneOf().contains(none)) {
      sealed.addOneOfItem(none);
    }
    return schema;
  }

  private static @Nullable RecordComponent component(Class<?> type, String name) {
    return type.isRecord()
        ? Arrays.stream(type.getRecordComponents())
            .filter(component -> component.getName().equals(name))
            .findFirst()
            .orElse(null)
        : null;
  }

  /// @param arguments of the type that the value is a part of
  /// @param said what says more of the value; null if nothing does
  private Schema<?> value(
      AnnotatedType annotated, Map<String, Type> arguments, @Nullable AnnotatedElement said) {
    Values values = said == null ? null : said.getAnnotation(Values.class);
    if (values != null) {
      return Schemas.of(values);
    }
    if (annotated instanceof AnnotatedParameterizedType generic
        && !raw(generic.getType()).getName().startsWith(OURS)) {
      AnnotatedType[] inner = generic.getAnnotatedActualTypeArguments();
      Schema<?> items = value(inner[inner.length - 1], arguments, null);
      Schema<?> each =
          inner[inner.length - 1].isAnnotationPresent(Nullable.class)
              ? Schemas.orNull(items)
              : items;
      return Map.class.isAssignableFrom(raw(generic.getType()))
          ? Schemas.of("object").additionalProperties(each)
          : Schemas.of("array").items(each);
    }
    Type type = annotated.getType();
    if (type instanceof TypeVariable<?> variable) {
      return reference(Objects.requireNonNull(arguments.get(variable.getName())));
    }
    Schema<?> simple = Schemas.simple(raw(type));
    return simple != null ? simple : reference(type);
  }

  /// The names of an enum as JSON has them.
  private Schema<?> names(Class<?> type) {
    Schema<Object> names = Schemas.of("string");
    for (Object constant : type.getEnumConstants()) {
      names.addEnumItemObject(json.convertValue(constant, String.class));
    }
    return names;
  }

  private static Map<String, Type> arguments(Type type) {
    Map<String, Type> arguments = new TreeMap<>();
    if (type instanceof ParameterizedType generic) {
      List<TypeVariable<?>> variables = List.of(raw(type).getTypeParameters());
      for (int i = 0; i < variables.size(); i++) {
        arguments.put(variables.get(i).getName(), generic.getActualTypeArguments()[i]);
      }
    }
    return arguments;
  }

  private static Class<?> raw(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getRawType()
        : (Class<?>) type;
  }
}
