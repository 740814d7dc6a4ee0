package dev.backprop.platform.storage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One table on its way from SQLite to PostgreSQL, row by row.
final class JdbcCopiedTable {

  /// Bytes and rows that go to the server at once, at most or little more.
  private static final long BATCH_BYTES = 4 << 20;

  private static final int BATCH_ROWS = 500;

  /// Rows that are fetched at once to be compared. Rows with bytes are large.
  private static final int FETCHED = 20;

  /// What a column keeps. Both databases have the same columns, SQLite has fewer types.
  private enum Type {
    NUMBER,
    REAL,
    BOOLEAN,
    TIME,
    TEXT,
    BYTES;

    static Type of(String name) {
      return switch (name) {
        case "int2", "int4", "int8" -> NUMBER;
        case "float8" -> REAL;
        case "bool" -> BOOLEAN;
        case "timestamptz" -> TIME;
        case "text" -> TEXT;
        case "bytea" -> BYTES;
        case String other -> throw new IllegalStateException("a column of type " + other);
      };
    }
  }

  private record Column(String name, Type type, boolean identity) {}

  /// The sum of what the rows of a table hash to, which does not depend on their order.
  static final class Digest {

    private final long[] sum = new long[4];
    private long rows;
    private long bytes;

    private void add(RowHash row) {
      byte[] hash = row.sha.digest();
      for (int i = 0; i < hash.length; i++) {
        sum[i / Long.BYTES] += (hash[i] & 0xffL) << (Long.SIZE - 8 - 8 * (i % Long.BYTES));
      }
      rows++;
      bytes += row.bytes;
    }

    long rows() {
      return rows;
    }

    /// Of what the rows have in them.
    long bytes() {
      return bytes;
    }

    boolean sameAs(Digest other) {
      return rows == other.rows && Arrays.equals(sum, other.sum);
    }
  }

  private static final class RowHash {

    private final MessageDigest sha = Sha256.digest();
    private long bytes;

    void add(@Nullable Object value) {
      byte[] content =
          switch (value) {
            case null -> new byte[0];
            case byte[] given -> given;
            case Object other -> other.toString().getBytes(StandardCharsets.UTF_8);
          };
      sha.update((value == null ? "-" : content.length + ":").getBytes(StandardCharsets.UTF_8));
      sha.update(content);
      bytes += content.length;
    }
  }

  private final String name;
  private final List<Column> columns;

  private JdbcCopiedTable(String name, List<Column> columns) {
    this.name = name;
    this.columns = columns;
  }

  /// The columns that the source has, as the target has them.
  static JdbcCopiedTable of(String name, Connection source, Connection target) throws SQLException {
    List<Column> columns = new ArrayList<>();
    try (PreparedStatement known =
        target.prepareStatement(
            """
            SELECT udt_name, is_identity FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = ? AND column_name = ?""")) {
      for (String column :
          JdbcCopy.texts(source, "SELECT name FROM pragma_table_info('" + name + "')")) {
        known.setString(1, name);
        known.setString(2, column);
        try (ResultSet row = known.executeQuery()) {
          if (!row.next()) {
            throw new SQLException("the target has no column %s of %s".formatted(column, name));
          }
          columns.add(
              new Column(column, Type.of(row.getString(1)), row.getString(2).equals("YES")));
        }
      }
    }
    return new JdbcCopiedTable(name, columns);
  }

  String name() {
    return name;
  }

  /// Copies all rows.
  Digest copy(Connection source, Connection target) throws SQLException {
    Digest digest = new Digest();
    String places = columns.stream().map(_ -> "?").collect(Collectors.joining(", "));
    try (Statement statement = source.createStatement();
        ResultSet rows = statement.executeQuery(select());
        PreparedStatement insert =
            target.prepareStatement(
                "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES (%s)"
                    .formatted(quoted(name), names(), places))) {
      long sent = 0;
      while (rows.next()) {
        List<@Nullable Object> row = row(rows, true);
        digest.add(hash(row));
        for (int i = 0; i < columns.size(); i++) {
          set(insert, i + 1, columns.get(i).type(), row.get(i));
        }
        insert.addBatch();
        if (digest.rows() % BATCH_ROWS == 0 || digest.bytes() - sent >= BATCH_BYTES) {
          insert.executeBatch();
          sent = digest.bytes();
        }
      }
      insert.executeBatch();
    }
    return digest;
  }

  /// Reads the rows of the target, to be compared with what was to be copied.
  Digest digest(Connection target) throws SQLException {
    Digest digest = new Digest();
    try (Statement statement = target.createStatement()) {
      boolean large = columns.stream().anyMatch(column -> column.type() == Type.BYTES);
      statement.setFetchSize(large ? 1 : FETCHED);
      try (ResultSet rows = statement.executeQuery(select())) {
        while (rows.next()) {
          digest.add(hash(row(rows, false)));
        }
      }
    }
    return digest;
  }

  /// Goes on numbering where the source would have.
  void number(Connection source, Connection target) throws SQLException {
    for (Column column : columns) {
      if (column.identity()) {
        long last =
            JdbcCopy.number(
                source,
                "SELECT max(coalesce((SELECT max(%s) FROM %s), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = '%s'), 0))"
                    .formatted(quoted(column.name()), quoted(name), name));
        JdbcCopy.execute(
            target,
            "ALTER TABLE %s ALTER COLUMN %s RESTART WITH %d"
                .formatted(quoted(name), quoted(column.name()), last + 1));
      }
    }
  }

  private String select() {
    return "SELECT %s FROM %s".formatted(names(), quoted(name));
  }

  private String names() {
    return columns.stream().map(column -> quoted(column.name())).collect(Collectors.joining(", "));
  }

  static String quoted(String name) {
    return '"' + name + '"';
  }

  private static RowHash hash(List<@Nullable Object> row) {
    RowHash hash = new RowHash();
    row.forEach(hash::add);
    return hash;
  }

  /// The same values whichever database has them.
  private List<@Nullable Object> row(ResultSet from, boolean sqlite) throws SQLException {
    List<@Nullable Object> row = new ArrayList<>();
    for (int i = 1; i <= columns.size(); i++) {
      Object value =
          switch (columns.get(i - 1).type()) {
            case NUMBER -> from.getLong(i);
            case REAL -> from.getDouble(i);
            case BOOLEAN -> from.getBoolean(i);
            case TIME -> sqlite ? Instant.ofEpochMilli(from.getLong(i)) : instant(from, i);
            case TEXT -> from.getString(i);
            case BYTES -> from.getBytes(i);
          };
      row.add(from.wasNull() ? null : value);
    }
    return row;
  }

  private static @Nullable Instant instant(ResultSet from, int i) throws SQLException {
    OffsetDateTime time = from.getObject(i, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static void set(PreparedStatement insert, int i, Type type, @Nullable Object value)
      throws SQLException {
    if (value == null) {
      insert.setNull(i, Types.NULL);
      return;
    }
    switch (type) {
      case NUMBER -> insert.setLong(i, (Long) value);
      case REAL -> insert.setDouble(i, (Double) value);
      case BOOLEAN -> insert.setBoolean(i, (Boolean) value);
      case TIME -> insert.setObject(i, ((Instant) value).atOffset(ZoneOffset.UTC));
      case TEXT -> insert.setString(i, (String) value);
      case BYTES -> insert.setBytes(i, (byte[]) value);
    }
  }
}
