package dev.backprop.service.intake;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.backprop.engine.spec.SplitSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a training request says about the columns of its data.
///
/// @param target the target columns, one or several
/// @param task null if it is to be inferred
/// @param columns how to read columns, by their names; the others are inferred
/// @param weight the column that says how much each row counts; null if all count the same
/// @param split how the rows are split into parts; null if each row is drawn by itself
public record SchemaRequest(
    List<String> target,
    @Nullable TargetTask task,
    Map<String, ColumnUse> columns,
    @Nullable String weight,
    @Nullable SplitSpec split) {

  /// A request without weights and split: every row counts the same, and is drawn by itself.
  public SchemaRequest(
      List<String> target, @Nullable TargetTask task, Map<String, ColumnUse> columns) {
    this(target, task, columns, null, null);
  }

  /// What to do with the target.
  public enum TargetTask {
    @JsonProperty("classification")
    CLASSIFICATION,
    @JsonProperty("regression")
    REGRESSION
  }

  /// How to read a column.
  ///
  /// @param type null if it is to be inferred
  /// @param nullable whether rows to predict may lack its cell; null if the data decide
  public record ColumnUse(@Nullable Type type, @Nullable Boolean nullable) {

    /// A type, with missing cells allowed if the data have some.
    static ColumnUse of(Type type) {
      return new ColumnUse(type, null);
    }

    boolean ignored() {
      return type == Type.IGNORE;
    }

    /// The type of a column, or `IGNORE` to leave it out.
    public enum Type {
      @JsonProperty("numeric")
      NUMERIC,
      @JsonProperty("categorical")
      CATEGORICAL,
      @JsonProperty("boolean")
      BOOLEAN,
      @JsonProperty("date")
      DATE,
      @JsonProperty("ignore")
      IGNORE
    }
  }

  public SchemaRequest {
    target = List.copyOf(target);
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns)); // faults in its order
  }

  /// Whether the request says the type of a column.
  boolean types(String name) {
    ColumnUse use = columns.get(name);
    return use != null && use.type() != null;
  }

  /// A request that says only the target; everything else is inferred.
  public static SchemaRequest of(String... target) {
    return new SchemaRequest(List.of(target), null, Map.of());
  }
}
