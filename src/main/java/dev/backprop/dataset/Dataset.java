package dev.backprop.dataset;

import dev.backprop.data.Table;
import java.time.Instant;
import java.util.List;

/// An uploaded table and what is known of it; immutable.
///
/// @param sha256 of the bytes of the upload, decoded, in hexadecimal
public record Dataset(
    String id,
    String name,
    Table table,
    String sha256,
    List<ColumnDescription> columns,
    List<String> warnings,
    Instant createdAt) {

  public Dataset {
    columns = List.copyOf(columns);
    warnings = List.copyOf(warnings);
  }
}
