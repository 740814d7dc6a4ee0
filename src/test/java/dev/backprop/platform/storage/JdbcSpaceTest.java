package dev.backprop.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/// What is deleted becomes room on the disk.
@ExtendWith(OutputCaptureExtension.class)
class JdbcSpaceTest {

  private static final long MEGABYTE = 1 << 20;

  private static final List<String> FILL =
      List.of(
          "INSERT INTO blobs (id, adopted, written_at) VALUES ('kept', 1, 1), ('gone', 1, 1)",
          """
          WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 19)
          INSERT INTO blob_chunks (blob, number, content)
            SELECT CASE WHEN n = 19 THEN 'kept' ELSE 'gone' END, n, randomblob(2097152) FROM numbers""");

  private static final List<String> DELETE =
      List.of("DELETE FROM blob_chunks WHERE blob = 'gone'", "DELETE FROM blobs WHERE id = 'gone'");

  private static ConfigurableApplicationContext start(Path directory) {
    return Databases.start("--backprop.data-directory=" + directory);
  }

  private static void change(JdbcDatabase database, List<String> statements) {
    statements.forEach(sql -> database.change(jdbc -> jdbc.sql(sql).update()));
  }

  private static long pragma(JdbcDatabase database, String name) {
    return database.read(jdbc -> jdbc.sql("PRAGMA " + name).query(Long.class).single());
  }

  private static long size(Path directory) throws IOException {
    return Files.size(directory.resolve("backprop.db"));
  }

  private static int kept(JdbcDatabase database) {
    return database.read(
        jdbc ->
            jdbc.sql("SELECT length(content) FROM blob_chunks WHERE blob = 'kept'")
                .query(Integer.class)
                .single());
  }

  @Test
  void comesBackInSmallSteps(@TempDir Path directory) throws Exception {
    try (ConfigurableApplicationContext context = start(directory)) {
      JdbcDatabase database = context.getBean(JdbcDatabase.class);
      JdbcSpace space = context.getBean(JdbcSpace.class);
      // The turns of the service itself would come between.
      context.getBean(Pulse.class).close();
      change(database, FILL);
      change(database, DELETE);
      long free = pragma(database, "freelist_count");
      assertThat(free).isGreaterThan(9 * JdbcSpace.STEP_PAGES);

      space.step();

      assertThat(pragma(database, "freelist_count")).isEqualTo(free - JdbcSpace.STEP_PAGES);
      space.giveBack();
      assertThat(pragma(database, "freelist_count")).isGreaterThan(JdbcSpace.KEPT_PAGES);
      space.giveBack();
      assertThat(pragma(database, "freelist_count")).isLessThanOrEqualTo(JdbcSpace.KEPT_PAGES);
      assertThat(size(directory)).isLessThan(4 * MEGABYTE);
      assertThat(kept(database)).isEqualTo(2 * MEGABYTE);
    }
  }

  /// A file as former versions have made it.
  private static void makeFormer(Path directory) throws SQLException {
    start(directory).close();
    try (Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("backprop.db"))) {
      for (String sql :
          List.of(
              "PRAGMA journal_mode = DELETE",
              "PRAGMA auto_vacuum = NONE",
              "VACUUM",
              "PRAGMA journal_mode = WAL")) {
        JdbcCopy.execute(connection, sql);
      }
      for (String sql : FILL) {
        JdbcCopy.execute(connection, sql);
      }
      for (String sql : DELETE) {
        JdbcCopy.execute(connection, sql);
      }
      assertThat(JdbcCopy.number(connection, "PRAGMA auto_vacuum")).isZero();
    }
  }

  @Test
  void aFileOfAFormerVersionIsRewrittenOnce(@TempDir Path directory, CapturedOutput output)
      throws Exception {
    makeFormer(directory);
    assertThat(size(directory)).isGreaterThan(30 * MEGABYTE);

    for (int i = 0; i < 2; i++) {
      try (ConfigurableApplicationContext context = start(directory)) {
        JdbcDatabase database = context.getBean(JdbcDatabase.class);
        assertThat(pragma(database, "auto_vacuum")).isEqualTo(2);
        assertThat(
                database.<String>read(
                    jdbc -> jdbc.sql("PRAGMA journal_mode").query(String.class).single()))
            .isEqualTo("wal");
        assertThat(kept(database)).isEqualTo(2 * MEGABYTE);
        assertThat(size(directory)).isLessThan(4 * MEGABYTE);
      }
    }
    assertThat(output.getAll().lines().filter(line -> line.contains(" is rewritten once, ")))
        .hasSize(1);
    try (var files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("backprop.db", "backprop.lock");
    }
  }

  @Test
  void aFileThatTheDiskHasNoRoomToRewriteStaysAsItIs(@TempDir Path directory, CapturedOutput output)
      throws Exception {
    makeFormer(directory);
    long size = size(directory);
    Path file = directory.resolve("backprop.db");

    JdbcSpace.prepare(file, DiskReserve.of(directory).of(Long.MAX_VALUE));

    assertThat(size(directory)).isEqualTo(size);
    assertThat(output.getAll().lines().filter(line -> line.contains(" WARN ")))
        .singleElement()
        .asString()
        .contains("to rewrite it once takes ");
  }

  @Test
  void aFileThatCannotBeReadIsLeftToWhoOpensIt(@TempDir Path directory, CapturedOutput output)
      throws Exception {
    Path file = Files.writeString(directory.resolve("backprop.db"), "no database".repeat(1000));

    JdbcSpace.prepare(file, DiskReserve.of(directory));

    assertThat(file).hasContent("no database".repeat(1000));
    assertThat(output.getAll()).contains("does not give back the room");
  }
}
