package dev.backprop.platform.storage;

import dev.backprop.platform.problem.ProblemException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Large values, written and read in chunks of which each has a short transaction of its own.
///
/// A value belongs to nobody until the transaction that makes it part of something [#adopt]s it.
/// Until then nobody sees it, and what a writer that died has left behind is cleaned away after a
/// while. It never changes afterwards, so that its chunks can be read one by one, and may become
/// part of other things as well, which [#share] it. What all of them have [#abandon]ed is cleaned
/// away too.
///
/// Each chunk has a checksum, of the value's id, its number and its bytes: whoever reads it gets
/// what was written, or is told. A former version has written chunks without one.
public final class JdbcBlobs {

  /// Bytes of a chunk; the last one is shorter.
  static final int CHUNK = 4 << 20;

  /// How long a writer may be silent before it counts as dead.
  private static final Duration SILENCE = Duration.ofMinutes(15);

  private static final Duration CLEANING = Duration.ofSeconds(5);

  private static final int AT_A_TIME = 100;

  private static final String GIVE_UP =
      "UPDATE blobs SET written_at = 0 WHERE id = :id AND adopted = 0";

  private static final String DELETE_FIRST_CHUNK =
      """
      DELETE FROM blob_chunks WHERE blob = :id
        AND number = (SELECT min(number) FROM blob_chunks WHERE blob = :id)""";

  private final JdbcDatabase database;
  private final @Nullable DiskReserve reserve;
  private final InstantSource clock;

  /// @param reserve of the disk that SQLite writes to; null for another database
  JdbcBlobs(JdbcDatabase database, @Nullable DiskReserve reserve, InstantSource clock) {
    this.database = database;
    this.reserve = reserve;
    this.clock = clock;
  }

  /// Begins to clean up, now and again and again.
  JdbcBlobs cleanedBy(Pulse pulse) {
    if (database.kind() == JdbcDatabase.Kind.SQLITE) {
      // The file was this process's alone from the beginning: who wrote before is dead.
      database.update("UPDATE blobs SET written_at = 0 WHERE adopted = 0", Map.of());
    }
    pulse.every(CLEANING, this::clean);
    return this;
  }

  /// Begins a value.
  public Writer writer() {
    return new Writer(UUID.randomUUID().toString());
  }

  /// Reads a value; the next chunk is fetched when the one before has been read.
  ///
  /// @return throws [BlobGoneException] as soon as the value was deleted, and
  ///   [CorruptBlobException] if a chunk is not what was written
  public InputStream read(String id) {
    return new JdbcBlobReader(database, id);
  }

  /// Makes a value part of what the caller's transaction makes.
  ///
  /// @throws BlobGoneException if its writer was taken for dead
  public static void adopt(JdbcClient jdbc, String id) throws BlobGoneException {
    change(
        jdbc, "UPDATE blobs SET adopted = 1 WHERE id = :id AND adopted = 0 AND written_at > 0", id);
  }

  /// Makes a value that is part of something part of what the caller's transaction makes, too.
  ///
  /// @throws BlobGoneException if it is part of nothing any more
  public static void share(JdbcClient jdbc, String id) throws BlobGoneException {
    change(jdbc, "UPDATE blobs SET adopted = adopted + 1 WHERE id = :id AND adopted > 0", id);
  }

  private static void change(JdbcClient jdbc, String sql, String id) throws BlobGoneException {
    if (jdbc.sql(sql).param("id", id).update() != 1) {
      throw new BlobGoneException(id);
    }
  }

  /// Undoes one [#adopt] or [#share], in the caller's transaction; after the last one the value is
  /// cleaned away.
  public static void abandon(JdbcClient jdbc, String id) {
    jdbc.sql(
            """
            UPDATE blobs SET adopted = adopted - 1,
              written_at = CASE WHEN adopted = 1 THEN 0 ELSE written_at END
            WHERE id = :id AND adopted > 0""")
        .param("id", id)
        .update();
  }

