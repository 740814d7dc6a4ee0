package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the columns of a table enter a network, and how numbers are learned and answered.
///
/// @param numbers how all numbers enter
/// @param categories how all categories enter
/// @param columns how single columns enter, by their names
/// @param target what is done to numeric targets; null for nothing
/// @param clamp whether answers stay within the numbers of the training part
public record EncodingSpec(
    @Default("standardize") NumberEncodingSpec numbers,
    @Default("one-hot") CategoryEncodingSpec categories,
    Map<String, ColumnEncodingSpec> columns,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TargetTransform target,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) @Default("false") boolean clamp) {

  /// What a request gets that says nothing of it.
  public static final EncodingSpec DEFAULT =
      Defaults.fill(EncodingSpec.class, null, null, Map.of());

  public EncodingSpec {
    target = target == TargetTransform.NONE ? null : target;
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }

  @JsonCreator
  static EncodingSpec read(
      @Nullable NumberEncodingSpec numbers,
      @Nullable CategoryEncodingSpec categories,
      @Nullable Map<String, ColumnEncodingSpec> columns,
      @Nullable TargetTransform target,
      @Nullable Boolean clamp) {
    if (columns != null) {
      columns.forEach(EncodingSpec::checkGiven);
    }
    return Defaults.fill(
        EncodingSpec.class,
        numbers,
        categories,
        columns == null ? Map.of() : columns,
        target,
        clamp);
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

  /// How a column of categories enters.
  public CategoryEncodingSpec category(String column) {
    return columns.get(column) instanceof CategoryEncodingSpec own ? own : categories;
  }

  /// Checks what is to be done with the target.
  ///
  /// @param numeric whether the target is
  /// @param loss resolved
  /// @throws InvalidSpecException with the pointer `/target` or `/clamp`
  public void checkTarget(boolean numeric, LossSpec loss) {
    if (target != null && !numeric) {
      throw new InvalidSpecException(
          "/target", "must be none unless the target is numeric, was " + target);
    }
    if (clamp && !numeric) {
      throw new InvalidSpecException(
          "/clamp", "must be false unless the target is numeric, was true");
    }
    if (target != null && !loss.standardizesTargets()) {
      throw new InvalidSpecException(
          "/target",
          "must be none with the loss %s, which takes numbers as they are, was %s"
              .formatted(TypeName.of(loss), target));
    }
  }

  /// What is done to numeric targets.
  public TargetTransform transform() {
    return target == null ? TargetTransform.NONE : target;
  }

  /// The same encoding with another target.
  public EncodingSpec withTarget(TargetTransform other) {
    return new EncodingSpec(numbers, categories, columns, other, clamp);
  }

  /// The same encoding with these columns.
  public EncodingSpec withColumns(Map<String, ColumnEncodingSpec> columns) {
    return new EncodingSpec(numbers, categories, columns, target, clamp);
  }
}
