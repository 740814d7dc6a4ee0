package dev.backprop.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.SteppedClock;
import dev.backprop.platform.storage.JdbcBlobs.BlobGoneException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Large values on every database.
@ParameterizedClass
@EnumSource(JdbcDatabase.Kind.class)
class JdbcBlobsTest {

  private final JdbcDatabase database;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2025-03-01T12:00:00Z"));
  private final JdbcBlobs blobs;

  JdbcBlobsTest(JdbcDatabase.Kind kind) {
    this.database = Databases.empty(kind);
    this.blobs = new JdbcBlobs(database, null, clock);
  }

  private static byte[] content(int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return content;
  }

  private JdbcBlobs.Writer written(byte[] content) throws IOException {
    JdbcBlobs.Writer writer = blobs.writer();
    writer.write(content);
    writer.finish();
    return writer;
  }

  private String adopted(byte[] content) throws IOException {
    try (JdbcBlobs.Writer writer = written(content)) {
      database.change(jdbc -> JdbcBlobs.adopt(jdbc, writer.id()));
      writer.keep();
      return writer.id();
    }
  }

  private int rows(String table) {
    return database.read(
        jdbc -> jdbc.sql("SELECT count(*) FROM " + table).query(Integer.class).single());
  }

  @Test
  void readsWhatWasWrittenAcrossChunks() throws IOException {
    byte[] content = content(2 * JdbcBlobs.CHUNK + 12_345);
    String id = adopted(content);

    assertThat(rows("blob_chunks")).isEqualTo(3);
    try (InputStream in = blobs.read(id)) {
      assertThat(in.read()).isEqualTo(content[0] & 0xff);
      assertThat(in.readNBytes(JdbcBlobs.CHUNK)).startsWith(content[1], content[2]);
      byte[] rest = in.readAllBytes();
      assertThat(rest).hasSize(content.length - 1 - JdbcBlobs.CHUNK);
      assertThat(rest).endsWith(content[content.length - 2], content[content.length - 1]);
      assertThat(in.read()).isEqualTo(-1);
    }
    assertThat(blobs.read(id).readAllBytes()).isEqualTo(content);
  }

  private byte[] chunk(String id, int number) {
    return database.read(
        jdbc ->
            jdbc.sql("SELECT content FROM blob_chunks WHERE blob = :id AND number = :number")
                .param("id", id)
                .param("number", number)
                .query((row, _) -> row.getBytes(1))
                .single());
  }

  private void put(String id, int number, byte[] content) {
    database.change(
        jdbc ->
            jdbc.sql(
                    "UPDATE blob_chunks SET content = :content WHERE blob = :id AND number = :number")
                .param("id", id)
                .param("number", number)
                .param("content", content)
                .update());
  }

  @Test
  void tellsThatOneBitIsAnother() throws IOException {
    String id = adopted(content(JdbcBlobs.CHUNK + 100));
    byte[] last = chunk(id, 1);
    last[57] ^= 8;
    put(id, 1, last);

    try (InputStream in = blobs.read(id)) {
      assertThat(in.readNBytes(JdbcBlobs.CHUNK)).isEqualTo(chunk(id, 0));
      assertThatThrownBy(in::read)
          .isInstanceOf(CorruptBlobException.class)
          .hasMessageStartingWith("chunk 1 of value " + id + " must have the checksum ");
    }
  }

  @Test
  void tellsAChunkFromThatOfAnotherPlace() throws IOException {
    String one = adopted(content(10));
    String other = adopted(content(12));
    put(one, 0, chunk(other, 0));
    database.change(
        jdbc ->
            jdbc.sql("UPDATE blob_chunks SET checksum = (SELECT min(checksum) FROM blob_chunks)")
                .update());

    assertThatThrownBy(
            () -> {
              blobs.read(one).readAllBytes();
              blobs.read(other).readAllBytes();
            })
        .isInstanceOf(CorruptBlobException.class);
  }

