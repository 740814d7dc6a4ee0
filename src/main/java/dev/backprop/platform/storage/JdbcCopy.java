package dev.backprop.platform.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Copies SQLite's database to an empty one of PostgreSQL.
///
/// The service is stopped meanwhile: the copy takes the lock of the data directory, which a running
/// service has and none can take then. The target is one transaction. If anything goes wrong, up to
/// the end of this process, it is as empty as it was. The last thing before the end of the
/// transaction is to read all rows again and to compare them.
public final class JdbcCopy {

  /// Each database has rows of its own in these.
  private static final Set<String> OWN = Set.of("flyway_schema_history", "schema_minimum");

  /// A migration makes the one row of each, in which something is counted.
  private static final Map<String, String> COUNTERS =
      Map.of("model_changes", "last", "training_queue", "accepted", "key_changes", "last");

  private static final String NOTHING_KEPT = "Nothing was kept in the target.";

  /// What was copied.
  ///
  /// @param database the file that it is a copy of
  /// @param bytes of what the rows have in them
  public record Copied(Path database, int tables, long rows, long bytes) {}

  private JdbcCopy() {}

  /// Copies everything and compares it.
  ///
  /// @param environment the properties of the service; user and password of the target are there if
  ///   the URL has none
  /// @param url of the target
  /// @throws StorageException if nothing was copied
  public static Copied toPostgresql(Environment environment, String url) {
    if (!url.startsWith(JdbcConfiguration.POSTGRESQL)) {
      throw new StorageException(
          "The target must begin with %s.".formatted(JdbcConfiguration.POSTGRESQL),
          "Name a PostgreSQL database.",
          null);
    }
    StorageProperties storage = StorageProperties.of(environment);
    Path database = DataDirectory.existingDatabase(storage.dataDirectory());
    try (DataDirectory directory =
        ofStopped(storage.dataDirectory(), "Stop the service first, and start it over the copy.")) {
      DataSource target = postgresql(environment, url);
      requireEmpty(target);
      migrate(target, "postgresql");
      DataSource source = source(JdbcConfiguration.sqlite(directory), new Properties());
      migrate(source, "sqlite");
      List<JdbcCopiedTable.Digest> copied = copy(source, target);
      return new Copied(
          database,
          copied.size(),
          copied.stream().mapToLong(JdbcCopiedTable.Digest::rows).sum(),
          copied.stream().mapToLong(JdbcCopiedTable.Digest::bytes).sum());
    } catch (SQLException | FlywayException | IOException e) {
      throw new StorageException(
          "The copy to %s failed: %s."
              .formatted(JdbcConfiguration.withoutParameters(url), reason(e)),
          NOTHING_KEPT,
          e);
    }
  }

  /// @param action what can be done if the service runs
  static DataDirectory ofStopped(Path path, String action) {
    try {
      return DataDirectory.open(path);
    } catch (StorageException e) {
      throw new StorageException(String.valueOf(e.getMessage()), action, e);
    }
  }

  static String reason(Exception e) {
    return Objects.requireNonNullElse(e.getMessage(), e.toString()).strip().replaceAll("\\s+", " ");
  }

  static DataSource postgresql(Environment environment, String url) {
    Properties login = new Properties();
    for (String[] each : new String[][] {{"username", "user"}, {"password", "password"}}) {
      String given = environment.getProperty("spring.datasource." + each[0]);
      if (given != null) {
        login.setProperty(each[1], given);
      }
    }
    login.setProperty("connectTimeout", "10");
    login.setProperty("tcpKeepAlive", "true");
    return source(url, login);
  }

  private static DataSource source(String url, Properties properties) {
    return new DriverManagerDataSource(url, properties);
  }

  /// As the service does at its start.
  static void migrate(DataSource source, String vendor) {
    new JdbcMigration()
        .migrate(
            Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/" + vendor)
                .load());
  }

