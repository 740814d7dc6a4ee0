package dev.backprop.service.prediction;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.spec.InvalidSpecException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Versions that are to be compared on the same rows.
///
/// @param versions two to five
/// @param dataset the id or the name of a data set with targets
record ComparisonRequest(@Nullable List<@Nullable Version> versions, @Nullable String dataset) {

  static final int MOST = 5;

  /// @param version null means the current one
  record Version(
      @Nullable String model,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer version) {}

  ComparisonRequest {
    int found = versions == null ? 0 : versions.size();
    if (found < 2 || found > MOST) {
      throw new InvalidSpecException(
          "/versions", "must be from 2 to %d, were %d".formatted(MOST, found));
    }
    if (dataset == null) {
      throw new InvalidSpecException("/dataset", "is required");
    }
  }
}
