package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the columns of a table enter a network.
///
/// @param numbers how all numbers do
/// @param columns how single columns do, by their names
public record EncodingSpec(
    @Default("standardize") NumberEncodingSpec numbers, Map<String, ColumnEncodingSpec> columns) {

  /// What a request gets that says nothing of it.
  public static final EncodingSpec DEFAULT = Defaults.fill(EncodingSpec.class, null, Map.of());

  public EncodingSpec {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }

  @JsonCreator
  static EncodingSpec read(
      @Nullable NumberEncodingSpec numbers, @Nullable Map<String, ColumnEncodingSpec> columns) {
    if (columns != null) {
      columns.forEach(EncodingSpec::checkGiven);
    }
    return Defaults.fill(EncodingSpec.class, numbers, columns == null ? Map.of() : columns);
  }

  private static void checkGiven(String column, @Nullable ColumnEncodingSpec encoding) {
    if (encoding == null) {
      throw new InvalidSpecException(
          "/columns/" + InvalidSpecException.part(column), "must be an encoding, was null");
    }
  }

  /// How a numeric column enters.
  public NumberEncodingSpec number(String column) {
    return columns.get(column) instanceof NumberEncodingSpec own ? own : numbers;
  }

  /// The same encoding with these columns.
  public EncodingSpec withColumns(Map<String, ColumnEncodingSpec> columns) {
    return new EncodingSpec(numbers, columns);
  }
}
