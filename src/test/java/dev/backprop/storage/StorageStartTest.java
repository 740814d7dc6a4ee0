package dev.backprop.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;

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
