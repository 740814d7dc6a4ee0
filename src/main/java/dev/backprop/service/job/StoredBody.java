package dev.backprop.service.job;

import dev.backprop.platform.storage.JdbcBlobs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/// A body on its way into the database, as one zlib stream (RFC 1950). Closing it gives it up,
/// unless its training was accepted.
final class StoredBody implements TrainingStore.Body {

  private static final int BUFFER = 1 << 16;

  private final JdbcBlobs.Writer blob;
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
  private final DeflaterOutputStream out;

  StoredBody(JdbcBlobs.Writer blob) {
    this.blob = blob;
    this.out = new DeflaterOutputStream(blob, deflater, BUFFER);
  }

  JdbcBlobs.Writer blob() {
    return blob;
  }

  @Override
  public InputStream of(InputStream body) {
    return new CopiedInput(body, out);
  }

  @Override
  public void finish() throws IOException {
    out.finish();
    blob.finish();
  }

  @Override
  public void close() {
    blob.close();
    deflater.end();
  }

  private static final class CopiedInput extends InputStream {

    private final InputStream body;
    private final OutputStream copy;

    CopiedInput(InputStream body, OutputStream copy) {
      this.body = body;
      this.copy = copy;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int n = body.read(into, offset, length);
      if (n > 0) {
        copy.write(into, offset, n);
      }
      return n;
    }
  }
}
