package dev.backprop.platform.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.backprop.engine.spec.Default;
import dev.backprop.engine.spec.Interval;
import dev.backprop.engine.spec.Required;
import dev.backprop.platform.json.Values;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The small parts that schemas are made of.
final class Schemas {

  private static final Pattern INTERVAL = Pattern.compile("([\\[(])(\\S+), (\\S+)([\\])])");

  private Schemas() {}

  static Schema<Object> any() {
    return new JsonSchema();
  }

  static Schema<Object> of(String... types) {
    Schema<Object> schema = any();
    schema.setTypes(new LinkedHashSet<>(List.of(types)));
    return schema;
  }

  static Schema<?> of(Values values) {
    Schema<Object> schema = of(values.types());
    List.of(values.names()).forEach(schema::addEnumItemObject);
    return schema;
  }

  static String pointer(String name) {
    return "#/components/schemas/" + name;
  }

  static Schema<?> reference(String name) {
    return any().$ref(pointer(name));
  }

  /// The schema of a number, a truth value or a text; null of every other type.
  static @Nullable Schema<?> simple(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return of("integer").format("int32");
    }
    if (type == long.class || type == Long.class) {
      return of("integer").format("int64");
    }
    if (type == double.class || type == Double.class) {
      return of("number").format("double");
    }
    if (type == Number.class) {
      return of("number");
    }
    if (type == boolean.class || type == Boolean.class) {
      return of("boolean");
    }
    if (type == Instant.class) {
      return of("string").format("date-time");
    }
    return type == String.class ? of("string") : null;
  }

  /// The same, or null.
  static Schema<?> orNull(Schema<?> schema) {
    if (schema.getTypes() == null) {
      return any().addOneOfItem(schema).addOneOfItem(of("null"));
    }
    Set<String> types = new LinkedHashSet<>(schema.getTypes());
    types.add("null");
    schema.setTypes(types);
    return schema;
  }

  /// Whether a request must give this component of a spec.
  static boolean isRequired(RecordComponent component) {
    return component.isAnnotationPresent(Required.class)
        || (component.getType().isPrimitive() && !component.isAnnotationPresent(Default.class));
  }

  /// The schema of a component, with its default and its interval.
  static Schema<?> described(Schema<?> plain, RecordComponent component) {
    Schema<?> schema = plain;
    Default said = component.getAnnotation(Default.class);
    if (said != null) {
      // Generators of clients write no Java of a default that stands beside a reference.
      schema = plain.get$ref() == null ? plain : any().addOneOfItem(plain);
      schema.setDefault(json(said.value()));
    }
    Interval interval = component.getAnnotation(Interval.class);
    if (interval != null) {
      bound(schema, interval.value());
    }
    return schema;
  }

  private static void bound(Schema<?> schema, String interval) {
    Matcher ends = INTERVAL.matcher(interval);
    if (!ends.matches()) {
      throw new IllegalStateException("no interval: " + interval);
    }
    boolean fromIsIn = ends.group(1).equals("[");
    BigDecimal from = new BigDecimal(ends.group(2));
    if (fromIsIn) {
      schema.setMinimum(from);
    } else {
      schema.setExclusiveMinimumValue(from);
    }
    if (!ends.group(3).equals("∞")) {
      BigDecimal to = new BigDecimal(ends.group(3));
      if (ends.group(4).equals("]")) {
        schema.setMaximum(to);
      } else {
        schema.setExclusiveMaximumValue(to);
      }
    }
  }

  /// A default as the JSON value that a request would have.
  private static Object json(String said) {
    try {
      return Json31.mapper().readTree(said);
    } catch (JsonProcessingException _) {
      return said; // a name
    }
  }
}
