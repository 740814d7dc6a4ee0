package dev.backprop.service.dataset;

import dev.backprop.engine.table.MissingTokens;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Micros;
import dev.backprop.platform.storage.StoredJson;
import dev.backprop.service.dataset.DatasetStore.Stored;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/// Rows of data sets on their way from the database.
record JdbcDatasetRows(StoredJson json) {

  /// What a data set in a list is read from; another column has the descriptions of its columns.
  static final String HEAD =
      "number, id, name, row_count, bytes, held_bytes, sha256, warnings, missing_tokens, created_at, made_by, shared, description, tags";

  static Ownership ownership(ResultSet row, int number) throws SQLException {
    return new Ownership(row.getString("made_by"), row.getInt("shared") == 1);
  }

  Stored whole(ResultSet row, int number) throws SQLException {
    return stored(
        row,
        list(row, "descriptions", ColumnDescription[].class),
        list(row, "warnings", String[].class));
  }

  /// A data set in a list, without its columns.
  Stored shown(ResultSet row, int number) throws SQLException {
    return stored(row, List.of(), shownWarnings(row));
  }

  /// The warnings of a data set in a list. If they cannot be read, they say so, and the other data
  /// sets are listed all the same.
  private List<String> shownWarnings(ResultSet row) throws SQLException {
    try {
      return list(row, "warnings", String[].class);
    } catch (ProblemException e) {
      return List.of(e.detail());
    }
  }

  private <T> List<T> list(ResultSet row, String column, Class<T[]> type) throws SQLException {
    return List.of(json.read(row.getString(column), type, "data set " + row.getString("id")));
  }

  /// A former version stored no tokens.
  private MissingTokens missing(ResultSet row) throws SQLException {
    return row.getString("missing_tokens") == null
        ? MissingTokens.FORMER
        : new MissingTokens(list(row, "missing_tokens", String[].class));
  }

  private Stored stored(ResultSet row, List<ColumnDescription> columns, List<String> warnings)
      throws SQLException {
    return new Stored(
        row.getLong("number"),
        new DatasetHead(
            row.getString("id"),
            row.getString("name"),
            row.getInt("row_count"),
            row.getLong("bytes"),
            row.getString("sha256"),
            columns,
            warnings,
            missing(row),
            Micros.instant(row.getLong("created_at")),
            ownership(row, 0),
            Notes.ofColumns(row.getString("description"), row.getString("tags"))),
        row.getLong("held_bytes"));
  }
}
