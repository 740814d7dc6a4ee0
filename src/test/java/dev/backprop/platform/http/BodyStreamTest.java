package dev.backprop.platform.http;

import static dev.backprop.platform.problem.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.Requests;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.problem.ProblemCode;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.BadRequestException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.mock.web.MockHttpServletRequest;

class BodyStreamTest {

  private static final byte[] TEXT =
      "petal,sepal\n1.4,0.2\n".repeat(50).getBytes(StandardCharsets.UTF_8);

  private final Budget inFlight = Budget.inFlight(3_000_000);
  private final ComputeSlots slots = new ComputeSlots(1, 10);
  private final ServletRequest request = new MockHttpServletRequest();
  private final ComputeSlots.Slot slot = slots.of(request);

  @Test
  void readsUpToItsLimit() throws IOException {
    BodyStream body = plain(new Client(TEXT), TEXT.length);

    assertThat(body.isFinished()).isFalse();
    assertThat(body.readAllBytes()).isEqualTo(TEXT);
    assertThat(body.isFinished()).isTrue();
    assertThat(body.read()).isEqualTo(-1);
  }

  @Test
  void readsSingleBytes() throws IOException {
    BodyStream body = plain(new Client(new byte[] {0, (byte) 0xff}), 2);

    assertThat(body.read()).isEqualTo(0);
    assertThat(body.read()).isEqualTo(0xff);
    assertThat(body.read()).isEqualTo(-1);
  }

  @Test
  void refusesTheFirstByteBeyondItsLimit() {
    assertProblem(ProblemCode.TOO_LARGE, plain(new Client(TEXT), TEXT.length - 1)::readAllBytes);
    assertProblem(
        ProblemCode.TOO_LARGE,
        gzip(new Client(Requests.gzipped(TEXT)), TEXT.length - 1)::readAllBytes);
  }

  @Test
  void decodesGzip() throws IOException {
    assertThat(gzip(new Client(Requests.gzipped(TEXT)), TEXT.length).readAllBytes())
        .isEqualTo(TEXT);
  }

  @Test
  void decodesAllMembersOfAGzipHoweverTheyArrive() throws IOException {
    byte[] members =
        concatenated(Requests.gzipped(TEXT), Requests.gzipped(TEXT), Requests.gzipped(TEXT));

    for (int block : List.of(1, 7, Requests.gzipped(TEXT).length, 1 << 16)) {
      Client client = new Client(members);
      client.block = block;
      assertThat(gzip(client, 1 << 20).readAllBytes())
          .as("in blocks of %d bytes", block)
          .isEqualTo(concatenated(TEXT, TEXT, TEXT));
    }
  }

  @Test
  void decodesABombNoFurtherThanItsLimit() {
    int limit = 1 << 20;
    Client bomb = new Client(Requests.gzipped(new byte[64 << 20]));
    BodyStream body = gzip(bomb, limit);
    byte[] buffer = new byte[8192];
    List<Integer> lengths = new ArrayList<>();

    assertProblem(
        ProblemCode.TOO_LARGE,
        () -> {
          while (true) {
            lengths.add(body.read(buffer, 0, buffer.length));
          }
        });

    assertThat(lengths.stream().mapToInt(Integer::intValue).sum())
        .isBetween(limit - buffer.length, limit);
    assertThat(bomb.position).isLessThanOrEqualTo(bomb.bytes.length / 2);
  }

  @Test
  void refusesGzipThatIsNone() {
    assertProblem(ProblemCode.MALFORMED_GZIP, gzip(new Client(TEXT), 1 << 20)::readAllBytes);
    assertProblem(ProblemCode.MALFORMED_GZIP, gzip(new Client(new byte[0]), 1 << 20)::readAllBytes);
  }

  @Test
  void refusesGzipWithADamagedBlockOrChecksum() {
    byte[] block = Requests.gzipped(TEXT);
    Arrays.fill(block, 12, 30, (byte) 0xff);
    assertProblem(ProblemCode.MALFORMED_GZIP, gzip(new Client(block), 1 << 20)::readAllBytes);

    byte[] checksum = Requests.gzipped(TEXT);
    checksum[checksum.length - 8] ^= 1;
    assertProblem(ProblemCode.MALFORMED_GZIP, gzip(new Client(checksum), 1 << 20)::readAllBytes);
  }

  @Test
  void refusesGzipThatEndsEarlyWhereverItDoes() {
    byte[] whole = Requests.gzipped(TEXT);
    for (int length = 1; length < whole.length; length++) {
      Client client = new Client(Arrays.copyOf(whole, length));
      assertProblem(ProblemCode.MALFORMED_GZIP, gzip(client, 1 << 20)::readAllBytes);
    }
  }

  @Test
  void refusesASecondMemberThatEndsEarlyWhereverItDoes() {
    byte[] first = Requests.gzipped(TEXT);
    byte[] both = concatenated(first, first);
    for (int length = first.length + 1; length < both.length; length++) {
      Client client = new Client(Arrays.copyOf(both, length));
      assertProblem(ProblemCode.MALFORMED_GZIP, gzip(client, 1 << 20)::readAllBytes);
    }
  }

  @Test
  void refusesWhatFollowsAGzip() {
    byte[] trailed =
        concatenated(Requests.gzipped(TEXT), "and more".getBytes(StandardCharsets.UTF_8));

    assertProblem(ProblemCode.MALFORMED_GZIP, gzip(new Client(trailed), 1 << 20)::readAllBytes);
  }

