package dev.backprop.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

  private static final int LIMIT = 1000;

  @TempDir private Path directory;
  private final Budget budget = Spool.budget(LIMIT);

  private static InputStream bytes(int n) {
    return new ByteArrayInputStream(new byte[n]);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  @Test
  void keepsABodyUntilItIsClosed() throws IOException {
    Spool spool = new Spool(directory.resolve("data"), budget);
    byte[] given = {1, 2, 3};
    try (Spool.Body body = spool.keep(new ByteArrayInputStream(given))) {
      ByteBuffer read = ByteBuffer.allocate(3);
      assertThat(body.channel().position(0).read(read)).isEqualTo(3);
      assertThat(read.array()).isEqualTo(given);
      assertThat(budget.held()).isEqualTo(3);
    }
    assertThat(directory.resolve("data")).isEmptyDirectory();
    assertThat(budget.held()).isZero();
  }

  @Test
  void refusesForNowWhatDoesNotFitBesideOthers() throws IOException {
    Spool spool = new Spool(directory, budget);
    try (Spool.Body _ = spool.keep(bytes(600))) {
      assertThatThrownBy(() -> spool.keep(bytes(500)))
          .isInstanceOfSatisfying(
              ProblemException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ProblemCode.BUSY);
                assertThat(e.retryAfter()).isNotNull();
                assertThat(e.detail()).contains("600 of at most 1000", "500 more");
              });
      assertThat(budget.held()).isEqualTo(600);
    }
  }

  @Test
  void refusesForGoodWhatNeverFits() throws IOException {
    Spool spool = new Spool(directory, budget);
    assertThatThrownBy(() -> spool.keep(bytes(LIMIT + 1)))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.TOO_LARGE));
    assertThat(files()).isEmpty();
    assertThat(budget.held()).isZero();
  }

  @Test
  void deletesWhatOfABodyCameBeforeItBroke() throws IOException {
    Spool spool = new Spool(directory, Spool.budget(1 << 20));
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("broken");
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            throw new IOException("broken");
          }
        };
    assertThatThrownBy(() -> spool.keep(new SequenceInputStream(bytes(1 << 19), broken)))
        .isInstanceOf(IOException.class)
        .hasMessage("broken");
    assertThat(files()).isEmpty();
  }

  @Test
  void theStartDeletesWhatIsLeftAndNothingElse() throws IOException {
    Path left = Files.createFile(directory.resolve("spool-1.tmp"));
    Path other = Files.createFile(directory.resolve("backprop.db"));
    Path inUse = Files.createFile(directory.resolve("spool-2.tmp"));
    try (FileChannel channel = FileChannel.open(inUse, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      new Spool(directory, budget).clean();
      assertThat(lock.isValid()).isTrue();
      assertThat(files()).doesNotContain(left).containsExactlyInAnyOrder(other, inUse);
    }
    new Spool(directory, budget).clean();
    assertThat(files()).containsExactly(other);
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNotTheCallersFault() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    Spool spool = new Spool(file, budget);
    spool.clean();
    assertThatThrownBy(() -> spool.keep(bytes(5)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> assertThat(e.code()).isEqualTo(ProblemCode.STORAGE_UNAVAILABLE));
    assertThat(budget.held()).isZero();
  }
}