  private static List<JdbcCopiedTable.Digest> copy(DataSource from, DataSource to)
      throws SQLException {
    try (Connection source = from.getConnection();
        Connection target = to.getConnection()) {
      target.setAutoCommit(false);
      try {
        List<JdbcCopiedTable> tables = tables(source, target);
        lock(target, tables);
        requireEmpty(target);
        for (JdbcCopiedTable table : tables.reversed()) {
          execute(target, "DELETE FROM " + JdbcCopiedTable.quoted(table.name()));
        }
        List<JdbcCopiedTable.Digest> sent = new ArrayList<>();
        for (JdbcCopiedTable table : tables) {
          sent.add(table.copy(source, target));
          table.number(source, target);
        }
        for (int i = 0; i < tables.size(); i++) {
          requireSame(tables.get(i), sent.get(i), tables.get(i).digest(target));
        }
        target.commit();
        return sent;
      } catch (SQLException | RuntimeException e) {
        rollBack(target, e);
        throw e;
      }
    }
  }

  private static void rollBack(Connection target, Exception cause) {
    try {
      target.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e); // the server rolls back what has lost its connection
    }
  }

  private static void requireSame(
      JdbcCopiedTable table, JdbcCopiedTable.Digest sent, JdbcCopiedTable.Digest found)
      throws SQLException {
    if (!sent.sameAs(found)) {
      throw new SQLException(
          "table %s has %d rows, was sent %d, and what is in them differs"
              .formatted(table.name(), found.rows(), sent.rows()));
    }
  }

  /// Tables that others refer to come before those.
  private static List<JdbcCopiedTable> tables(Connection source, Connection target)
      throws SQLException {
    List<String> names =
        texts(
            source,
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'");
    Set<String> ordered = new LinkedHashSet<>();
    for (String name : names) {
      if (!OWN.contains(name)) {
        addAfterThoseItNeeds(name, target, ordered);
      }
    }
    List<JdbcCopiedTable> tables = new ArrayList<>();
    for (String name : ordered) {
      tables.add(JdbcCopiedTable.of(name, source, target));
    }
    return tables;
  }

  private static void addAfterThoseItNeeds(String name, Connection target, Set<String> ordered)
      throws SQLException {
    DatabaseMetaData about = target.getMetaData();
    try (ResultSet needed = about.getImportedKeys(null, target.getSchema(), name)) {
      while (needed.next()) {
        addAfterThoseItNeeds(needed.getString("PKTABLE_NAME"), target, ordered);
      }
    }
    ordered.add(name);
  }

  /// Nobody else writes, or begins to serve, before all is there.
  private static void lock(Connection target, List<JdbcCopiedTable> tables) throws SQLException {
    execute(target, "SET LOCAL lock_timeout = '10s'");
    execute(
        target,
        tables.stream()
            .map(table -> JdbcCopiedTable.quoted(table.name()))
            .collect(Collectors.joining(", ", "LOCK TABLE ", " IN ACCESS EXCLUSIVE MODE")));
  }

  private static void requireEmpty(DataSource target) throws SQLException {
    try (Connection connection = target.getConnection()) {
      requireEmpty(connection);
    }
  }

  /// No row in any table, but for those that migrations make.
  private static void requireEmpty(Connection target) throws SQLException {
    for (String table :
        texts(
            target,
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")) {
      String counter = COUNTERS.get(table);
      long rows =
          OWN.contains(table)
              ? 0
              : number(
                  target,
                  "SELECT count(*) FROM "
                      + JdbcCopiedTable.quoted(table)
                      + (counter == null ? "" : " WHERE " + counter + " <> 0"));
      if (rows > 0) {
        throw notEmpty(table, rows);
      }
    }
  }

  private static StorageException notEmpty(String table, long rows) {
    return new StorageException(
        "The target is not empty: its table %s has %d %s."
            .formatted(table, rows, rows == 1 ? "row" : "rows"),
        "Name an empty database, over which no service runs.",
        null);
  }

  static List<String> texts(Connection connection, String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        texts.add(row.getString(1));
      }
    }
    return texts;
  }

  static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
