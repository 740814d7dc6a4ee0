package dev.backprop.service.dataset;

import dev.backprop.engine.table.MissingTokens;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.KeptWarnings;
import java.time.Instant;
import java.util.List;

/// What is known of a data set without its cells.
///
/// @param bytes that the table holds in memory
/// @param sha256 of the decoded bytes of the upload, in hexadecimal; empty if a training holds the
///   data set alone
/// @param columns empty in lists
/// @param missing the texts that stood for a missing value
/// @param ownership whose it is
/// @param notes what people say of it
public record DatasetHead(
    String id,
    String name,
    int rows,
    long bytes,
    String sha256,
    List<ColumnDescription> columns,
    List<String> warnings,
    MissingTokens missing,
    Instant createdAt,
    Ownership ownership,
    Notes notes) {

  public DatasetHead {
    columns = List.copyOf(columns);
    warnings = KeptWarnings.of(warnings);
  }

  /// The same data set, of which people say something else.
  DatasetHead with(Notes other) {
    return new DatasetHead(
        id, name, rows, bytes, sha256, columns, warnings, missing, createdAt, ownership, other);
  }

  /// About how many bytes of memory it takes in a list.
  long shownBytes() {
    long bytes = 1_000 + notes.bytes();
    for (String warning : warnings) {
      bytes += 2L * warning.length();
    }
    for (String token : missing.tokens()) {
      bytes += 50 + 2L * token.length();
    }
    return bytes;
  }
}
