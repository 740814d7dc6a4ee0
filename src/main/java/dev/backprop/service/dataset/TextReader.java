package dev.backprop.service.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/// Decodes text and drops a byte order mark. If bytes are not of the charset, it throws an
/// exception that names their line.
public final class TextReader extends Reader {

  private static final int BUFFER = 1 << 16;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final InputStream in;
  private final CharsetDecoder decoder;
  private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).limit(0);
  private boolean started;
  private boolean ended;
  private long line = 1;
  private boolean afterReturn;

  public TextReader(InputStream in, Charset charset) {
    this.in = in;
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  @Override
  public int read(char[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    CharBuffer chars = CharBuffer.wrap(into, offset, length);
    while (true) {
      CoderResult result = decoder.decode(bytes, chars, ended);
      int decoded = chars.position() - offset;
      if (!started && decoded > 0) {
        started = true;
        if (into[offset] == BYTE_ORDER_MARK) {
          decoded--;
          System.arraycopy(into, offset + 1, into, offset, decoded);
        }
      }
      if (decoded > 0) {
        follow(into, offset, decoded);
        return decoded; // a fault that was found is reported at the next read
      }
      if (result.isError()) {
        throw DataProblems.malformed(
            line,
            "must be %s, has other bytes; the charset of the Content-Type says what it is"
                .formatted(decoder.charset().name()));
      }
      if (ended) {
        return -1;
      }
      chars = CharBuffer.wrap(into, offset, length);
      fill();
    }
  }

  private void fill() throws IOException {
    bytes.compact();
    int n = in.read(bytes.array(), bytes.position(), bytes.remaining());
    ended = n < 0;
    bytes.position(bytes.position() + Math.max(0, n));
    bytes.flip();
  }

  /// The line of the next character, counted from 1.
  long line() {
    return line;
  }

  private void follow(char[] chars, int offset, int length) {
    char before = afterReturn ? '\r' : 0;
    long ends = 0;
    for (int i = offset; i < offset + length; i++) {
      char c = chars[i];
      if (c == '\r' || (c == '\n' && before != '\r')) {
        ends++;
      }
      before = c;
    }
    line += ends;
    afterReturn = before == '\r';
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
