package dev.backprop.platform.http;

import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.BadRequestException;
import org.jspecify.annotations.Nullable;

/// A request's body: decoded, counted against its limit, and told apart if it ends too early. A
/// request that waits for its client gives its compute slot back meanwhile.
final class BodyStream extends ServletInputStream {

  private static final int GZIP_BUFFER = 1 << 16;

  /// Readers refuse a cell, or a text of JSON, that is longer.
  private static final long LONGEST_CELL = 1 << 20;

  private static final long STEP = 1 << 16;

  /// As characters in a buffer.
  private static final long HEAP_BYTES_PER_BYTE = 2;

  private final Transport transport;
  private final boolean gzip;
  private final long limit;
  private final Budget.Claim claim;
  private @Nullable InputStream decoded;
  private long count;
  private long held = STEP; // a short one is not counted
  private boolean finished;

  /// @param claim counts what whoever reads may hold of it as long as it reads
  BodyStream(
      ServletInputStream transport,
      boolean gzip,
      long limit,
      Budget.Claim claim,
      ComputeSlots.Slot slot) {
    this.transport = new Transport(transport, slot);
    this.gzip = gzip;
    this.limit = limit;
    this.claim = claim;
  }

  static ProblemException tooLarge(long limit, long length) {
    return new ProblemException(
        ProblemCode.TOO_LARGE,
        "the body may have at most %d bytes, has %d".formatted(limit, length));
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int n;
    try {
      n = decoded().read(into, offset, length);
    } catch (ZipException _) {
      throw malformedGzip("is no gzip");
    } catch (EOFException _) {
      throw malformedGzip("ends within its gzip");
    }
    if (n < 0) {
      finished = true;
      return n;
    }
    count += n;
    hold();
    if (count > limit) {
      throw new ProblemException(
          ProblemCode.TOO_LARGE,
          "the body may have at most %d bytes, has more%s"
              .formatted(limit, gzip ? " when it is decoded" : ""));
    }
    return n;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /// A cell that has not ended, of a body that waits for its client, is held and counted nowhere
  /// else.
  private void hold() {
    while (held < Math.min(count, LONGEST_CELL)) {
      claim.grow(HEAP_BYTES_PER_BYTE * STEP);
      held += STEP;
    }
  }

  private InputStream decoded() throws IOException {
    if (decoded == null) {
      // Not before the first read: it reads the header at once.
      decoded = gzip ? new Members(transport) : transport;
    }
    return decoded;
  }

  private static ProblemException malformedGzip(String what) {
    return new ProblemException(ProblemCode.MALFORMED_GZIP, "the body " + what);
  }

  @Override
  public boolean isFinished() {
    return finished;
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void setReadListener(ReadListener listener) {
    throw new IllegalStateException("bodies are read by threads that may wait");
  }

  /// All members of a gzip and nothing else. The JDK's stream takes for the end what it cannot read
  /// after a good member. That may be bytes that are no gzip, a header that is cut off, or a client
  /// that has gone.
  private static final class Members extends GZIPInputStream {

    private static final int TRAILER_BYTES = 8;

    private final Transport transport;
    private long countAtFill;

    Members(Transport transport) throws IOException {
      super(transport, GZIP_BUFFER);
      this.transport = transport;
    }

    @Override
    protected void fill() throws IOException {
      super.fill();
      countAtFill = transport.count;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int n = super.read(into, offset, length);
      if (n < 0) {
        checkEnd();
      }
      return n;
    }

    private void checkEnd() throws IOException {
      if (transport.fault != null) {
        throw transport.fault;
      }
      if (inf.getRemaining() + transport.count - countAtFill > TRAILER_BYTES) {
        throw malformedGzip("goes on after its gzip with something else");
      }
    }
  }

  /// The bytes as they come from the client.
  private static final class Transport extends FilterInputStream {

    private final ComputeSlots.Slot slot;
    private long count;
    private @Nullable IOException fault;

    Transport(InputStream in, ComputeSlots.Slot slot) {
      super(in);
      this.slot = slot;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        int n = in.available() > 0 ? in.read(into, offset, length) : wait(into, offset, length);
        count += Math.max(0, n);
        return n;
      } catch (IOException e) {
        fault = fault(e);
        throw fault;
      }
    }

    /// Tomcat calls everything but a malformed body an abort by the client, with the cause inside.
    private static IOException fault(IOException e) {
      if (e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException) {
        throw new ProblemException(
            ProblemCode.REQUEST_TIMEOUT, "the rest of the body did not arrive in time");
      }
      if (e instanceof BadRequestException && !(e instanceof ClientAbortException)) {
        throw new ProblemException(
            ProblemCode.BAD_REQUEST, "the body's chunks are malformed or too large");
      }
      return e instanceof ClientAbortException ? e : new ClientAbortException(e);
    }

    private int wait(byte[] into, int offset, int length) throws IOException {
      slot.pause();
      try {
        return in.read(into, offset, length);
      } finally {
        slot.resume();
      }
    }
  }
}
