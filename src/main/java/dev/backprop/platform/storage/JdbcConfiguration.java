package dev.backprop.platform.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import com.zaxxer.hikari.pool.HikariPool;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/// The database: PostgreSQL if `spring.datasource.url` names one, else SQLite in the data
/// directory.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "backprop.storage", havingValue = "jdbc", matchIfMissing = true)
@EnableConfigurationProperties(DataSourceProperties.class)
class JdbcConfiguration {

  static final String POSTGRESQL = "jdbc:postgresql:";
  private static final int CONNECTIONS = 6;

  /// Of them for what does not go through [JdbcDatabase]: the scheduler of trainings.
  private static final int OTHER_CONNECTIONS = 2;

  /// Of the write-ahead log, once what it had is in the database.
  private static final int LOG_BYTES = 64 << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration PATIENCE_IN_QUEUE = Duration.ofSeconds(10);
  private static final Duration PATIENCE_AT_START = Duration.ofSeconds(15);

  /// Whether a database is still there is asked this often.
  private static final Duration PROBE = Duration.ofSeconds(1);

  /// Which database, and how to reach it.
  ///
  /// @param directory of SQLite; null for another database
  record Place(JdbcDatabase.Kind kind, String url, @Nullable DataDirectory directory)
      implements AutoCloseable {

    @Override
    public void close() throws IOException {
      if (directory != null) {
        directory.close();
      }
    }
  }

  @Bean
  Place storagePlace(DataSourceProperties given, StorageProperties storage) {
    String url = given.getUrl();
    if (url == null || url.isBlank()) {
      DataDirectory directory = DataDirectory.open(storage.dataDirectory());
      return new Place(JdbcDatabase.Kind.SQLITE, sqlite(directory), directory);
    }
    if (!url.startsWith(POSTGRESQL)) {
      throw notPostgresql();
    }
    return new Place(JdbcDatabase.Kind.POSTGRESQL, url, null);
  }

  static StorageException notPostgresql() {
    return new StorageException(
        "spring.datasource.url must begin with %s.".formatted(POSTGRESQL),
        "Name a PostgreSQL database, or none for SQLite in backprop.data-directory.",
        new IllegalArgumentException("spring.datasource.url"));
  }

  /// A write is on the disk when it has been answered (`synchronous`). Readers and one writer do
  /// not wait for each other (`journal_mode`). A transaction that will write says so from the
  /// beginning (`transaction_mode`), so that it waits for another instead of failing. Whatever the
  /// log grew to, its file gives back (`journal_size_limit`).
  static String sqlite(DataDirectory directory) {
    return "jdbc:sqlite:"
        + directory.database()
        + "?journal_mode=WAL&synchronous=FULL&busy_timeout=5000&transaction_mode=IMMEDIATE&foreign_keys=true"
        + "&journal_size_limit="
        + LOG_BYTES;
  }

  @Bean
  HikariDataSource dataSource(Place place, DataSourceProperties given, Environment environment) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(place.url());
    if (place.kind() == JdbcDatabase.Kind.POSTGRESQL) {
      config.setUsername(given.getUsername());
      config.setPassword(given.getPassword());
      // A server that fell silent is given up; the URL may say otherwise.
      config.addDataSourceProperty("connectTimeout", "5");
      config.addDataSourceProperty("socketTimeout", "30");
      config.addDataSourceProperty("tcpKeepAlive", "true");
    } else {
      config.setExceptionOverride(new ReplacedWhereBusy());
    }
    DataDirectory directory = place.directory();
    if (directory != null) {
      JdbcSpace.prepare(directory.database(), directory.reserve());
    }
    config.setPoolName("backprop");
    config.setMaximumPoolSize(CONNECTIONS);
    config.setConnectionTimeout(PATIENCE.toMillis());
    config.setInitializationFailTimeout(PATIENCE_AT_START.toMillis());
    Binder.get(environment).bind("spring.datasource.hikari", Bindable.ofInstance(config));
    try {
      return new HikariDataSource(config);
    } catch (HikariPool.PoolInitializationException e) {
      boolean damaged = JdbcFaults.isDamage(e);
      throw new StorageException(
          "The database %s %s: %s"
              .formatted(
                  withoutParameters(place.url()),
                  damaged ? "is damaged" : "cannot be reached",
                  Objects.requireNonNullElse(e.getCause(), e).getMessage()),
          damaged
              ? StorageDamageAnalyzer.ACTION
              : "Start it, or look at spring.datasource.url, spring.datasource.username and spring.datasource.password.",
          e);
    }
  }

  /// A connection of SQLite that did not get its turn to write takes itself to be in a transaction
  /// all the same. It would keep the next one's changes one by one, so a fresh one takes its place.
  private static final class ReplacedWhereBusy implements SQLExceptionOverride {

    @java.lang.Override
    public SQLExceptionOverride.Override adjudicate(SQLException fault) {
      return JdbcFaults.isBusy(fault)
          ? SQLExceptionOverride.Override.MUST_EVICT
          : SQLExceptionOverride.Override.CONTINUE_EVICT;
    }
  }

  /// A password may stand among the parameters.
  static String withoutParameters(String url) {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }

  @Bean
  JdbcTransactions transactions(HikariDataSource source) {
    return new JdbcTransactions(source);
  }

  @Bean
  JdbcMigration migration() {
    return new JdbcMigration();
  }

  @Bean
  @DependsOnDatabaseInitialization
  JdbcDatabase database(
      Place place,
      HikariDataSource source,
      JdbcClient client,
      PlatformTransactionManager transactions,
      StorageFaults faults) {
    int connections = Math.max(1, source.getMaximumPoolSize() - OTHER_CONNECTIONS);
    return new JdbcDatabase(
        place.kind(),
        client,
        transactions,
        new JdbcDatabase.Limits(connections, PATIENCE_IN_QUEUE),
        faults);
  }

  @Bean
  JdbcBlobs blobs(Place place, JdbcDatabase database, Clock clock, Pulse pulse) {
    DataDirectory directory = place.directory();
    return new JdbcBlobs(database, directory == null ? null : directory.reserve(), clock)
        .cleanedBy(pulse);
  }

  @Bean
  JdbcSpace space(JdbcDatabase database, JdbcOperations jdbc, Pulse pulse) {
    return new JdbcSpace(database, jdbc).givenBackBy(pulse);
  }

  @Bean
  Pulse storagePulse(JdbcDatabase database) {
    Pulse pulse = new Pulse(2);
    pulse.every(PROBE, database::probe);
    return pulse;
  }
}
