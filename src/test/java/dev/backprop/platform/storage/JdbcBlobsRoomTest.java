package dev.backprop.platform.storage;

import static dev.backprop.platform.problem.Problems.assertProblem;

import dev.backprop.platform.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcBlobsRoomTest {

  @Test
  void leavesRoomOnTheDiskToDeleteSomething(@TempDir Path directory) throws IOException {
    JdbcDatabase database = Databases.sqlite();
    InstantSource clock = InstantSource.fixed(Instant.parse("2025-03-01T12:00:00Z"));
    JdbcBlobs before = new JdbcBlobs(database, null, clock);
    String old;
    try (JdbcBlobs.Writer writer = before.writer()) {
      writer.write(new byte[1_000_000]);
      writer.finish();
      database.change(jdbc -> JdbcBlobs.adopt(jdbc, writer.id()));
      writer.keep();
      old = writer.id();
    }
    JdbcBlobs blobs =
        new JdbcBlobs(database, DiskReserve.of(directory).of(Long.MAX_VALUE / 2), clock);

    assertProblem(ProblemCode.STORAGE_FULL, () -> write(blobs, 200_000_000));
    database.change(jdbc -> JdbcBlobs.abandon(jdbc, old));
    blobs.clean();

    write(blobs, 500_000);
  }

  private static void write(JdbcBlobs blobs, int bytes) throws IOException {
    try (JdbcBlobs.Writer writer = blobs.writer()) {
      byte[] some = new byte[500_000];
      for (int written = 0; written < bytes; written += some.length) {
        writer.write(some);
      }
      writer.finish();
    }
  }
}
