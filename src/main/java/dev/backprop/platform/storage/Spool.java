package dev.backprop.platform.storage;

import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps bodies in the data directory while they are read, if they must be there as a whole. All
/// together have a limit.
///
/// A file is locked as long as it is needed. What a process has left behind is not, and is deleted
/// when the next one starts. So several processes can have one directory.
public final class Spool {

  private static final Logger log = LoggerFactory.getLogger(Spool.class);

  private static final String PREFIX = "spool-";
  private static final String SUFFIX = ".tmp";
  private static final int STEP = 1 << 18;
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Path directory;
  private final Budget budget;

  /// @param directory made if a body comes and there is none
  public Spool(Path directory, Budget budget) {
    this.directory = directory.toAbsolutePath().normalize();
    this.budget = budget;
  }

  /// The budget of all bodies that are kept at one time.
  public static Budget budget(long limit) {
    return new Budget(
        "spool",
        limit,
        shortage ->
            shortage.total() > shortage.limit()
                ? new ProblemException(
                    ProblemCode.TOO_LARGE,
                    "a body that is kept on disk may have at most %d bytes (backprop.spool.max-bytes), this one has at least %d"
                        .formatted(shortage.limit(), shortage.total()))
                : new ProblemException(
                        ProblemCode.BUSY,
                        "bodies that are being read have %d of at most %d bytes on disk (backprop.spool.max-bytes), %d more do not fit; try again later"
                            .formatted(shortage.held(), shortage.limit(), shortage.more()))
                    .withRetryAfter(RETRY));
  }

  /// Deletes what former processes have left.
  public void clean() {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
      for (Path file : left) {
        deleteUnlocked(file);
      }
    } catch (IOException e) {
      log.warn("What former processes have left in {} is not deleted: {}", directory, e.toString());
    }
  }

  private static void deleteUnlocked(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (channel.tryLock() != null) {
        Files.delete(file);
      }
    } catch (OverlappingFileLockException _) {
      // Of this very process.
    }
  }

  /// Keeps a body until it is closed.
  ///
  /// @throws ProblemException `busy` with a `Retry-After`, or `too-large`, if it does not fit;
  ///   `storage-full` if the disk is
  /// @throws IOException if the body does
  public Body keep(InputStream in) throws IOException {
    Body body = new Body(budget.claim(), open());
    boolean kept = false;
    try {
      body.take(in);
      kept = true;
      return body;
    } finally {
      if (!kept) {
        body.close();
      }
    }
  }

  private FileChannel open() {
    try {
      Files.createDirectories(directory);
      Path file = Files.createTempFile(directory, PREFIX, SUFFIX);
      FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      if (channel.tryLock() == null) {
        channel.close();
        throw new IOException("another process has " + file);
      }
      return channel;
    } catch (IOException e) {
      throw fault(e);
    }
  }

  private ProblemException fault(IOException e) {
    log.warn("A body cannot be kept in {}: {}", directory, e.toString());
    return isFull()
        ? new ProblemException(
            ProblemCode.STORAGE_FULL, "the disk has no room for a body of this length")
        : new ProblemException(
                ProblemCode.STORAGE_UNAVAILABLE,
                "the data directory cannot be written (backprop.data-directory); the log has more")
            .withRetryAfter(RETRY);
  }

  private boolean isFull() {
    try {
      return Files.getFileStore(directory).getUsableSpace() < 2 * STEP;
    } catch (IOException _) {
      return false;
    }
  }

  /// A body on disk.
  public final class Body implements AutoCloseable {

    private final Budget.Claim claim;
    private final FileChannel channel;

    private Body(Budget.Claim claim, FileChannel channel) {
      this.claim = claim;
      this.channel = channel;
    }

    private void take(InputStream in) throws IOException {
      byte[] bytes = new byte[STEP];
      for (int n = in.readNBytes(bytes, 0, STEP); n > 0; n = in.readNBytes(bytes, 0, STEP)) {
        claim.grow(n);
        write(ByteBuffer.wrap(bytes, 0, n));
      }
    }

    private void write(ByteBuffer bytes) {
      try {
        while (bytes.hasRemaining()) {
          int _ = channel.write(bytes);
        }
      } catch (IOException e) {
        throw fault(e);
      }
    }

    public SeekableByteChannel channel() {
      return channel;
    }

    /// Deletes the file.
    @Override
    public void close() throws IOException {
      try {
        channel.close();
      } finally {
        claim.close();
      }
    }
  }
}
