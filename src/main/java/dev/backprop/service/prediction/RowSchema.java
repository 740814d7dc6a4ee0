package dev.backprop.service.prediction;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.table.DateFormat;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Schema.Field;
import dev.backprop.engine.table.Schema.Role;
import dev.backprop.service.model.ModelInputs;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The JSON Schema of a row that a model takes. A cell has the type that the column has in JSON,
/// though the service reads more. What is answered with a warning is valid: ranges and categories
/// are annotations.
final class RowSchema {

  /// What a cell of a column may be that is not used.
  private static final List<String> ANY_CELL = List.of("string", "number", "boolean", "null");

  private RowSchema() {}

  static Map<String, Object> of(ModelInputs inputs) {
    return switch (inputs) {
      case ModelInputs.Numbers(int width) -> numbers(width);
      case ModelInputs.Columns columns -> columns(columns);
    };
  }

  /// A row as it stands in `inputs`.
  private static Map<String, Object> numbers(int width) {
    return JsonSchemas.array(JsonSchemas.type("number"), width);
  }

  private static Map<String, Object> columns(ModelInputs.Columns columns) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    Iterator<Feature> features = columns.encoder().features().iterator();
    for (Field field : columns.schema().fields()) {
      if (field.role() != Role.FEATURE) {
        properties.put(field.name(), Map.of("type", ANY_CELL));
        continue;
      }
      properties.put(field.name(), cell(features.next(), field.nullable()));
      if (!field.nullable()) {
        required.add(field.name());
      }
    }
    return JsonSchemas.object(properties, required);
  }

  private static Map<String, Object> cell(Feature feature, boolean nullable) {
    return switch (feature) {
      case Feature.Numeric numeric -> {
        Map<String, Object> cell = typed(List.of("number"), nullable);
        cell.put("x-training-range", List.of(number(numeric.min()), number(numeric.max())));
        yield cell;
      }
      case Feature.Categorical categorical -> {
        Set<String> types = new LinkedHashSet<>();
        for (Label category : categorical.categories()) {
          types.add(JsonSchemas.type(category));
        }
        Map<String, Object> cell = typed(List.copyOf(types), nullable);
        cell.put("examples", categorical.categories().stream().map(Label::json).toList());
        yield cell;
      }
      case Feature.Date date -> {
        Map<String, Object> cell = typed(List.of("string"), nullable);
        String format = format(date.format());
        if (!format.isEmpty()) {
          cell.put("format", format);
        }
        cell.put("x-date-format", date.format().pattern());
        cell.put("x-training-range", List.of(date.first(), date.last()));
        yield cell;
      }
    };
  }

  /// The name that JSON Schema has for texts that are written so, which are those of RFC 3339;
  /// empty if it has none.
  private static String format(DateFormat format) {
    return switch (format.pattern()) {
      case "yyyy-MM-dd" -> "date";
      case "yyyy-MM-dd'T'HH:mm:ssXXX" -> "date-time";
      default -> "";
    };
  }

  private static Map<String, Object> typed(List<String> types, boolean nullable) {
    List<String> all = new ArrayList<>(types);
    if (nullable) {
      all.add("null");
    }
    Map<String, Object> cell = new LinkedHashMap<>();
    cell.put("type", all.size() == 1 ? all.getFirst() : all);
    return cell;
  }

  /// Without the digits that say nothing.
  private static Number number(double value) {
    long whole = (long) value;
    return whole == value ? (Number) whole : (Number) value;
  }
}
