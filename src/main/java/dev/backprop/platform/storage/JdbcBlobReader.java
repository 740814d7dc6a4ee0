package dev.backprop.platform.storage;

import dev.backprop.platform.storage.JdbcBlobs.BlobGoneException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one large value: the next chunk is fetched when the one before has been read.
final class JdbcBlobReader extends InputStream {

  private final JdbcDatabase database;
  private final String id;
  private byte[] chunk = new byte[0];
  private int at;
  private int next;
  private boolean ended;

  JdbcBlobReader(JdbcDatabase database, String id) {
    this.database = database;
    this.id = id;
  }

  @Override
  public int read() throws IOException {
    return fill() ? chunk[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int n = Math.min(length, chunk.length - at);
    System.arraycopy(chunk, at, into, offset, n);
    at += n;
    return n;
  }

  private boolean fill() throws CorruptBlobException {
    while (at == chunk.length && !ended) {
      Chunk found = fetch();
      CorruptBlobException.check(
          "chunk %d of value %s".formatted(next, id),
          Checksum.of(id, next, found.content()),
          found.checksum());
      chunk = found.content();
      ended = found.last() == next;
      next++;
      at = 0;
    }
    return at < chunk.length;
  }

  private Chunk fetch() {
    return database
        .read(
            jdbc ->
                jdbc.sql(
                        """
                        SELECT content, checksum, (SELECT max(number) FROM blob_chunks WHERE blob = :id) AS last
                        FROM blob_chunks WHERE blob = :id AND number = :number""")
                    .params(Map.of("id", id, "number", next))
                    .query(Chunk::of)
                    .optional())
        .filter(found -> found.last() >= next)
        .orElseThrow(() -> new BlobGoneException(id));
  }

  /// @param checksum null if a former version has written it
  /// @param last the number of the value's last chunk
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Chunk(byte[] content, @Nullable Long checksum, int last) {

    static Chunk of(ResultSet row, int number) throws SQLException {
      return new Chunk(
          row.getBytes("content"),
          JdbcDatabase.value(row, "checksum", Long.class),
          row.getInt("last"));
    }
  }
}
