package dev.backprop.platform.storage;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/// The last part of the disk, which large values leave alone: SQLite needs room to write down that
/// something was deleted, too.
final class DiskReserve {

  private static final long MOST = 64 << 20;

  private final FileStore disk;
  private final long bytes;

  private DiskReserve(FileStore disk, long bytes) {
    this.disk = disk;
    this.bytes = bytes;
  }

  /// 64 MB of the disk that has the directory, or a tenth if it is small.
  static DiskReserve of(Path directory) throws IOException {
    FileStore disk = Files.getFileStore(directory);
    return new DiskReserve(disk, Math.min(MOST, disk.getTotalSpace() / 10));
  }

  /// Another reserve.
  DiskReserve of(long other) {
    return new DiskReserve(disk, other);
  }

  /// Whether the database may grow by that.
  boolean leavesRoomFor(long growth) {
    try {
      return growth <= 0 || disk.getUsableSpace() - growth >= bytes;
    } catch (IOException _) {
      return true; // the database will tell
    }
  }
}
