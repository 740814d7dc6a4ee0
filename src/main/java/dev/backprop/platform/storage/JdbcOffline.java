package dev.backprop.platform.storage;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// The database of the service for a command, which starts no service. A new one gets its schema.
///
/// SQLite's belongs to one process at a time, so the service must be stopped. PostgreSQL's is
/// shared with processes that run.
public final class JdbcOffline {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private JdbcOffline() {}

  /// Works with the database.
  ///
  /// @param environment the properties of the service
  /// @throws StorageException if there is none, it cannot be reached, or the service is using it
  public static <T> T work(Environment environment, Function<JdbcDatabase, T> work) {
    StorageProperties storage = StorageProperties.of(environment);
    if (storage.storage() == StorageProperties.Kind.MEMORY) {
      throw new StorageException(
          "The service keeps everything in memory, which ends with it.",
          "Have a database, by backprop.storage=jdbc.",
          null);
    }
    String url = environment.getProperty("spring.datasource.url", "");
    try {
      return url.isBlank() ? sqlite(storage, work) : postgresql(environment, url, work);
    } catch (FlywayException | IOException e) {
      throw new StorageException(
          "The database %s cannot be used: %s."
              .formatted(
                  url.isBlank() ? "of the service" : JdbcConfiguration.withoutParameters(url),
                  JdbcCopy.reason(e)),
          "Start it, or look at spring.datasource.url, spring.datasource.username and spring.datasource.password.",
          e);
    }
  }

  private static <T> T sqlite(StorageProperties storage, Function<JdbcDatabase, T> work)
      throws IOException {
    try (DataDirectory directory =
        JdbcCopy.ofStopped(
            storage.dataDirectory(), "Stop the service first, and start it after.")) {
      JdbcSpace.prepare(directory.database(), directory.reserve());
      DataSource source = new DriverManagerDataSource(JdbcConfiguration.sqlite(directory));
      JdbcCopy.migrate(source, "sqlite");
      return work(JdbcDatabase.Kind.SQLITE, source, work);
    }
  }

  private static <T> T postgresql(
      Environment environment, String url, Function<JdbcDatabase, T> work) {
    if (!url.startsWith(JdbcConfiguration.POSTGRESQL)) {
      throw JdbcConfiguration.notPostgresql();
    }
    DataSource source = JdbcCopy.postgresql(environment, url);
    JdbcCopy.migrate(source, "postgresql");
    return work(JdbcDatabase.Kind.POSTGRESQL, source, work);
  }

  private static <T> T work(
      JdbcDatabase.Kind kind, DataSource source, Function<JdbcDatabase, T> work) {
    try (JdbcDatabase database =
        new JdbcDatabase(
            kind,
            JdbcClient.create(source),
            new JdbcTransactions(source),
            new JdbcDatabase.Limits(1, PATIENCE),
            new StorageFaults(Clock.systemUTC()))) {
      return Objects.requireNonNull(work.apply(database));
    }
  }
}