  /// Removes what nobody has adopted, chunk by chunk, so that others get their turn. The last chunk
  /// goes last, so that nobody who is still reading takes a part for the whole.
  void clean() {
    long horizon = clock.instant().minus(SILENCE).toEpochMilli();
    List<String> dead =
        database.read(
            jdbc ->
                jdbc.sql(
                        "SELECT id FROM blobs WHERE adopted = 0 AND written_at < :horizon LIMIT :n")
                    .params(Map.of("horizon", horizon, "n", AT_A_TIME))
                    .query(String.class)
                    .list());
    dead.forEach(this::remove);
  }

  private void remove(String id) {
    // From here on its writer, should it live after all, cannot have it adopted.
    if (database.update(GIVE_UP, Map.of("id", id)) == 1) {
      int chunks;
      do {
        chunks = database.update(DELETE_FIRST_CHUNK, Map.of("id", id));
      } while (chunks > 0);
      database.update("DELETE FROM blobs WHERE id = :id AND adopted = 0", Map.of("id", id));
    }
  }

  /// Pages that are free in the file of SQLite are filled before it grows.
  private void requireRoom(JdbcClient jdbc, long bytes) {
    if (reserve != null && !reserve.leavesRoomFor(bytes - freeInFile(jdbc))) {
      throw JdbcFaults.full();
    }
  }

  private static long freeInFile(JdbcClient jdbc) {
    return jdbc.sql(
            "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size")
        .query(Long.class)
        .single();
  }

  /// A value was deleted, or its writer was taken for dead.
  public static final class BlobGoneException extends RuntimeException {

    BlobGoneException(String id) {
      super("there is no value " + id);
    }
  }

  /// Writes one value. Whoever does not have it adopted closes it all the same: then it is cleaned
  /// away at once.
  public final class Writer extends OutputStream {

    private final String id;
    private byte[] chunk = new byte[1 << 16];
    private int filled;
    private int chunks;
    private long bytes;
    private boolean kept;

    private Writer(String id) {
      this.id = id;
    }

    public String id() {
      return id;
    }

    /// Bytes written so far.
    public long bytes() {
      return bytes;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      int at = offset;
      int left = length;
      while (left > 0) {
        if (filled == chunk.length) {
          grow();
        }
        int n = Math.min(left, chunk.length - filled);
        System.arraycopy(from, at, chunk, filled, n);
        filled += n;
        at += n;
        left -= n;
      }
      bytes += length;
    }

    private void grow() {
      if (chunk.length == CHUNK) {
        store();
      } else {
        chunk = Arrays.copyOf(chunk, Math.min(CHUNK, 4 * chunk.length));
      }
    }

    private void store() {
      byte[] content = filled == chunk.length ? chunk : Arrays.copyOf(chunk, filled);
      int number = chunks;
      long now = clock.instant().toEpochMilli();
      database.change(
          jdbc -> {
            requireRoom(jdbc, content.length);
            if (number == 0) {
              jdbc.sql("INSERT INTO blobs (id, adopted, written_at) VALUES (:id, 0, :now)")
                  .params(Map.of("id", id, "now", now))
                  .update();
            } else if (jdbc.sql(
                        "UPDATE blobs SET written_at = :now WHERE id = :id AND written_at > 0")
                    .params(Map.of("id", id, "now", now))
                    .update()
                != 1) {
              throw new BlobGoneException(id);
            }
            jdbc.sql(
                    """
                    INSERT INTO blob_chunks (blob, number, content, checksum)
                    VALUES (:id, :number, :content, :checksum)""")
                .param("id", id)
                .param("number", number)
                .param("content", content)
                .param("checksum", Checksum.of(id, number, content))
                .update();
          });
      chunks++;
      filled = 0;
    }

    /// Stores what is left: afterwards the value can be adopted.
    public void finish() {
      if (filled > 0 || chunks == 0) {
        store();
      }
    }

    /// The value has been adopted: closing leaves it alone.
    public void keep() {
      kept = true;
    }

    /// Gives up a value that was not kept.
    @Override
    public void close() {
      if (!kept && chunks > 0) {
        kept = true;
        try {
          database.update(GIVE_UP, Map.of("id", id));
        } catch (ProblemException _) {
          // It is cleaned away later.
        }
      }
    }
  }
}
