package dev.backprop.service.prediction;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.spec.Interval;
import dev.backprop.platform.json.Values;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Asks for the answers over two columns.
///
/// @param x a column that the model uses
/// @param y another one
/// @param at cells of other columns; those of the typical row if they are left out
/// @param size how many values of each column; 50 if it is left out
@JsonInclude(JsonInclude.Include.NON_NULL)
record SurfaceRequest(
    @JsonInclude String x,
    @JsonInclude String y,
    @Values(types = "object") @Nullable Map<String, JsonNode> at,
    @Interval("[2, 100]") @Nullable Integer size) {

  private static final int USUAL_SIZE = 50;

  SurfaceRequest {
    RequiredField.check("x", x);
    RequiredField.check("y", y);
  }

  Map<String, JsonNode> cells() {
    return at == null ? Map.of() : at;
  }

  int sizeOrUsual() {
    return size == null ? USUAL_SIZE : size;
  }
}
