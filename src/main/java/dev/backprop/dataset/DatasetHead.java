package dev.backprop.dataset;

import dev.backprop.data.MissingTokens;
import java.time.Instant;
import java.util.List;

/// What is known of an uploaded table without its cells.
///
/// @param bytes that the table holds in memory
/// @param sha256 of the bytes of the upload, decoded, in hexadecimal
/// @param columns none in lists
/// @param missing the texts that stood for a missing value
public record DatasetHead(
    String id,
    String name,
    int rows,
    long bytes,
    String sha256,
    List<ColumnDescription> columns,
    List<String> warnings,
    MissingTokens missing,
    Instant createdAt) {

  public DatasetHead {
    columns = List.copyOf(columns);
    warnings = List.copyOf(warnings);
  }
}
