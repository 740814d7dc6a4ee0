package dev.backprop.platform.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The directory of the embedded database, which belongs to one process at a time: a lock on a file
/// in it, which ends with the process however that ends.
final class DataDirectory implements AutoCloseable {

  private static final String LOCK = "backprop.lock";
  private static final String DATABASE = "backprop.db";

  private final Path path;
  private final FileChannel lock;

  private DataDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /// @throws StorageException if another process has it, or it cannot be made or written
  static DataDirectory open(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      Files.createDirectories(absolute);
      FileChannel channel =
          FileChannel.open(
              absolute.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      boolean locked = false;
      try {
        locked = channel.tryLock() != null;
      } catch (OverlappingFileLockException _) {
        // Of another service in this very process.
      } finally {
        if (!locked) {
          channel.close();
        }
      }
      if (!locked) {
        throw new StorageException(
            "The data directory %s is in use by another process.".formatted(absolute),
            "Stop the other process, or give this one a directory of its own by backprop.data-directory."
                + " Several processes can share a PostgreSQL database, named by spring.datasource.url.",
            new IOException("locked: " + absolute.resolve(LOCK)));
      }
      return new DataDirectory(absolute, channel);
    } catch (IOException e) {
      throw new StorageException(
          "The data directory %s cannot be written: %s.".formatted(absolute, e),
          "Make it writable for this process, name another by backprop.data-directory,"
              + " or keep everything in memory by backprop.storage=memory.",
          e);
    }
  }

  /// The file of the database in a directory.
  ///
  /// @throws StorageException if there is none
  static Path existingDatabase(Path path) {
    Path database = path.toAbsolutePath().normalize().resolve(DATABASE);
    if (!Files.isRegularFile(database)) {
      throw new StorageException(
          "There is no database %s.".formatted(database),
          "Name the directory that has it by backprop.data-directory.",
          null);
    }
    return database;
  }

  DiskReserve reserve() {
    try {
      return DiskReserve.of(path);
    } catch (IOException e) {
      throw new StorageException(
          "The disk of the data directory %s does not tell its size: %s.".formatted(path, e),
          "Name another directory by backprop.data-directory.",
          e);
    }
  }

  Path path() {
    return path;
  }

  /// The file of the database.
  Path database() {
    return path.resolve(DATABASE);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
