package dev.backprop.service.prediction;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.platform.json.Values;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Some of the rows of an evaluation.
///
/// @param found how many there are, shown or not
/// @param items those that are shown
record FoundRows(int found, List<Item> items) {

  /// A row and what is answered to it. Several targets are told by their names.
  ///
  /// @param row from 1
  /// @param actual what the row says
  /// @param predicted what the version answers
  /// @param probability of the class that is answered
  /// @param error of numbers, the answer less the number of the row
  /// @param cells of its columns but the target, null if they are missing
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Item(
      int row,
      @Values(types = {"string", "number", "boolean", "object"}) Object actual,
      @Values(types = {"string", "number", "boolean", "object"}) Object predicted,
      @Nullable Double probability,
      @Values(types = {"number", "object"}) @Nullable Object error,
      @Values(types = "object") Map<String, @Nullable Object> cells) {}
}
