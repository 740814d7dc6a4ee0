package dev.backprop.service.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A data set as the API shows it.
///
/// @param bytes that its table holds in memory
/// @param columns left out in lists
/// @param owner the id of the key that made it, or the subject of the token; null if there was
///   neither
/// @param description null if there is none, see [dev.backprop.platform.notes.Notes]
/// @param shared whether its owner shows it to all
/// @param missingTokens the texts that stood for a missing value, beside the empty one
record DatasetView(
    String id,
    String name,
    int rows,
    long bytes,
    String sha256,
    Instant createdAt,
    @Nullable String owner,
    boolean shared,
    @Nullable String description,
    List<String> tags,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<ColumnDescription> columns,
    List<String> missingTokens,
    List<String> warnings) {

  static DatasetView of(DatasetHead dataset) {
    return view(dataset, dataset.columns());
  }

  /// @param columns with their histograms
  static DatasetView of(DatasetHead dataset, List<ColumnDescription> columns) {
    return view(dataset, columns);
  }

  static DatasetView inList(DatasetHead dataset) {
    return view(dataset, null);
  }

  private static DatasetView view(DatasetHead dataset, @Nullable List<ColumnDescription> columns) {
    return new DatasetView(
        dataset.id(),
        dataset.name(),
        dataset.rows(),
        dataset.bytes(),
        dataset.sha256(),
        dataset.createdAt(),
        dataset.ownership().owner(),
        dataset.ownership().shared(),
        dataset.notes().description(),
        dataset.notes().tags(),
        columns,
        dataset.missing().tokens(),
        dataset.warnings());
  }
}
