package dev.backprop.platform.storage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;

/// Brings the schema of the database to what this version of the service needs.
///
/// A schema may be newer than this version: during a rolling update processes of both share it, and
/// what a newer one has added is nothing to an older one. If that is no longer so, the database
/// says which migration a process has to know at least, in the table `schema_minimum`.
final class JdbcMigration implements FlywayMigrationStrategy {

  private static final Logger log = LoggerFactory.getLogger(JdbcMigration.class);

  private static final String MINIMUM = "schema_minimum";

  @Override
  public void migrate(Flyway flyway) {
    try {
      share(flyway);
    } catch (FlywayException e) {
      throw JdbcFaults.isDamage(e) ? damaged(e) : e;
    } catch (SQLException e) {
      throw JdbcFaults.isDamage(e) ? damaged(e) : new IllegalStateException(e);
    }
  }

  private static void share(Flyway flyway) throws SQLException {
    MigrationInfo[] all = flyway.info().all();
    int known = newest(all, info -> info.getState().isResolved());
    int applied = newest(all, info -> info.getState().isApplied());
    requireKnown(flyway, known);
    if (applied > known) {
      log.warn(
          "The schema of the database is at migration {}, made by a newer version of the service; this one knows those up to {} and shares it",
          applied,
          known);
    } else {
      if (flyway.migrate().migrationsExecuted > 0) {
        log.info("The schema of the database came from migration {} to {}", applied, known);
      }
    }
  }

  private static int newest(MigrationInfo[] all, Predicate<MigrationInfo> which) {
    return Arrays.stream(all)
        .filter(which)
        .filter(info -> info.getVersion() != null)
        .mapToInt(info -> info.getVersion().getMajor().intValueExact())
        .max()
        .orElse(0);
  }

  private static void requireKnown(Flyway flyway, int known) throws SQLException {
    try (Connection connection = flyway.getConfiguration().getDataSource().getConnection()) {
      OptionalInt minimum = minimum(connection);
      if (minimum.isPresent() && minimum.getAsInt() > known) {
        throw new StorageException(
            "The database needs processes that know migration %d at least, this version of the service knows those up to %d."
                .formatted(minimum.getAsInt(), known),
            "Start the version of the service that has used the database last, or a newer one.",
            new IllegalStateException(MINIMUM));
      }
    }
  }

  /// Empty in the schema of a former version.
  private static OptionalInt minimum(Connection connection) throws SQLException {
    try (ResultSet table =
        connection.getMetaData().getTables(null, connection.getSchema(), MINIMUM, null)) {
      if (!table.next()) {
        return OptionalInt.empty();
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT minimum FROM " + MINIMUM)) {
      return row.next() ? OptionalInt.of(row.getInt(1)) : OptionalInt.empty();
    }
  }

  private static StorageException damaged(Exception e) {
    return new StorageException(
        "The database is damaged: " + Objects.requireNonNullElse(e.getMessage(), ""),
        StorageDamageAnalyzer.ACTION,
        e);
  }
}
