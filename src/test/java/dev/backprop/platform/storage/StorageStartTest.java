package dev.backprop.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class StorageStartTest {

  private static FailureAnalysis analysis(Throwable fault) {
    return Objects.requireNonNull(new StorageFailureAnalyzer().analyze(fault));
  }

  @Test
  void makesTheDataDirectoryAndKeepsWhatIsInIt(@TempDir Path directory) {
    String property = "--backprop.data-directory=" + directory.resolve("not/yet/there");
    try (ConfigurableApplicationContext first = Databases.start(property)) {
      JdbcDatabase database = first.getBean(JdbcDatabase.class);
      database.change(
          jdbc ->
              jdbc.sql("INSERT INTO blobs (id, adopted, written_at) VALUES ('kept', 1, 1)")
                  .update());
      assertThat(pragma(database, "journal_mode")).isEqualTo("wal");
      assertThat(pragma(database, "synchronous")).isEqualTo("2"); // FULL
      assertThat(pragma(database, "foreign_keys")).isEqualTo("1");
    }
    try (ConfigurableApplicationContext second = Databases.start(property)) {
      List<String> kept =
          second
              .getBean(JdbcDatabase.class)
              .read(jdbc -> jdbc.sql("SELECT id FROM blobs").query(String.class).list());
      assertThat(kept).containsExactly("kept");
    }
  }

  private static String pragma(JdbcDatabase database, String name) {
    return database.read(jdbc -> jdbc.sql("PRAGMA " + name).query(String.class).single());
  }

  /// A database of its own, in the file of a directory or on the server.
  private static List<String> empty(JdbcDatabase.Kind kind, Path directory) throws SQLException {
    return switch (kind) {
      case SQLITE -> List.of("--backprop.data-directory=" + directory);
      case POSTGRESQL ->
          List.of(
              "--spring.datasource.url=" + Databases.emptyPostgresql(),
              "--spring.datasource.username=postgres");
    };
  }

  private static void change(List<String> properties, String sql) {
    try (ConfigurableApplicationContext context = start(properties)) {
      context.getBean(JdbcDatabase.class).change(jdbc -> jdbc.sql(sql).update());
    }
  }

  private static ConfigurableApplicationContext start(List<String> properties) {
    return Databases.start(properties.toArray(String[]::new));
  }

  @ParameterizedTest
  @EnumSource(JdbcDatabase.Kind.class)
  void sharesASchemaThatIsMerelyNewer(
      JdbcDatabase.Kind kind, @TempDir Path directory, CapturedOutput output) throws SQLException {
    List<String> properties = empty(kind, directory);
    change(
        properties,
        """
        INSERT INTO flyway_schema_history
          (installed_rank, version, description, type, script, checksum, installed_by, installed_on,
           execution_time, success)
        SELECT 99, '99', 'of tomorrow', 'SQL', 'V99__of_tomorrow.sql', 1, installed_by, installed_on, 1,
          success
        FROM flyway_schema_history WHERE version = '1'""");

    try (ConfigurableApplicationContext context = start(properties)) {
      context.getBean(JdbcDatabase.class).probe();
    }

    assertThat(output.getAll().lines().filter(line -> line.contains(" WARN ")))
        .singleElement()
        .asString()
        .contains("is at migration 99, made by a newer version of the service", "those up to ");
  }

  @ParameterizedTest
  @EnumSource(JdbcDatabase.Kind.class)
  void refusesADatabaseThatNeedsANewerProcess(JdbcDatabase.Kind kind, @TempDir Path directory)
      throws SQLException {
    List<String> properties = empty(kind, directory);
    change(properties, "UPDATE schema_minimum SET minimum = 99");

    assertThatThrownBy(() -> start(properties))
        .satisfies(
            fault ->
                assertThat(analysis(fault).getDescription())
                    .matches(
                        "The database needs processes that know migration 99 at least, this version of the service knows those up to \\d+\\."));
  }

  @Test
  void refusesADatabaseThatIsDamaged(@TempDir Path directory) throws IOException {
    List<String> properties = List.of("--backprop.data-directory=" + directory);
    start(properties).close();
    Path file = directory.resolve("backprop.db");
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 100, 4096, (byte) 0xff); // the tables' names
    Files.write(file, bytes);

    assertThatThrownBy(() -> start(properties))
        .satisfies(
            fault -> {
              assertThat(analysis(fault).getDescription())
                  .startsWith("The database jdbc:sqlite:" + file + " is damaged: ");
              assertThat(analysis(fault).getAction()).contains("backup");
            });
  }

  @Test
  void saysInWordsThatATableIsDamaged() {
    FailureAnalysis analysis =
        Objects.requireNonNull(
            new StorageDamageAnalyzer()
                .analyze(
                    new IllegalStateException(
                        new ProblemException(ProblemCode.STORAGE_CORRUPT, "a part is damaged"))));

    assertThat(analysis.getDescription())
        .isEqualTo("The database cannot be read: a part is damaged.");
    assertThat(
            new StorageDamageAnalyzer().analyze(new ProblemException(ProblemCode.BUSY, "is busy")))
        .isNull();
  }

  @Test
  void refusesADataDirectoryThatIsInUse(@TempDir Path directory) {
    String property = "--backprop.data-directory=" + directory;
    try (ConfigurableApplicationContext first = Databases.start(property)) {
      assertThatThrownBy(() -> Databases.start(property))
          .satisfies(
              fault -> {
                FailureAnalysis analysis = analysis(fault);
                assertThat(analysis.getDescription())
                    .isEqualTo("The data directory %s is in use by another process.", directory);
                assertThat(analysis.getAction()).contains("backprop.data-directory");
              });
      first.getBean(JdbcDatabase.class).probe();
    }
  }

  @Test
  void refusesToStartWithoutItsDatabase() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    String url = "jdbc:postgresql://localhost:" + port + "/none";

    assertThatThrownBy(
            () ->
                Databases.start(
                    "--spring.datasource.url=" + url + "?password=secret",
                    "--spring.datasource.hikari.initialization-fail-timeout=1"))
        .satisfies(
            fault ->
                assertThat(analysis(fault).getDescription())
                    .startsWith("The database " + url + " cannot be reached: ")
                    .contains("refused")
                    .doesNotContain("secret"));
  }

  @Test
  void refusesOtherDatabases() {
    assertThatThrownBy(() -> Databases.start("--spring.datasource.url=jdbc:mysql://localhost/x"))
        .satisfies(
            fault ->
                assertThat(analysis(fault).getDescription())
                    .isEqualTo("spring.datasource.url must begin with jdbc:postgresql:."));
  }

  @Test
  void thePoolIsSmallAndCanBeSized(@TempDir Path directory) {
    try (ConfigurableApplicationContext context =
        Databases.start(
            "--backprop.data-directory=" + directory,
            "--spring.datasource.hikari.maximum-pool-size=2")) {
      assertThat(context.getBean(HikariDataSource.class).getMaximumPoolSize()).isEqualTo(2);
    }
  }
}
