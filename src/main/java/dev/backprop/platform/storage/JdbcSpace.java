package dev.backprop.platform.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;

/// Gives the room of what was deleted from SQLite's file back to the disk.
///
/// SQLite keeps such pages for what comes next. A file that was made for it (`auto_vacuum`) can
/// move its last pages into them and become shorter. That is done in small steps, since each keeps
/// other writers waiting. A file of a former version is rewritten once, at the start.
final class JdbcSpace {

  private static final Logger log = LoggerFactory.getLogger(JdbcSpace.class);

  private static final int INCREMENTAL = 2;

  /// Pages of 4 KB that one step gives back: some milliseconds.
  static final int STEP_PAGES = 1024;

  /// Pages that are kept for what comes next.
  static final int KEPT_PAGES = 256;

  /// Between two turns others write.
  private static final Duration TURN = Duration.ofSeconds(1);

  private static final int STEPS_PER_TURN = 8;

  private final JdbcDatabase database;
  private final JdbcOperations jdbc;

  JdbcSpace(JdbcDatabase database, JdbcOperations jdbc) {
    this.database = database;
    this.jdbc = jdbc;
  }

  /// Makes a file that can give pages back, or makes the one that is there such a file. To be
  /// called before anybody else opens it. A file that cannot be changed stays as it is.
  ///
  /// @param reserve of the disk that has it
  static void prepare(Path file, DiskReserve reserve) {
    boolean known = Files.isRegularFile(file);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      if (!known) {
        JdbcCopy.execute(connection, "PRAGMA auto_vacuum = " + INCREMENTAL);
        // Only now is anything written.
        JdbcCopy.execute(connection, "PRAGMA journal_mode = WAL");
      } else if (JdbcCopy.number(connection, "PRAGMA auto_vacuum") != INCREMENTAL) {
        rewrite(connection, file, reserve);
      }
    } catch (SQLException e) {
      log.warn(
          "The file {} does not give back the room of what is deleted: {}", file, e.getMessage());
    }
  }

  /// SQLite writes what there is to a file beside it, and back through its log.
  private static void rewrite(Connection connection, Path file, DiskReserve reserve)
      throws SQLException {
    long bytes =
        JdbcCopy.number(
            connection,
            "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
    if (!reserve.leavesRoomFor(2 * bytes)) {
      log.warn(
          "The file {} does not give back the room of what is deleted: to rewrite it once takes {} bytes, and the disk has not so many to spare",
          file,
          2 * bytes);
      return;
    }
    log.info(
        "The file {} is rewritten once, {} bytes, to give back the room of what is deleted",
        file,
        bytes);
    // Not where temporary files usually are, which may be a small place.
    JdbcCopy.execute(connection, "PRAGMA temp_store_directory = '" + directory(file) + "'");
    JdbcCopy.execute(connection, "PRAGMA auto_vacuum = " + INCREMENTAL);
    JdbcCopy.execute(connection, "VACUUM");
    JdbcCopy.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
  }

  private static String directory(Path file) {
    return String.valueOf(file.getParent()).replace("'", "''");
  }

  /// Begins to give back, again and again, if it is a file that can. Another database needs nobody
  /// for that.
  JdbcSpace givenBackBy(Pulse pulse) {
    if (database.kind() == JdbcDatabase.Kind.SQLITE && pragma("auto_vacuum") == INCREMENTAL) {
      pulse.every(TURN, this::giveBack);
    }
    return this;
  }

  /// Takes a turn of some steps, if there is enough to give back.
  void giveBack() {
    int steps = 0;
    while (steps < STEPS_PER_TURN && pragma("freelist_count") > KEPT_PAGES) {
      step();
      steps++;
    }
    if (steps > 0) {
      // The file becomes shorter when the log's pages have come into it.
      database.read(_ -> jdbc.update("PRAGMA wal_checkpoint(PASSIVE)"));
    }
  }

  /// One step, in a transaction of its own.
  void step() {
    database.read(_ -> jdbc.update("PRAGMA incremental_vacuum(" + STEP_PAGES + ")"));
  }

  private long pragma(String name) {
    return database.read(client -> client.sql("PRAGMA " + name).query(Long.class).single());
  }
}
