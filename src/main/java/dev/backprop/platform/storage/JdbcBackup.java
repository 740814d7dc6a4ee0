package dev.backprop.platform.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.DB;

/// Writes SQLite's database to one file, as it is at one moment, while the service goes on writing:
/// SQLite's online backup, all pages in one step. With a write-ahead log that step keeps no writer
/// waiting; a backup of several steps would begin anew after each change of another process.
public final class JdbcBackup {

  private static final int ALL_PAGES = -1;
  private static final int PAUSE_MILLIS = 100;
  private static final int PAUSES = 100;

  /// What was written.
  ///
  /// @param database the file that it is a backup of
  public record Written(Path database, long bytes) {}

  private JdbcBackup() {}

  /// Writes the backup. The file has its name once it is complete, and never before.
  ///
  /// @param environment the properties of the service
  /// @param file that must not be there yet
  /// @throws StorageException if there can be no backup
  public static Written write(Environment environment, Path file) {
    Path database = database(environment);
    if (Files.exists(file)) {
      throw refused("The file %s is there already.".formatted(file), "Name a new one.", null);
    }
    try {
      return written(database, file);
    } catch (IOException e) {
      throw refused("The backup %s cannot be written: %s.".formatted(file, e), NOTHING_KEPT, e);
    } catch (SQLException e) {
      throw refused("The backup %s failed: %s.".formatted(file, e.getMessage()), NOTHING_KEPT, e);
    }
  }

  private static final String NOTHING_KEPT = "Nothing was kept of it.";

  private static Path database(Environment environment) {
    String url = environment.getProperty("spring.datasource.url", "");
    StorageProperties storage = StorageProperties.of(environment);
    if (storage.storage() == StorageProperties.Kind.MEMORY) {
      throw refused(
          "The service keeps everything in memory.", "There is nothing to back up.", null);
    }
    if (!url.isBlank()) {
      throw refused(
          "The database is %s.".formatted(JdbcConfiguration.withoutParameters(url)),
          "Back it up with the tools of PostgreSQL: pg_dump, and pg_restore to bring it back.",
          null);
    }
    return DataDirectory.existingDatabase(storage.dataDirectory());
  }

  private static Written written(Path database, Path file) throws IOException, SQLException {
    Path directory = Objects.requireNonNullElse(file.getParent(), file);
    Path part = Files.createTempFile(directory, "." + file.getFileName(), ".part");
    // Also if the process is told to end meanwhile.
    part.toFile().deleteOnExit();
    try {
      try (Connection source = open(database)) {
        requireRoom(source, directory);
        int code =
            source
                .unwrap(SQLiteConnection.class)
                .getDatabase()
                .backup("main", part.toString(), null, PAUSE_MILLIS, PAUSES, ALL_PAGES);
        if (code != 0) {
          throw DB.newSQLException(code, "the database cannot be read, or the file not be written");
        }
      }
      requireSound(part);
      long bytes = Files.size(part);
      Files.move(part, file);
      return new Written(database, bytes);
    } finally {
      for (String suffix : new String[] {"", "-journal", "-wal", "-shm"}) {
        Files.deleteIfExists(Path.of(part + suffix));
      }
    }
  }

  private static Connection open(Path database) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + database + "?busy_timeout=10000");
  }

  private static void requireRoom(Connection source, Path directory)
      throws SQLException, IOException {
    long needed =
        JdbcCopy.number(
            source, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
    long free = Files.getFileStore(directory).getUsableSpace();
    if (free < needed) {
      throw new IOException("%d bytes are needed, %d are free".formatted(needed, free));
    }
  }

  /// A damaged database has a damaged backup, which must not pass for one.
  private static void requireSound(Path backup) throws SQLException {
    try (Connection connection = open(backup);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("PRAGMA quick_check(1)")) {
      if (!found.next() || !found.getString(1).equals("ok")) {
        throw new SQLException("the database is damaged: " + found.getString(1));
      }
    }
  }

  private static StorageException refused(
      String message, String action, @Nullable Throwable cause) {
    return new StorageException(message, action, cause);
  }
}
