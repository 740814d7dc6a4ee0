package dev.backprop.platform.storage;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/// The databases that tests share: one SQLite file and one PostgreSQL server for all of them,
/// configured as in the service.
public final class Databases {

  private static final String POSTGRESQL_IMAGE = "postgres:17";
  private static final int POSTGRESQL_PORT = 5432;
  private static final String POSTGRESQL_PASSWORD = "of-a-test";

  private static @Nullable ConfigurableApplicationContext sqlite;
  private static @Nullable ConfigurableApplicationContext postgresql;
  private static @Nullable String postgresqlUrl;

  private Databases() {}

  /// An empty SQLite database.
  public static synchronized JdbcDatabase sqlite() {
    if (sqlite == null) {
      sqlite = start("--backprop.data-directory=" + temporaryDirectory());
    }
    return emptied(sqlite.getBean(JdbcDatabase.class));
  }

  /// An empty PostgreSQL database.
  public static synchronized JdbcDatabase postgresql() {
    if (postgresql == null) {
      postgresql =
          start(
              "--spring.datasource.url=" + postgresqlUrl(),
              "--spring.datasource.username=postgres");
    }
    return emptied(postgresql.getBean(JdbcDatabase.class));
  }

  public static JdbcDatabase empty(JdbcDatabase.Kind kind) {
    return switch (kind) {
      case SQLITE -> sqlite();
      case POSTGRESQL -> postgresql();
    };
  }

  /// What is in one of them, as it is.
  public static JdbcDatabase shared(JdbcDatabase.Kind kind) {
    return context(kind).getBean(JdbcDatabase.class);
  }

  /// Connections to one of them.
  public static DataSource source(JdbcDatabase.Kind kind) {
    return context(kind).getBean(DataSource.class);
  }

  /// How often something stored could not be read, as one of them has counted it.
  public static long corruptions(JdbcDatabase.Kind kind) {
    return context(kind).getBean(StorageFaults.class).count(StorageFaults.Kind.CORRUPT);
  }

  private static synchronized ConfigurableApplicationContext context(JdbcDatabase.Kind kind) {
    ConfigurableApplicationContext context =
        switch (kind) {
          case SQLITE -> sqlite;
          case POSTGRESQL -> postgresql;
        };
    return Objects.requireNonNull(context);
  }

  /// Of the one server, for the user `postgres`: an embedded one, or a container if the environment
  /// asks for that.
  public static synchronized String postgresqlUrl() {
    if (postgresqlUrl == null) {
      postgresqlUrl = inContainer() ? startContainer() : startEmbedded();
    }
    return postgresqlUrl;
  }

  /// Another database of that server, which is empty.
  ///
  /// @return its URL
  public static String emptyPostgresql() throws SQLException {
    String name = "of_a_test_" + UUID.randomUUID().toString().replace('-', '_');
    try (Connection server = DriverManager.getConnection(postgresqlUrl(), "postgres", null);
        Statement statement = server.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return postgresqlUrl().replaceFirst("/postgres(?=\\?|$)", "/" + name);
  }

  static boolean inContainer() {
    return "container".equals(System.getenv("BACKPROP_TEST_POSTGRESQL"));
  }

  private static String startEmbedded() {
    try {
      return EmbeddedPostgres.start().getJdbcUrl("postgres", "postgres");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Testcontainers removes it when this process ends. Before its database is made the server
  /// listens to nobody outside.
  private static String startContainer() {
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(POSTGRESQL_IMAGE))
            .withEnv("POSTGRES_PASSWORD", POSTGRESQL_PASSWORD)
            .withTmpFs(Map.of("/var/lib/postgresql/data", "rw"))
            .withExposedPorts(POSTGRESQL_PORT)
            .waitingFor(Wait.forSuccessfulCommand("pg_isready -h 127.0.0.1 -U postgres"));
    container.start();
    return "jdbc:postgresql://%s:%d/postgres?password=%s"
        .formatted(
            container.getHost(), container.getMappedPort(POSTGRESQL_PORT), POSTGRESQL_PASSWORD);
  }

  /// The beans of storage alone, with the service's own configuration.
  static ConfigurableApplicationContext start(String... properties) {
    return new SpringApplicationBuilder(
            StorageConfiguration.class,
            StorageHealth.class,
            JdbcConfiguration.class,
            Surroundings.class)
        .web(WebApplicationType.NONE)
        .run(properties);
  }

  public static Path temporaryDirectory() {
    try {
      Path directory = Files.createTempDirectory("backprop");
      directory.toFile().deleteOnExit();
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A SQLite database of its own, which soon gives up waiting for a lock.
  public static Breakable breakable() {
    Path directory = temporaryDirectory();
    return new Breakable(
        start(
            "--backprop.data-directory=" + directory,
            "--spring.datasource.hikari.connection-init-sql=PRAGMA busy_timeout=10"),
        directory);
  }

  /// A database that can be made unreachable.
  public record Breakable(ConfigurableApplicationContext context, Path directory)
      implements AutoCloseable {

    public JdbcDatabase database() {
      return context.getBean(JdbcDatabase.class);
    }

    /// Nobody else can write to it before this is closed.
    public Lock lock() throws SQLException {
      Connection other =
          DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("backprop.db"));
      try (Statement statement = other.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
      }
      return other::close;
    }

    /// What [#lock] holds.
    public interface Lock extends AutoCloseable {

      @Override
      void close() throws SQLException;
    }

    public void breakNow() {
      context.getBean(HikariDataSource.class).close();
    }

    @Override
    public void close() {
      context.close();
    }
  }

  public static JdbcBlobs blobs(JdbcDatabase database, InstantSource clock) {
    return new JdbcBlobs(database, null, clock);
  }

  /// Removes what nobody has adopted.
  public static void clean(JdbcBlobs blobs) {
    blobs.clean();
  }

  /// Tables that others refer to come after those.
  private static JdbcDatabase emptied(JdbcDatabase database) {
    database.change(
        jdbc -> {
          for (String table :
              List.of(
                  "api_key_hashes",
                  "api_keys",
                  "scheduled_tasks",
                  "training_epochs",
                  "trainings",
                  "idempotency_keys",
                  "dataset_holds",
                  "datasets",
                  "model_versions",
                  "models",
                  "blob_chunks",
                  "blobs")) {
            jdbc.sql("DELETE FROM " + table).update();
          }
        });
    return database;
  }

  // No @Configuration: the service's own scan shall not find it.
  @ImportAutoConfiguration({
    DataSourceTransactionManagerAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    JdbcClientAutoConfiguration.class,
    FlywayAutoConfiguration.class
  })
  static class Surroundings {

    /// At which nothing of any test is old, so that nothing is cleaned away behind its back.
    @Bean
    Clock clock() {
      return Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    }
  }
}