  static Stream<Arguments> transportFaults() {
    IOException timeout = new SocketTimeoutException();
    return Stream.of(
        Arguments.of(timeout, ProblemCode.REQUEST_TIMEOUT),
        Arguments.of(new ClientAbortException(timeout), ProblemCode.REQUEST_TIMEOUT),
        Arguments.of(new BadRequestException("chunk"), ProblemCode.BAD_REQUEST));
  }

  @ParameterizedTest
  @MethodSource("transportFaults")
  void tellsTheClientWhyItsBodyStopped(IOException fault, ProblemCode code) {
    assertProblem(code, plain(new Client(TEXT, fault), 1 << 20)::readAllBytes);
    byte[] whole = Requests.gzipped(TEXT);
    assertProblem(code, gzip(new Client(Arrays.copyOf(whole, 25), fault), 1 << 20)::readAllBytes);
    assertProblem(code, gzip(new Client(whole, fault), 1 << 20)::readAllBytes);
  }

  static Stream<IOException> departures() {
    return Stream.of(
        new IOException("Connection reset by peer"),
        new EOFException(),
        new ClientAbortException(new EOFException()));
  }

  @ParameterizedTest
  @MethodSource("departures")
  void tellsAClientThatHasGoneFromABodyThatHasEnded(IOException fault) {
    byte[] whole = Requests.gzipped(TEXT);
    for (BodyStream body :
        List.of(
            plain(new Client(TEXT, fault), 1 << 20),
            gzip(new Client(Arrays.copyOf(whole, 4), fault), 1 << 20),
            gzip(new Client(Arrays.copyOf(whole, 25), fault), 1 << 20),
            gzip(new Client(whole, fault), 1 << 20))) {
      assertThatThrownBy(body::readAllBytes).isInstanceOf(ClientAbortException.class);
    }
  }

  @Test
  void givesItsSlotBackWhileItWaitsForTheClient() throws IOException {
    Client client = new Client(TEXT);
    client.block = 100;
    client.announced = 100;
    slots.acquire(request);

    BodyStream body = plain(client, 1 << 20);
    byte[] buffer = new byte[100];
    assertThat(body.read(buffer, 0, buffer.length)).isEqualTo(100);
    client.announced = 0;
    assertThat(body.readAllBytes()).hasSize(TEXT.length - 100);

    assertThat(client.permitsSeen.getFirst()).isEqualTo(0);
    assertThat(client.permitsSeen.subList(1, client.permitsSeen.size())).containsOnly(1);
    assertThat(slots.available()).isEqualTo(0);
    slot.close();
    assertThat(slots.available()).isEqualTo(1);
  }

  @Test
  void takesItsSlotAgainWhereTheTransportFails() {
    slots.acquire(request);

    assertThatThrownBy(plain(new Client(new byte[0], new IOException()), 1)::readAllBytes)
        .isInstanceOf(ClientAbortException.class);

    assertThat(slots.available()).isEqualTo(0);
  }

  /// A reader holds a cell, or a text of JSON, until that ends: up to a megabyte of characters for
  /// each client that lets it wait.
  @Test
  void countsWhatItsReaderMayHold() throws IOException {
    byte[] long4 = new byte[4_000_000];
    try (Budget.Claim first = inFlight.claim();
        Budget.Claim second = inFlight.claim()) {
      new BodyStream(new Client(long4), false, 5_000_000, first, slot)
          .transferTo(OutputStream.nullOutputStream());

      assertThat(inFlight.held()).isBetween(1_900_000L, 2_097_152L);
      assertProblem(
          ProblemCode.BUSY,
          () ->
              new BodyStream(new Client(long4), false, 5_000_000, second, slot)
                  .transferTo(OutputStream.nullOutputStream()));
    }
    assertThat(inFlight.held()).isZero();
    plain(new Client(TEXT), TEXT.length).readAllBytes();
    assertThat(inFlight.held()).as("a short one").isZero();
  }

  private BodyStream plain(Client client, long limit) {
    return new BodyStream(client, false, limit, inFlight.claim(), slot);
  }

  private BodyStream gzip(Client client, long limit) {
    return new BodyStream(client, true, limit, inFlight.claim(), slot);
  }

  private static byte[] concatenated(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /// Bytes that arrive block by block, unannounced unless told otherwise; then their end or a
  /// fault.
  private final class Client extends ServletInputStream {

    private final byte[] bytes;
    private final @Nullable IOException fault;
    private final List<Integer> permitsSeen = new ArrayList<>();
    private int position;
    private int block = 1 << 10;
    private int announced;

    Client(byte[] bytes) {
      this.bytes = bytes;
      this.fault = null;
    }

    Client(byte[] bytes, IOException fault) {
      this.bytes = bytes;
      this.fault = fault;
    }

    @Override
    public int available() {
      return announced;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      permitsSeen.add(slots.available());
      int n = Math.min(Math.min(length, block), bytes.length - position);
      if (n == 0) {
        if (fault != null) {
          throw fault;
        }
        return -1;
      }
      System.arraycopy(bytes, position, into, offset, n);
      position += n;
      return n;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("is read in blocks");
    }

    @Override
    public boolean isFinished() {
      return position == bytes.length;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException("is read by waiting");
    }
  }
}