  @Test
  void readsWhatAFormerVersionHasWrittenWithoutAChecksum() throws IOException {
    String id = adopted(content(10));
    database.change(jdbc -> jdbc.sql("UPDATE blob_chunks SET checksum = NULL").update());

    assertThat(blobs.read(id).readAllBytes()).isEqualTo(content(10));
  }

  @Test
  void keepsAFullChunkAndNothing() throws IOException {
    String full = adopted(content(JdbcBlobs.CHUNK));
    String empty = adopted(new byte[0]);

    assertThat(rows("blob_chunks")).isEqualTo(2);
    assertThat(blobs.read(full).readAllBytes()).isEqualTo(content(JdbcBlobs.CHUNK));
    assertThat(blobs.read(empty).readAllBytes()).isEmpty();
  }

  @Test
  void cleansUpAfterWritersThatDied() throws IOException {
    JdbcBlobs.Writer dead = written(content(5_000_000));
    String living = adopted(content(10));
    blobs.clean();
    assertThat(rows("blobs")).isEqualTo(2);

    clock.step(Duration.ofMinutes(16));
    JdbcBlobs.Writer writing = written(content(10));
    blobs.clean();

    assertThat(rows("blobs")).isEqualTo(2);
    assertThat(rows("blob_chunks")).isEqualTo(2);
    assertThat(blobs.read(living).readAllBytes()).isEqualTo(content(10));
    assertThatThrownBy(() -> database.change(jdbc -> JdbcBlobs.adopt(jdbc, dead.id())))
        .isInstanceOf(BlobGoneException.class);
    database.change(jdbc -> JdbcBlobs.adopt(jdbc, writing.id()));
  }

  @Test
  void aWriterThatWasTakenForDeadIsTold() throws IOException {
    JdbcBlobs.Writer slow = blobs.writer();
    slow.write(content(JdbcBlobs.CHUNK + 1));
    clock.step(Duration.ofMinutes(16));
    blobs.clean();

    assertThatThrownBy(slow::finish).isInstanceOf(BlobGoneException.class);
    assertThat(rows("blob_chunks")).isZero();
  }

  @Test
  void givesUpWhatIsClosedUnadopted() throws IOException {
    try (JdbcBlobs.Writer writer = written(content(10))) {
      assertThat(writer.bytes()).isEqualTo(10);
    }
    blobs.clean();

    assertThat(rows("blobs")).isZero();
  }

  @Test
  void whoReadsWhatIsAbandonedIsTold() throws IOException {
    byte[] content = content(JdbcBlobs.CHUNK + 10);
    String id = adopted(content);
    InputStream in = blobs.read(id);
    assertThat(in.read()).isEqualTo(content[0] & 0xff);

    database.change(jdbc -> JdbcBlobs.abandon(jdbc, id));
    blobs.clean();

    assertThat(rows("blobs")).isZero();
    assertThat(rows("blob_chunks")).isZero();
    assertThatThrownBy(in::readAllBytes).isInstanceOf(BlobGoneException.class);
    assertThatThrownBy(() -> blobs.read(id).read()).isInstanceOf(BlobGoneException.class);
  }

  @Test
  void isAdoptedOnce() throws IOException {
    String id = adopted(content(10));

    assertThatThrownBy(() -> database.change(jdbc -> JdbcBlobs.adopt(jdbc, id)))
        .isInstanceOf(BlobGoneException.class);
  }

  @Test
  void isKeptUntilAllThatItIsPartOfAbandonIt() throws IOException {
    String id = adopted(content(10));
    database.change(jdbc -> JdbcBlobs.share(jdbc, id));

    database.change(jdbc -> JdbcBlobs.abandon(jdbc, id));
    blobs.clean();
    assertThat(blobs.read(id).readAllBytes()).isEqualTo(content(10));
    database.change(jdbc -> JdbcBlobs.abandon(jdbc, id));
    database.change(jdbc -> JdbcBlobs.abandon(jdbc, id));
    assertThatThrownBy(() -> database.change(jdbc -> JdbcBlobs.share(jdbc, id)))
        .isInstanceOf(BlobGoneException.class);
    blobs.clean();

    assertThat(rows("blobs")).isZero();
  }
}
